import { execFile } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import type net from "node:net";
import path from "node:path";
import type { routing } from "../../alerts";
import { alertmanagerConfig } from "../../stacks/alertmanager/config";
import { describeWith } from "../support/programs";
import { startAlertmanager, type RunningAlertmanager } from "./support/alertmanager";
import { example } from "./support/environments";
import { temporaryFolder, yamlOf } from "./support/promtool";
import { until } from "./support/until";

jest.setTimeout(180_000);

const root = path.join(__dirname, "../..");
const told: { receiver: string; names: string[] }[] = [];
let server: RunningAlertmanager;
let hook: http.Server | undefined;

const portOf = (of: net.Server) => (of.address() as net.AddressInfo).port;

/** As it is deployed, but every receiver is a web hook of this test, and nobody waits for a group to fill. */
function configOf(hookPort: number): object {
  const config = alertmanagerConfig(example) as ReturnType<typeof routing>;
  const quick = (route: (typeof config)["route"]): object => ({
    ...route,
    group_wait: "100ms",
    group_interval: "1s",
    routes: (route.routes ?? []).map(quick),
  });
  const { receivers } = config as unknown as { receivers: { name: string }[] };
  return {
    ...config,
    tracing: undefined,
    route: quick(config.route),
    // Neither holds, whatever the hour of the test.
    time_intervals: [
      { name: "office", time_intervals: [{ years: ["2020"] }] },
      { name: "new-year", time_intervals: [{ years: ["2020"] }] },
    ],
    receivers: receivers.map(({ name }) => ({
      name,
      webhook_configs: [{ url: `http://127.0.0.1:${hookPort}/${encodeURIComponent(name)}`, send_resolved: false }],
    })),
  };
}

type Labels = Readonly<Record<string, string>>;
interface Seen {
  readonly labels: Labels;
  readonly status: { readonly state: string; readonly inhibitedBy: string[]; readonly silencedBy: string[] };
}
const cluster = { cluster: "example", team: "platform" };

async function post(...alerts: Labels[]): Promise<void> {
  const answer = await fetch(`${server.url}/api/v2/alerts`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(alerts.map((labels) => ({ labels: { ...cluster, ...labels } }))),
  });
  expect(answer.status).toBe(200);
}

/** The state of an alert that nothing holds back. */
const heard = expect.stringMatching(/^(active|unprocessed)$/) as string;

/** State of each alert that is there: `active` or `suppressed`. */
async function states(...names: string[]): Promise<Record<string, string>> {
  const all = (await (await fetch(`${server.url}/api/v2/alerts`)).json()) as Seen[];
  const shown = ({ labels }: Seen) => `${labels["alertname"]}${labels["escalation"] ? ` ${labels["escalation"]}` : ""}`;
  return Object.fromEntries(
    all
      .filter(({ labels }) => names.includes(labels["alertname"] ?? ""))
      .map((each) => [shown(each), each.status.state]),
  );
}

/** States of the alerts of a name and severity. */
async function statesOf(name: string, severity: string): Promise<string[]> {
  const all = (await (await fetch(`${server.url}/api/v2/alerts`)).json()) as Seen[];
  return all
    .filter(({ labels }) => labels["alertname"] === name && labels["severity"] === severity)
    .map(({ status }) => status.state);
}

/** Runs the command as a person does. */
function silence(...args: string[]): Promise<{ code: number; said: string }> {
  return new Promise((resolve) => {
    const run = [path.join(root, "tools/silence.ts"), "--url", server.url, ...args];
    execFile(path.join(root, "node_modules/.bin/tsx"), run, { cwd: root, timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, said: `${stdout}${stderr}`.trim() });
    });
  });
}

