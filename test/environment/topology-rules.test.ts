import { dev, local, prod, refusal, refused, type Values } from "./support";

/** The one fault that an environment has. */
function only(work: () => unknown): string {
  expect(refused(work).faults).toHaveLength(1);
  return refusal(work).split("\n").slice(1).join("\n");
}

const distributed = (rest: Values = {}) => ({ mode: "distributed", ...rest });
const database = { host: "db.example.com:5432", name: "grafana", user: "grafana", passwordSecret: "db" };
const kafka = { address: "kafka.kafka.svc:9092", topic: "spans" };

describe("replicas that lose data, or never start", () => {
  test.each<[string, Values, string]>([
    [
      "Tempo 3 in one piece is not highly available",
      { systems: { tempo: { replicas: 3 } } },
      `  observability:systems.tempo.replicas = 3
    Tempo 3 in one piece can't have more than one replica
    fix: tempo.majorVersion: "2" (2.10 is highly available without Kafka), 1 replica, or mode distributed with Kafka`,
    ],
    [
      "two whole Tempos stop at the loss of one",
      { tempo: { majorVersion: "2" }, systems: { tempo: { replicas: 2 } } },
      `  observability:systems.tempo.replicas = 2
    of two replicas both must answer: the loss of one stops all writes
    fix: 3, or 1`,
    ],
    [
      "a distributed Tempo 3 without Kafka has nowhere to write",
      { systems: { tempo: distributed() } },
      `  observability:tempo.kafka
    is missing: the parts of a distributed Tempo 3 meet in Kafka, which this stack does not deploy
    fix: tempo.kafka: {address: "kafka.kafka.svc:9092", topic: tempo-spans}, or tempo.majorVersion: "2" (2.10 needs none)`,
    ],
    [
      "two ingesters of Tempo stop at the loss of one",
      { tempo: { majorVersion: "2" }, systems: { tempo: distributed({ components: { ingester: { replicas: 2 } } }) } },
      `  observability:systems.tempo.components.ingester.replicas = 2
    a distributed Tempo keeps each span on three ingesters
    fix: at least 3`,
    ],
    [
      "an odd live store has no twin in the other zone",
      { tempo: { kafka }, systems: { tempo: distributed({ components: { "live-store": { replicas: 3 } } }) } },
      `  observability:systems.tempo.components.live-store.replicas = 3
    live stores are spread over two zones, and each span is read in both
    fix: an even number: twice as many as share the load`,
    ],
    [
      "two backend schedulers give out the same work",
      { tempo: { kafka }, systems: { tempo: distributed({ components: { "backend-scheduler": { replicas: 2 } } }) } },
      `  observability:systems.tempo.components.backend-scheduler.replicas = 2
    two schedulers would give out the same work twice
    fix: 1`,
    ],
    [
      "Loki keeps every line as often as it says",
      { systems: { loki: { replicas: 2 } } },
      `  observability:systems.loki.replicas = 2
    fewer replicas than loki.replicationFactor (3) can't keep every line 3 times
    fix: at least 3`,
    ],
    [
      "so do the ingesters of a distributed Loki",
      { systems: { loki: distributed({ components: { ingester: { replicas: 2 } } }) } },
      `  observability:systems.loki.components.ingester.replicas = 2
    fewer replicas than loki.replicationFactor (3) can't keep every line 3 times
    fix: at least 3`,
    ],
    [
      "two zones can't hold three copies apart",
      { zones: ["a", "b"], systems: { loki: distributed() } },
      `  observability:zones = a, b
    fewer zones than loki.replicationFactor (3): two copies of a line would share one
    fix: 3 zones or more, or none: best effort`,
    ],
    [
      "two storage nodes for two copies stop writes at the loss of one",
      { systems: { victoriametrics: { mode: "cluster", components: { vmstorage: { replicas: 2 } } } } },
      `  observability:systems.victoriametrics.components.vmstorage.replicas = 2
    2 copies want at least 3 storage nodes: with fewer, the loss of one stops writes or hides samples
    fix: at least 3, or a smaller replicationFactor`,
    ],
    [
      "Grafana shares a database first",
      { systems: { grafana: { replicas: 2 } } },
      `  observability:systems.grafana.replicas = 2
    replicas share their users and sessions only through a database
    fix: grafana.database: {host: "db.example.com:5432", name: grafana, user: grafana, passwordSecret: …}, or 1 replica`,
    ],
    [
      "the database's password is there",
      { grafana: { database } },
      `  observability:grafana.database.passwordSecret = db
    no secret has this name
    fix: pulumi config set --secret --path observability:secrets.db <value>`,
    ],
    [
      "fewest gateways are no more than most",
      { systems: { collector: { autoscaling: { minReplicas: 5, maxReplicas: 3 } } } },
      `  observability:systems.collector.autoscaling.minReplicas = 5
    more than maxReplicas (3)
    fix: at most 3`,
    ],
    [
      "shards without the store that has all of them show parts",
      { systems: { prometheus: { shards: 2 }, victoriametrics: { enabled: false } } },
      `  observability:systems.prometheus.shards = 2
    each shard knows a part of the targets, and no VictoriaMetrics has them all: rules and panels would see a part
    fix: 1, or switch victoriametrics on`,
    ],
    [
      "shards without vmalert, which evaluates what looks across them",
      { systems: { prometheus: { shards: 2 }, vmalert: { enabled: false } } },
      `  observability:systems.vmalert.enabled = false
    with 2 shards vmalert evaluates every rule that looks at several targets
    fix: true, or 1 shard`,
    ],
    [
      "shards with a vmalert that has not our rules",
      { systems: { prometheus: { shards: 2 }, vmalert: { existingUrl: "http://vmalert.other.svc:8880" } } },
      `  observability:systems.vmalert.existingUrl = http://vmalert.other.svc:8880
    with 2 shards vmalert evaluates every rule that looks at several targets, and one that exists has not the rules of this stack
    fix: take it away, or 1 shard`,
    ],
  ])("%s", (_what, values, message) => expect(only(() => prod(values))).toBe(message));

  test("Loki keeps lines more than once outside local", () =>
    expect(only(() => dev({ loki: { replicationFactor: 1 } }))).toBe(
      "  observability:loki.replicationFactor = 1\n    a lost pod would lose accepted lines\n    fix: 3 (1 only in local)",
    ));

  test("a part that does not exist is an error with the nearest one", () =>
    expect(refusal(() => local({ systems: { loki: { components: { ingestor: { replicas: 3 } } } } }))).toContain(
      'did you mean "ingester"?',
    ));
});

test("what holds is taken", () => {
  const { systems, grafana } = prod({
    tempo: { majorVersion: "2" },
    zones: ["a", "b", "c"],
    secrets: ["db"],
    grafana: { database },
    systems: {
      prometheus: { shards: 2 },
      victoriametrics: { mode: "cluster" },
      loki: distributed({ components: { ingester: { replicas: 6 } } }),
      tempo: distributed(),
      grafana: { replicas: 2 },
      collector: { autoscaling: { minReplicas: 2, maxReplicas: 6 } },
    },
  });
  expect(systems.loki.components.ingester.replicas).toBe(6);
  // What was not said stays the default of this part.
  expect(systems.loki.components.ingester.resources.requests.memory.toString()).toBe("4Gi");
  expect(grafana.database?.ssl).toBe("require");
});
