// Forwards Kubernetes events to the Collector's gateway as OTLP logs: lists what there is, then watches. An event is
// sent again after a restart; Loki keeps one of two equal lines with equal times, so nothing is doubled or missed.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

const { KUBERNETES_API, OTLP_LOGS, CLUSTER, TOKEN_FILE } = process.env;
const api = `${KUBERNETES_API}/api/v1/events`;
const retryMilliseconds = 2000;
let lastContact = Date.now();

const sleep = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
const report = (message, fields = {}) =>
  console.log(JSON.stringify({ timestamp: new Date().toISOString(), message, ...fields }));
const text = (key, value) =>
  value === undefined || value === "" ? [] : [{ key, value: { stringValue: String(value) } }];

/** An event as an OTLP log record: its time, its message, and what people filter by as attributes. */
function logRecord(event) {
  const { involvedObject: object = {}, metadata } = event;
  const time = event.eventTime ?? event.series?.lastObservedTime ?? event.lastTimestamp ?? metadata.creationTimestamp;
  const warning = event.type === "Warning";
  return {
    timeUnixNano: `${BigInt(Date.parse(time)) * 1_000_000n}`,
    severityNumber: warning ? 13 : 9,
    severityText: warning ? "WARN" : "INFO",
    body: { stringValue: event.message ?? "" },
    attributes: [
      ...text("k8s.event.reason", event.reason),
      ...text("k8s.event.name", metadata.name),
      ...text("k8s.event.count", event.count ?? event.series?.count),
      ...text("k8s.object.kind", object.kind),
      ...text("k8s.object.name", object.name),
      ...text("k8s.object.fieldpath", object.fieldPath),
      ...text("k8s.event.source", event.source?.component ?? event.reportingComponent),
      ...(object.kind === "Pod" ? text("k8s.pod.name", object.name) : []),
    ],
  };
}

async function forward(events) {
  const byNamespace = new Map();
  for (const event of events) {
    const namespace = event.involvedObject?.namespace ?? "";
    byNamespace.set(namespace, [...(byNamespace.get(namespace) ?? []), event]);
  }
  const resourceLogs = [...byNamespace].map(([namespace, group]) => ({
    resource: {
      attributes: [
        ...text("service.name", "kubernetes-events"),
        ...text("cluster", CLUSTER),
        ...text("k8s.namespace.name", namespace),
      ],
    },
    scopeLogs: [{ scope: { name: "kubernetes-events" }, logRecords: group.map(logRecord) }],
  }));
  if (resourceLogs.length === 0) return;
  for (;;) {
    try {
      const answer = await fetch(OTLP_LOGS, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ resourceLogs }),
        signal: AbortSignal.timeout(10_000),
      });
      if (answer.ok) return;
      report("gateway refused", { status: answer.status });
      // A bad request stays bad: leave it rather than hold up all later ones.
      if (answer.status === 400) return;
    } catch (error) {
      report("gateway not reached", { error: String(error.cause ?? error) });
    }
    await sleep(retryMilliseconds);
  }
}

async function ask(query) {
  const headers = { authorization: `Bearer ${readFileSync(TOKEN_FILE, "utf8").trim()}` };
  const answer = await fetch(`${api}?${query}`, { headers, signal: AbortSignal.timeout(300_000) });
  if (!answer.ok) throw new Error(`the API server answered ${answer.status}`);
  lastContact = Date.now();
  return answer;
}

async function list() {
  let page = "";
  for (;;) {
    const answer = await (await ask(`limit=500${page}`)).json();
    await forward(answer.items);
    if (!answer.metadata.continue) return answer.metadata.resourceVersion;
    page = `&continue=${encodeURIComponent(answer.metadata.continue)}`;
  }
}

/** Watches until the server ends the watch, about every four minutes; gives the version to go on from. */
async function watch(version) {
  const answer = await ask(`watch=true&allowWatchBookmarks=true&timeoutSeconds=240&resourceVersion=${version}`);
  let rest = "";
  for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
    lastContact = Date.now();
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    const changes = lines.filter(Boolean).map((line) => JSON.parse(line));
    const expired = changes.find(({ type }) => type === "ERROR");
    if (expired) throw new Error(`the watch ended: ${expired.object.message}`);
    await forward(changes.filter(({ type }) => type === "ADDED" || type === "MODIFIED").map(({ object }) => object));
    version = changes.at(-1)?.object.metadata.resourceVersion ?? version;
  }
  return version;
}

// Alive as long as the API server was heard of in the last ten minutes.
createServer((_request, response) => {
  response.statusCode = Date.now() - lastContact < 600_000 ? 200 : 503;
  response.end();
}).listen(Number(process.env.PORT ?? 8080));
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => process.exit(0));

for (;;) {
  try {
    let version = await list();
    for (;;) version = await watch(version);
  } catch (error) {
    report("watching again", { error: String(error.cause ?? error) });
    await sleep(retryMilliseconds);
  }
}