/** Alerts are posted as Prometheus posts them. */
describeWith("alertmanager", "the routing of the example on a real Alertmanager", (binary) => {
  beforeAll(async () => {
    hook = http
      .createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on("data", (chunk: Buffer) => chunks.push(chunk));
        request.on("end", () => {
          const { alerts } = JSON.parse(Buffer.concat(chunks).toString()) as {
            alerts: { labels: { alertname: string } }[];
          };
          told.push({
            receiver: decodeURIComponent(request.url ?? "").slice(1),
            names: alerts.map(({ labels }) => labels.alertname),
          });
          response.end();
        });
      })
      .listen(0, "127.0.0.1");
    await until("the web hook listens", 20, () => (hook?.listening === true ? true : undefined));
    const folder = temporaryFolder();
    const file = path.join(folder, "alertmanager.yml");
    fs.writeFileSync(file, yamlOf(configOf(portOf(hook))));
    server = await startAlertmanager(binary, file, folder);
  });
  afterAll(() => {
    hook?.closeAllConnections();
    hook?.close();
    server.stop();
  });

  test("a node that is down silences its pods and targets, and not those of another node", async () => {
    await post(
      { alertname: "KubeNodeNotReady", node: "a", severity: "warning" },
      { alertname: "KubePodNotReady", namespace: "shop", pod: "cart-0", node: "a", severity: "warning" },
      { alertname: "KubePodNotReady", namespace: "shop", pod: "cart-1", node: "b", severity: "warning" },
      { alertname: "KubeNodePressure", node: "a", severity: "warning", condition: "DiskPressure" },
      { alertname: "KubeNodePressure", node: "b", severity: "warning", condition: "DiskPressure", cluster: "other" },
      { alertname: "HostDiskHigh", instance: "b", severity: "warning" },
    );
    const all = (await (await fetch(`${server.url}/api/v2/alerts`)).json()) as Seen[];
    const state = (name: string, of = "example", pod?: string) =>
      all.find(
        ({ labels }) =>
          labels["alertname"] === name && labels["cluster"] === of && (pod === undefined || labels["pod"] === pod),
      )?.status.state;
    expect(state("KubeNodeNotReady")).toEqual(heard);
    expect(state("KubePodNotReady", "example", "cart-0")).toBe("suppressed");
    expect(state("KubePodNotReady", "example", "cart-1")).toEqual(heard);
    expect(state("KubeNodePressure")).toBe("suppressed");
    expect(state("KubeNodePressure", "other")).toEqual(heard);
    expect(state("HostDiskHigh")).toEqual(heard);
  });

  test("S3 that is down silences Loki's flushes, and nothing that has another reason", async () => {
    const namespace = "observability";
    await post(
      { alertname: "ObjectStoreDown", namespace, severity: "critical" },
      { alertname: "LokiFlushFails", namespace, severity: "critical" },
      { alertname: "LokiPanics", namespace, severity: "warning" },
    );
    expect(await states("ObjectStoreDown", "LokiFlushFails", "LokiPanics")).toEqual({
      ObjectStoreDown: heard,
      LokiFlushFails: "suppressed",
      LokiPanics: heard,
    });
  });

  test("a warning doesn't silence a critical alert that it often comes with", async () => {
    const service_name = "till";
    await post(
      { alertname: "ServiceLatencyBudget", severity: "warning", service_name, slo: "service-latency" },
      { alertname: "ServiceSlow", severity: "critical", service_name },
    );
    expect(await states("ServiceLatencyBudget", "ServiceSlow")).toEqual({
      ServiceLatencyBudget: heard,
      ServiceSlow: heard,
    });
  });

  test("levels of one alert on different things are different problems", async () => {
    await post(
      { alertname: "KubeApiSlow", severity: "warning", verb: "LIST" },
      { alertname: "KubeApiSlow", severity: "info", verb: "LIST" },
    );
    expect(await statesOf("KubeApiSlow", "info")).toEqual(["suppressed"]);
    await post({ alertname: "KubeApiSlow", severity: "info", verb: "GET" });
    expect((await statesOf("KubeApiSlow", "info")).sort()).toEqual([heard, "suppressed"]);
  });

  test("failed requests of a service are one page, not two", async () => {
    const service_name = "cart";
    await post(
      { alertname: "ServiceAvailabilityBudget", severity: "critical", service_name, slo: "service-availability" },
      { alertname: "ServiceErrorsHigh", severity: "warning", service_name },
      { alertname: "ServiceTrafficGone", severity: "warning", service_name },
    );
    expect(await states("ServiceAvailabilityBudget", "ServiceErrorsHigh", "ServiceTrafficGone")).toEqual({
      ServiceAvailabilityBudget: heard,
      ServiceErrorsHigh: "suppressed",
      ServiceTrafficGone: heard,
    });
  });

  test("critical alerts are sent at all times, warnings not outside of working hours, escalations to their level", async () => {
    await post(
      { alertname: "PrometheusIngestsNothing", severity: "critical" },
      { alertname: "PrometheusIngestsNothing", severity: "critical", escalation: "L2" },
      { alertname: "PrometheusQueriesWait", severity: "warning" },
      { alertname: "Watchdog", severity: "none", evaluator: "prometheus" },
      { alertname: "Watchdog", severity: "none", evaluator: "loki" },
    );
    const receivers = (name: string) => [
      ...new Set(told.filter(({ names }) => names.includes(name)).map(({ receiver }) => receiver)),
    ];
    await until("three are told", 20, () =>
      receivers("PrometheusIngestsNothing").length === 3 && receivers("Watchdog").length === 2 ? true : undefined,
    );
    expect(receivers("PrometheusIngestsNothing").sort()).toEqual(["level-2", "pager", "phone"]);
    expect(receivers("Watchdog").sort()).toEqual(["deadman", "deadman-logs"]);
    // Longer than a group waits: it would have come.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(receivers("PrometheusQueriesWait")).toEqual([]);
  });

  test("one silence stops an alert and its escalation; the same silence again is the same; it can be ended", async () => {
    const labels = { alertname: "LokiLinesDiscarded", severity: "warning", namespace: "observability" };
    await post(labels, { ...labels, escalation: "L2" });
    const add = ["--matchers", 'alertname="LokiLinesDiscarded", namespace="observability"', "--duration", "2h"];
    const why = ["--comment", "limits are being raised", "--author", "jane"];
    const added = await silence(...add, ...why);
    const id = /^added: (\S+) /.exec(added.said)?.[1] ?? added.said;
    expect(added).toEqual({
      code: 0,
      said: `added: ${id} alertname="LokiLinesDiscarded", namespace="observability" for 2h`,
    });
    expect(await states("LokiLinesDiscarded")).toEqual({
      LokiLinesDiscarded: "suppressed",
      "LokiLinesDiscarded L2": "suppressed",
    });
    expect((await silence(...add, ...why)).said).toMatch(new RegExp(`^unchanged: ${id} .* for (2h|119m)$`));
    expect((await silence()).said).toContain("limits are being raised");
    expect(await silence("--matchers", 'alertname="LokiLinesDiscraded"', "--comment", "x")).toEqual({
      code: 1,
      said: [
        "the command line has 2 faults; nothing was silenced:",
        "  --matchers = LokiLinesDiscraded",
        "    no alert has this name",
        '    fix: did you mean "LokiLinesDiscarded"?',
        "  --duration",
        "    has no end: the alert would be off for good, and nobody would see it",
        '    fix: duration: 2h, or ends: "…"',
      ].join("\n"),
    });
    expect((await silence("--expire", id.slice(0, 13))).said).toMatch(new RegExp(`^expired: ${id} `));
    expect((await silence()).said).toBe("nothing is silenced");
    expect(await states("LokiLinesDiscarded")).toEqual({ LokiLinesDiscarded: heard, "LokiLinesDiscarded L2": heard });
  });
});
