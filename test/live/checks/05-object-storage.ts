import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Live, LiveCheck } from "../context";
import { demoNamespace } from "../demo";
import { expect, type Check } from "../report";
import { secondsSince, until, untilTrue } from "../wait";

/** What Loki and Tempo answer to the same questions, by question. */
type Answers = Readonly<Record<string, string>>;

/** Lines of this time before the flush are compared. */
const WINDOW_MINUTES = 30;
/** Seconds for a flush of everything that is in memory. */
const FLUSH_LIMIT = 120;
/** Seconds until Tempo has made blocks of what it holds, written them to S3 and found them there. */
const BLOCKS_LIMIT = 300;

export const objectStorage: LiveCheck = {
  id: 5,
  what: "logs and traces outlive the disks of their servers",
  smoke: false,
  async run(live) {
    const check = live.report.check(this.id);
    if (live.environment.storage.kind !== "in-cluster") {
      return check.skip("answers from S3 alone", "the suite reads the S3 server inside the cluster only");
    }
    const end = Date.now();
    // Lines up to `end` may still be under way.
    await pause(15_000);
    const before = await answers(live, end);
    await check.step("flush of Loki", () => flushLoki(live));
    await check.step("Tempo's traces in its blocks in S3", () => flushTempo(live));
    await check.step("the layout in S3", () => layout(live));
    const emptied = await check.step("their pods and volumes are deleted", async () => {
      const replaced = await Promise.all(["loki", "tempo"].map((name) => replaceDisk(live, name)));
      const seconds = await live.ready(240);
      return `${replaced.join(", ")}; all Ready again ${seconds.toFixed(0)} s later`;
    });
    if (emptied) await compare(check, live, end, before);
  },
};

/** The answers to fixed questions about a fixed time: they must not depend on where the data lies. */
async function answers(live: Live, end: number): Promise<Answers> {
  const found: Record<string, string> = {};
  for (const selector of [...live.namespaces, demoNamespace].map((name) => `{k8s_namespace_name="${name}"}`)) {
    const all = await live.loki.query(selector, end - WINDOW_MINUTES * 60_000);
    const lines = all.filter(({ time }) => BigInt(time) <= BigInt(end) * 1_000_000n);
    found[selector] = summary(
      lines.map(({ time, line, labels }) => `${time} ${JSON.stringify(labels)} ${line}`),
      "lines",
    );
  }
  for (const traceId of askedFor(live)) {
    const spans = (await live.tempo.byId(traceId)) ?? [];
    found[`trace ${traceId}`] = summary(
      spans.map((span) => JSON.stringify(span)),
      "spans",
    );
  }
  expect(
    Object.values(found).some((answer) => !answer.startsWith("0 ")),
    "there is nothing to ask for",
  );
  return found;
}

/** Ids of the traces that earlier checks sent. */
const askedFor = ({ found: { order, traceIds } }: Live): string[] => [
  ...(order === undefined ? [] : [order.traceId]),
  ...Object.values(traceIds),
];

function summary(items: readonly string[], unit: string): string {
  const digest = createHash("sha256")
    .update([...items].sort().join("\n"))
    .digest("hex")
    .slice(0, 12);
  return `${items.length} ${unit}, sha256 ${digest}`;
}

async function flushLoki(live: Live): Promise<string> {
  const { service } = live.loki;
  const status = await service.status("POST", "/flush");
  expect(status === 204 || status === 200, `Loki's /flush answered ${status}`);
  await untilTrue("empty flush queue of Loki", FLUSH_LIMIT, async () => {
    const waiting = await service.metric("loki_ingester_flush_queue_length");
    return waiting === 0 || `${waiting} wait`;
  });
  return `${status}, its queue is empty`;
}

