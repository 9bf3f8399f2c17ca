import { setTimeout as pause } from "node:timers/promises";
import type { MajorVersion } from "../../../signals";
import { endSeconds } from "../../../stacks/tempo/config";
import type { Live, LiveCheck } from "../context";
import { expect } from "../report";
import { MetricsCluster } from "../topologies/cluster";
import { LokiReplicas } from "../topologies/loki";
import { LokiParts } from "../topologies/loki-parts";
import { Processes } from "../topologies/process";
import { MetricsPair, startStorage } from "../topologies/servers";
import { TempoParts } from "../topologies/tempo";
import { TempoAlone } from "../topologies/tempo-alone";
import { secondsSince } from "../wait";

/** Replicas lost and taken away, on processes of this machine: a small node has no room for so many servers. */
export const topologies: LiveCheck = {
  id: 21,
  what: "nothing accepted is lost with a replica",
  smoke: false,
  async run(live: Live) {
    const check = live.report.check(this.id);
    if (!live.hermetic) return check.skip(this.what, "needs the kit's servers on this machine");
    const processes = new Processes();
    try {
      await check.step("two VictoriaMetrics behind vmauth", () => metricsPair(new MetricsPair(processes)));
      await check.step("VictoriaMetrics' cluster, each sample on two of three storage nodes", () =>
        metricsCluster(new MetricsCluster(processes)),
      );
      if (!(await check.step("the S3 server that they share", () => startStorage(processes)))) return;
      await check.step("three Loki, each line on three", () => lokiReplicas(new LokiReplicas(processes)));
      await check.step("Loki with its parts apart, each line in three zones", () =>
        lokiParts(new LokiParts(processes)),
      );
      await check.step("Tempo 2 with its parts apart, each span on three ingesters", () =>
        tempoParts(new TempoParts(processes)),
      );
      for (const majorVersion of ["3", "2"] as const) {
        await check.step(
          `Tempo ${majorVersion} in one piece, killed while it takes spans, away for an hour, and ended while asked`,
          async () => {
            const tempo = new TempoAlone(processes, majorVersion);
            // Both lines have one gRPC address.
            return tempoAlone(tempo, inMemory[majorVersion]).finally(() => tempo.kill());
          },
        );
      }
    } finally {
      await processes.clear();
    }
  },
};

async function metricsPair(pair: MetricsPair): Promise<string> {
  await Promise.all([pair.start(0), pair.start(1)]);
  await pair.startFront();
  await pair.startWriter();
  const begin = Math.ceil(Date.now() / 1000) + 3;
  await pair.wait(10);
  await pair.end(0, "SIGKILL");
  const lost = Date.now();
  await pair.wait(10);
  const during = Math.floor(Date.now() / 1000) - 3;
  const seen = await pair.complete(begin, during, "vmauth");
  await pair.start(0);
  await pair.complete(Math.ceil(lost / 1000) + 1, during, "nodes");
  const gap = await pair.gap(begin, during);
  // VictoriaMetrics writes to disk every five seconds: a killed node lacks what it had in memory, the other has it.
  expect(gap <= 7, `the node that came back lacks ${gap} samples of a second each`);
  const status = await pair.writeStatus();
  expect(status === 400 || status === 403 || status === 404, `vmauth takes a write: ${status}`);
  return `${seen} of ${seen} samples read with one of two away, the node that came back got what was sent meanwhile within ${secondsSince(lost).toFixed(0)} s and lacks ${gap} s from before; vmauth answers a write with ${status}`;
}

async function metricsCluster(cluster: MetricsCluster): Promise<string> {
  await Promise.all([0, 1, 2].map((index) => cluster.startStorage(index)));
  await cluster.startFront(3);
  await cluster.startDoor();
  cluster.beginWriting();
  try {
    await cluster.written(50);
    await cluster.endStorage(0, "SIGKILL");
    await cluster.written(50);
    const without = await cluster.complete();
    // Of one sample both copies may be away now, and the answer has to say so. What is written now has one copy only.
    await cluster.endWriting();
    await cluster.endStorage(1, "SIGTERM");
    expect(await cluster.isPartial(), "an answer without two of three storage nodes passes for whole");
    await Promise.all([0, 1].map((index) => cluster.startStorage(index)));
    cluster.beginWriting();
    await cluster.written(50);
    const back = await cluster.complete();
    await cluster.startStorage(3);
    await cluster.startFront(4);
    await cluster.written(50);
    const more = await cluster.complete();
    const rows = await cluster.rows(3);
    expect(rows > 0, "the fourth storage node has taken nothing");
    // Not one of the others: the first lacks what it had in memory when it was killed, which a second one has.
    await cluster.endStorage(3, "SIGKILL");
    await cluster.written(50);
    const all = await cluster.complete();
    return `${without} of ${without} samples read with one of three killed, ${back} with it back, ${more} with a fourth that took ${rows} rows, ${all} with that one killed; without two of three the answer says that it is partial`;
  } finally {
    await cluster.endWriting();
  }
}

async function lokiReplicas(loki: LokiReplicas): Promise<string> {
  await Promise.all([0, 1, 2].map((index) => loki.start(index)));
  let sent = await loki.send(0, "whole", 2000);
  await loki.end(2, "SIGKILL");
  await loki.holds(0, sent);
  sent += await loki.send(1, "without-one", 2000);
  await loki.holds(1, sent);
  await loki.start(2);
  await loki.holds(2, sent);
  await loki.start(3);
  sent += await loki.send(3, "with-a-fourth", 2000);
  // The fourth and one of the first three go, as Kubernetes takes replicas away.
  await loki.end(3, "SIGTERM");
  await loki.holds(0, sent);
  return `${sent} lines accepted and counted: with one of three killed, back from its write-ahead log, with a fourth, and without it again`;
}

