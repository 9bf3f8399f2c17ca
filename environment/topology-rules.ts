import type { Fault } from "./faults";
import type { Rule } from "./rule";

/** What must hold of replicas, copies and modes: what a server would not start with, or would lose data with. */

const fault = (key: string, value: string | number, reason: string, fix: string): Fault => ({
  key: `observability:${key}`,
  value: String(value),
  reason,
  fix,
});

const tempoModes: Rule = ({ tempo, systems }) => {
  const { mode, replicas, components } = systems.tempo;
  if (mode === "single") {
    const at = (reason: string, fix: string) => [fault("systems.tempo.replicas", replicas, reason, fix)];
    if (tempo.dialect === "3" && replicas > 1) {
      const fix =
        'tempo.dialect: "2" (2.10 is highly available without Kafka), 1 replica, or mode distributed with Kafka';
      return at("Tempo 3 in one piece can't have more than one replica", fix);
    }
    // Spans are kept as often as there are replicas, three times at most, and a majority has to take them.
    return replicas === 2 ? at("of two replicas both must answer: the loss of one stops all writes", "3, or 1") : [];
  }
  const faults: Fault[] = [];
  if (tempo.dialect === "3" && tempo.kafka === undefined) {
    faults.push({
      key: "observability:tempo.kafka",
      reason: "is missing: the parts of a distributed Tempo 3 meet in Kafka, which this stack does not deploy",
      fix: 'tempo.kafka: {address: "kafka.kafka.svc:9092", topic: tempo-spans}, or tempo.dialect: "2" (2.10 needs none)',
    });
  }
  if (tempo.dialect === "2" && components.ingester.replicas < 3) {
    const reason = "a distributed Tempo keeps each span on three ingesters";
    faults.push(
      fault("systems.tempo.components.ingester.replicas", components.ingester.replicas, reason, "at least 3"),
    );
  }
  if (tempo.dialect === "3" && components["live-store"].replicas % 2 !== 0) {
    const reason = "live stores are spread over two zones, and each span is read in both";
    const fix = "an even number: twice as many as share the load";
    faults.push(fault("systems.tempo.components.live-store.replicas", components["live-store"].replicas, reason, fix));
  }
  const { replicas: schedulers } = components["backend-scheduler"];
  if (tempo.dialect === "3" && schedulers > 1) {
    const reason = "two schedulers would give out the same work twice";
    faults.push(fault("systems.tempo.components.backend-scheduler.replicas", schedulers, reason, "1"));
  }
  return faults;
};

const lokiQuorum: Rule = ({ loki, systems, profile, zones }) => {
  const faults: Fault[] = [];
  const factor = loki.replicationFactor;
  const { mode, replicas, components } = systems.loki;
  const distributed = mode === "distributed";
  const keepers = distributed ? components.ingester.replicas : replicas;
  if (keepers < factor) {
    const key = distributed ? "systems.loki.components.ingester.replicas" : "systems.loki.replicas";
    const reason = `fewer replicas than loki.replicationFactor (${factor}) can't keep every line ${factor} times`;
    faults.push(fault(key, keepers, reason, `at least ${factor}`));
  }
  if (factor < 3 && profile !== "local") {
    faults.push(fault("loki.replicationFactor", factor, "a lost pod would lose accepted lines", "3 (1 only in local)"));
  }
  if (distributed && zones.length > 0 && zones.length < factor) {
    const reason = `fewer zones than loki.replicationFactor (${factor}): two copies of a line would share one`;
    faults.push(fault("zones", zones.join(", "), reason, `${factor} zones or more, or none: best effort`));
  }
  if (distributed && components.compactor.replicas > 1) {
    const { replicas: count } = components.compactor;
    const reason = "one compactor works at a time, a second would only wait";
    faults.push(fault("systems.loki.components.compactor.replicas", count, reason, "1"));
  }
  return faults;
};

const distinctZones: Rule = ({ zones }) =>
  zones.flatMap((zone, index) =>
    zones.indexOf(zone) === index ? [] : [fault(`zones[${index}]`, zone, "stands here twice", "take one away")],
  );