/** Waits until every trace that is asked for later is whole in the blocks that lie in S3. */
async function flushTempo(live: Live): Promise<string> {
  // Tempo 3 has no such request: it makes a block of what it holds as soon as that is old enough.
  if (live.environment.tempo.majorVersion === "2") {
    const status = await live.tempo.service.status("GET", "/flush");
    expect(status === 204 || status === 200, `Tempo's /flush answered ${status}`);
  }
  const begin = Date.now();
  const traceIds = askedFor(live);
  await untilTrue("all of them in blocks", BLOCKS_LIMIT, async () => {
    for (const traceId of traceIds) {
      const [all, stored] = [await live.tempo.byId(traceId), await live.tempo.byId(traceId, "blocks")];
      const [has, of] = [stored?.length ?? 0, all?.length ?? 0];
      if (has < of) return `${has} of ${of} spans of ${traceId}`;
    }
    return true;
  });
  return `${traceIds.length} traces, ${secondsSince(begin).toFixed(0)} s later`;
}

async function layout(live: Live): Promise<string> {
  const store = await live.objectStore();
  const lines: string[] = [];
  for (const bucket of [live.plan.storage.buckets.logs, live.plan.storage.buckets.traces]) {
    const objects = await until(`object in ${bucket}`, 60, async () => {
      const all = await store.list(bucket);
      return all.length > 0 ? all : undefined;
    });
    const kinds = new Map<string, number>();
    for (const { key } of objects) kinds.set(pattern(key), (kinds.get(pattern(key)) ?? 0) + 1);
    const bytes = objects.reduce((sum, { size }) => sum + size, 0);
    lines.push(`${bucket}: ${objects.length} objects, ${(bytes / 2 ** 20).toFixed(1)} MiB`);
    lines.push(...[...kinds].sort().map(([kind, count]) => `  ${count} × ${kind}`));
  }
  return lines.join("\n");
}

/** A key with what differs from object to object left out. */
function pattern(key: string): string {
  return key
    .split("/")
    .map((part) =>
      part
        .replace(/^[0-9a-f]+:[0-9a-f]+:[0-9a-f]+$/, "<from>:<through>:<checksum>")
        .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/, "<uuid>")
        .replace(/^[0-9a-f]{8,16}$/, "<fingerprint>")
        .replace(/-[0-9a-f]{8}(?=\.)/, "-<checksum>")
        .replace(/\d{5,}/g, "<n>"),
    )
    .join("/");
}

/** Ends a StatefulSet's pods, deletes their claims, and starts it again on new volumes. @returns what it did */
async function replaceDisk(live: Live, name: string): Promise<string> {
  const { cluster } = live;
  const [namespace] = live.namespaces;
  const claims = `/api/v1/namespaces/${namespace}/persistentvolumeclaims`;
  const scale = `/apis/apps/v1/namespaces/${namespace}/statefulsets/${name}/scale`;
  const { spec } = await cluster.get<{ spec: { replicas: number } }>(scale);
  const selector = `app.kubernetes.io/name=${name},app.kubernetes.io/component=server`;
  const names = Array.from({ length: spec.replicas }, (_, index) => `data-${name}-${index}`);
  const begin = Date.now();
  await cluster.patch(scale, { spec: { replicas: 0 } });
  await untilTrue(`end of ${name}'s pods`, 320, async () => (await cluster.pods(namespace, selector)).length === 0);
  const seconds = secondsSince(begin);
  for (const claim of names) {
    expect(await cluster.delete(`${claims}/${claim}`), `there is no claim ${claim}`);
    await untilTrue(`end of ${claim}`, 60, async () => (await cluster.find(`${claims}/${claim}`)) === undefined);
  }
  await cluster.patch(scale, { spec: { replicas: spec.replicas } });
  return `${name} ended in ${seconds.toFixed(0)} s, new: ${names.join(", ")}`;
}

async function compare(check: Check, live: Live, end: number, before: Answers): Promise<void> {
  await check.step("the same answers as before, from S3", async () => {
    await untilTrue(
      "the same answers",
      120,
      async () => {
        const after = await answers(live, end);
        const different = Object.keys(before).filter((question) => before[question] !== after[question]);
        const shown = different.map((question) => `${question}: ${before[question]} before, ${after[question]} now`);
        return different.length === 0 || shown.join("; ");
      },
      5,
    );
    return Object.entries(before)
      .map(([question, answer]) => `${question}: ${answer}`)
      .join("\n");
  });
}