/** Milliseconds: a ring's heartbeats are missed after a minute. */
const RING_NOTICES = 75_000;

async function lokiParts(loki: LokiParts): Promise<string> {
  await Promise.all([loki.startCache("chunks-cache"), loki.startCache("results-cache")]);
  const ingesters = ["ingester-a-0", "ingester-b-0", "ingester-c-0"] as const;
  const gateways = ["index-gateway-0", "index-gateway-1"] as const;
  const schedulers = ["query-scheduler-0", "query-scheduler-1"] as const;
  const readers = ["querier", "query-frontend", ...schedulers, ...gateways] as const;
  // All at once: a frontend is not ready before it knows a scheduler.
  const others = ["distributor", "pattern-ingester", "compactor", "ruler"] as const;
  await Promise.all([...ingesters, ...readers, ...others].map((part) => loki.start(part)));
  let sent = await loki.send("whole", 2000);
  await loki.holds(sent);
  await loki.end("ingester-c-0", "SIGKILL");
  sent += await loki.send("without a zone", 2000);
  await loki.holds(sent);
  await loki.start("ingester-c-0");
  await loki.start("ingester-a-1");
  sent += await loki.send("with a fourth", 2000);
  await loki.holds(sent);
  await loki.end("ingester-a-1", "SIGTERM");
  await loki.holds(sent);
  const chunks = await loki.figure("chunks-cache", "cmd_set");
  expect(chunks > 0, "the ingester that went has left no chunk in the cache");
  await loki.askOld();
  await loki.askOld();
  const hits = await loki.figure("results-cache", "get_hits");
  expect(hits > 0, "an answer that was kept is not used");
  // What is between who asks and who has it goes too, one by one, and comes back.
  await loki.endCache("chunks-cache");
  await loki.endCache("results-cache");
  await loki.holds(sent);
  const away = ["query-scheduler-0", "index-gateway-0"] as const;
  await Promise.all(away.map((part) => loki.end(part, "SIGKILL")));
  await loki.holds(sent);
  // Until now the rings take them for alive. Gateways that are found by a ring fail only when it knows that one is gone.
  await pause(RING_NOTICES);
  sent += await loki.send("long without one", 2000);
  await loki.holds(sent);
  await Promise.all(away.map((part) => loki.start(part)));
  await loki.holds(sent);
  return `${sent} lines accepted and counted: with one of three zones killed, back from its log, with a fourth ingester, and without it again; ${chunks} chunks went into a cache and ${hits} answers came from one; without both caches, and with one of two schedulers and one of two index gateways away for longer than a minute, none is missing`;
}

async function tempoParts(tempo: TempoParts): Promise<string> {
  // All at once: a frontend is not ready before a querier works for it.
  const ingesters = ["ingester-0", "ingester-1", "ingester-2"] as const;
  const parts = [...ingesters, "distributor", "querier", "query-frontend", "compactor"] as const;
  await Promise.all(parts.map((part) => tempo.start(part)));
  const sent = await tempo.send("whole", 100);
  await tempo.holds(sent);
  await tempo.end("ingester-2", "SIGKILL");
  sent.push(...(await tempo.send("without one", 100)));
  await tempo.holds(sent);
  await tempo.start("ingester-2");
  await tempo.holds(sent);
  await tempo.start("ingester-3");
  sent.push(...(await tempo.send("with a fourth", 100)));
  await tempo.holds(sent);
  await tempo.end("ingester-3", "SIGTERM");
  await tempo.holds(sent);
  return `${sent.length} traces accepted and answered by id: with one of three ingesters killed, back from its write-ahead log, with a fourth, and without it again`;
}

/**
 * Spans less than so many seconds old when Tempo is killed may be in its memory only: how long a trace may rest or go on,
 * a tick as long as that, and two seconds that a busy machine adds: by 2.10.8 3.37 s were seen beside a stack that ran, and
 * less than two alone.
 */
const inMemory: Readonly<Record<MajorVersion, number>> = { "3": 3, "2": 4 };
/** It reads the age of its log at its start; `complete_block_timeout` is two hours. */
const AWAY = 3600;

/** @param youngest seconds: what is older when Tempo is killed has to be found again */
async function tempoAlone(tempo: TempoAlone, youngest: number): Promise<string> {
  await tempo.start();
  const first = tempo.sending();
  await pause(15_000);
  const killed = Date.now();
  await tempo.kill();
  await first.stop();
  const logs = tempo.age(AWAY);
  expect(logs > 0, "there is no log of what came last");
  await tempo.start();
  const lost = await tempo.missing(first.taken);
  const oldest = Math.max(0, ...lost.map(({ at }) => (killed - at) / 1000));
  expect(
    oldest <= youngest,
    `${lost.length} of ${first.taken.length} are lost, one of them ${oldest.toFixed(2)} s old`,
  );

  const second = tempo.sending();
  await pause(5_000);
  // Asked a moment ago: it ends by force then, as Kubernetes does it.
  await tempo.missing(second.taken.slice(0, 1));
  const seconds = await tempo.endIn(endSeconds);
  await second.stop();
  await tempo.start();
  const gone = await tempo.missing(second.taken);
  expect(gone.length === 0, `${gone.length} of ${second.taken.length} are lost with an orderly end`);
  return `killed: ${lost.length} of ${first.taken.length} acknowledged spans lost, none older than ${oldest.toFixed(2)} s, with a log that was ${AWAY / 3600} h old at the start; ended in ${seconds.toFixed(0)} s: ${gone.length} of ${second.taken.length} lost`;
}