const victoriametricsCopies: Rule = ({ systems }) => {
  const { mode, replicas, replicationFactor, components } = systems.victoriametrics;
  if (mode === "single") {
    if (replicas <= 3) return [];
    const reason = "each single node holds every sample: more than three only cost";
    return [fault("systems.victoriametrics.replicas", replicas, reason, "2, or mode: cluster")];
  }
  const nodes = components.vmstorage.replicas;
  const wanted = 2 * replicationFactor - 1;
  if (nodes >= wanted) return [];
  const reason = `${replicationFactor} copies want at least ${wanted} storage nodes: with fewer, the loss of one stops writes or hides samples`;
  const key = "systems.victoriametrics.components.vmstorage.replicas";
  return [fault(key, nodes, reason, `at least ${wanted}, or a smaller replicationFactor`)];
};

/** Systems whose replicas know nothing of each other, and what to do instead. */
const singles = {
  "kube-state-metrics": "each replica would report every object once more",
  versitygw: "one volume has one server; use storage.kind aws",
  phoenix: "its queue and its cache are one process each; systems.phoenix.load.plansPerSecond gives it more to do",
} as const;

const singleReplica: Rule = ({ systems, grafana }) => {
  const faults = Object.entries(singles).flatMap(([name, why]) => {
    const { replicas } = systems[name as keyof typeof singles];
    return replicas > 1 ? [fault(`systems.${name}.replicas`, replicas, why, "1")] : [];
  });
  const { replicas } = systems.grafana;
  if (replicas > 1 && grafana.database === undefined) {
    const reason = "replicas share their users and sessions only through a database";
    const fix =
      'grafana.database: {host: "db.example.com:5432", name: grafana, user: grafana, passwordSecret: …}, or 1 replica';
    faults.push(fault("systems.grafana.replicas", replicas, reason, fix));
  }
  return faults;
};

const gatewayBounds: Rule = ({ systems }) => {
  const { autoscaling } = systems.collector;
  if (autoscaling === undefined || autoscaling.minReplicas <= autoscaling.maxReplicas) return [];
  const reason = `more than maxReplicas (${autoscaling.maxReplicas})`;
  const fix = `at most ${autoscaling.maxReplicas}`;
  return [fault("systems.collector.autoscaling.minReplicas", autoscaling.minReplicas, reason, fix)];
};

/** Shards see a part of the targets each: who looks at all of them needs the store that has all. */
const shardsNeedAStore: Rule = ({ systems, stages }) => {
  const { prometheus, victoriametrics } = systems;
  const stored = victoriametrics.existingUrl !== undefined || (victoriametrics.enabled && stages.includes("metrics"));
  if (prometheus.shards === 1 || !prometheus.enabled || stored) return [];
  const reason =
    "each shard knows a part of the targets, and no VictoriaMetrics has them all: rules and panels would see a part";
  return [fault("systems.prometheus.shards", prometheus.shards, reason, "1, or switch victoriametrics on")];
};

/** What looks across shards is evaluated by our vmalert: switched off, or elsewhere, nobody would. */
const shardsNeedVmalert: Rule = ({ systems }) => {
  const { prometheus, vmalert } = systems;
  if (prometheus.shards === 1 || !prometheus.enabled || prometheus.existingUrl !== undefined) return [];
  const reason = `with ${prometheus.shards} shards vmalert evaluates every rule that looks at several targets`;
  if (vmalert.existingUrl !== undefined) {
    const why = `${reason}, and one that exists has not the rules of this stack`;
    return [fault("systems.vmalert.existingUrl", vmalert.existingUrl, why, "take it away, or 1 shard")];
  }
  return vmalert.enabled ? [] : [fault("systems.vmalert.enabled", "false", reason, "true, or 1 shard")];
};

export const topologyRules: readonly Rule[] = [
  tempoModes,
  lokiQuorum,
  distinctZones,
  victoriametricsCopies,
  singleReplica,
  gatewayBounds,
  shardsNeedAStore,
  shardsNeedVmalert,
];
