import fc from "fast-check";
import { Bytes, Cpu, Duration, Rate, Series } from "../../environment";
import type { Profile } from "../../environment";
import { asInput, sizing, type Choice, type Load, type Pod, type SizingRequest } from "../../environment/sizing";
import { explain, explainLoad } from "../../environment/sizing/explain";
import { composition } from "../../stacks/systems";
import { dev, local, prod, refused, type Values } from "./support";

const kept = (days: number): SizingRequest["kept"] => ({
  scrapeInterval: Duration.parse("15s"),
  prometheus: Duration.parse("48h"),
  metrics: [{ name: "raw", resolution: Duration.parse("15s"), keep: Duration.seconds(days * 86_400) }],
  logs: Duration.seconds(days * 86_400),
  outage: Duration.parse("2h"),
  traces: [{ share: 0.1, keep: Duration.seconds(days * 86_400) }],
});

interface Numbers {
  readonly samples: number;
  readonly logBytes: number;
  readonly spans: number;
  readonly queryUsers: number;
  readonly activeSeries?: number;
  readonly logLines?: number;
}

const loadOf = ({ samples, logBytes, spans, queryUsers, activeSeries, logLines }: Numbers): Load => ({
  samples: Rate.of("samples", samples),
  activeSeries: Series.of(activeSeries ?? samples * 15),
  logBytes: Rate.of("bytes", logBytes),
  logLines: Rate.of("lines", logLines ?? logBytes / 500),
  spans: Rate.of("spans", spans),
  queryUsers,
});

/** Nobody chose a topology; what stands at other keys. */
const setting =
  (values: Values = {}): SizingRequest["setting"] =>
  (key) =>
    values[key];
const database = { setting: setting({ "grafana.database": {} }) };
const request = (numbers: Numbers, rest: Partial<SizingRequest> = {}): SizingRequest => ({
  profile: "prod",
  load: loadOf(numbers),
  kept: kept(30),
  written: () => undefined,
  setting: setting(),
  ...rest,
});

const values = (choices: readonly Choice[]) =>
  Object.fromEntries(
    choices
      .filter(({ value }) => value !== null)
      .map(({ key, value }) => [
        key.replace(/^systems\./, ""),
        typeof value === "object" ? printed(value ?? {}) : value,
      ]),
  );
const printed = (value: object) =>
  "requests" in value
    ? `${(value as Pod).requests.cpu} CPU, ${(value as Pod).requests.memory}–${(value as Pod).limits.memory}`
    : Object.values(value).join(" to ");

/** The three loads that the reference topologies are for: 15 s scrapes, 30 days of metrics, 48 hours in Prometheus. */
const references = {
  small: { samples: 50e3, logBytes: 1e6, spans: 1e3, queryUsers: 10 },
  medium: { samples: 300e3, logBytes: 10e6, spans: 3e3, queryUsers: 30 },
  large: { samples: 1e6, logBytes: 50e6, logLines: 100e3, spans: 10e3, queryUsers: 100 },
} as const;

describe("the reference loads", () => {
  test.each(Object.entries(references))("%s", (_name, numbers) => {
    expect(values(sizing(composition, request(numbers, database)))).toMatchSnapshot();
  });

  /**
   * The reference topologies at 15 s scrapes, 250 to 500 B a line, RF 3, figure by figure: what the servers' own sizing
   * guides give for 50k samples/s with 1 MB/s of logs, for 300k with 10 MB/s, and for 1M samples/s with 100K lines/s and
   * 10K spans/s. A range is what they leave open.
   */
  test.each<[string, readonly [small: unknown, medium: unknown, large: unknown]]>([
    ["prometheus.shards", [1, 2, 6]],
    ["prometheus.replicas", [2, 2, 2]],
    ["prometheus.resources", ["2 CPU, 6Gi", "4 CPU, 16Gi", "4 CPU, 16Gi"]],
    ["victoriametrics.mode", ["single", "single", "cluster"]],
    ["victoriametrics.replicas", [2, 2, undefined]],
    ["victoriametrics.resources", ["2 CPU, 8Gi", "8 CPU, 48Gi", undefined]],
    ["victoriametrics.replicationFactor", [undefined, undefined, 2]],
    ["victoriametrics.components.vmstorage.replicas", [undefined, undefined, 10]],
    ["victoriametrics.components.vmstorage.resources", [undefined, undefined, "4 CPU, 32Gi"]],
    ["victoriametrics.components.vminsert.replicas", [undefined, undefined, 4]],
    ["victoriametrics.components.vminsert.resources", [undefined, undefined, "4 CPU, 4Gi"]],
    ["victoriametrics.components.vmselect.replicas", [undefined, undefined, 4]],
    ["victoriametrics.components.vmselect.resources", [undefined, undefined, "8 CPU, 16Gi"]],
    ["victoriametrics.components.vmauth.replicas", [undefined, undefined, 2]],
    ["loki.mode", ["single", "distributed", "distributed"]],
    ["loki.replicas", [3, undefined, undefined]],
    ["loki.resources", ["2 CPU, 4Gi", undefined, undefined]],
    ["loki.volume", ["20Gi", undefined, undefined]],
    ["loki.replicationFactor", [3, 3, 3]],
    ["loki.components.ingester.replicas", [undefined, 3, [9, 12]]],
    ["loki.components.distributor.replicas", [undefined, 3, [4, 6]]],
    ["loki.components.querier.replicas", [undefined, [3, 6], [10, 20]]],
    ["loki.components.compactor.replicas", [undefined, 1, 1]],
    ["loki.components.compactor.resources", [undefined, "2 CPU, 10Gi", "6 CPU, 20Gi"]],
    ["loki.components.index-gateway.replicas", [undefined, 2, [4, 6]]],
    ["tempo.mode", ["single", "single", "distributed"]],
    ["tempo.resources", ["2 CPU, 8Gi", "2 CPU, 8Gi", undefined]],
    ["tempo.volume", ["50Gi", "50Gi", undefined]],
    ["tempo.majorVersion", ["3", "3", "2"]],
    ["collector.replicas", [3, 3, 6]],
    ["collector.resources", ["1 CPU, 2Gi", "2 CPU, 4Gi", "4 CPU, 8Gi"]],
    ["alertmanager.replicas", [2, 3, 3]],
    ["grafana.replicas", [2, 2, 3]],
  ])("%s is as in the reference topologies", (key, wanted) => {
    Object.values(references).forEach((numbers, index) => {
      const value = values(sizing(composition, request(numbers, database)))[key];
      const expected = wanted[index];
      if (Array.isArray(expected)) {
        expect(value).toBeGreaterThanOrEqual(expected[0] as number);
        expect(value).toBeLessThanOrEqual(expected[1] as number);
      } else expect(typeof value === "string" ? value.split("–")[0] : value).toBe(expected);
    });
  });

  /** Disks: the topologies' figures, from which rounding to steps may be a step away. Prometheus holds 48 h and a log. */
  test.each<[string, readonly (string | undefined)[]]>([
    ["prometheus.volume", ["50Gi", "100Gi", "100Gi"]],
    ["victoriametrics.volume", ["400Gi", "2500Gi", undefined]],
    ["victoriametrics.components.vmstorage.volume", [undefined, undefined, "1700Gi"]],
  ])("%s is within a quarter of the reference topologies", (key, wanted) => {
    Object.values(references).forEach((numbers, index) => {
      const value = values(sizing(composition, request(numbers)))[key];
      const expected = wanted[index];
      if (expected === undefined) return expect(value).toBeUndefined();
      const share = Bytes.parse(String(value)).bytes / Bytes.parse(expected).bytes;
      expect([key, share >= 0.75 && share <= 1.25]).toEqual([key, true]);
    });
  });

  test("Tempo 3 runs distributed once its Kafka is given", () => {
    const choices = values(sizing(composition, request(references.large, { setting: setting({ "tempo.kafka": {} }) })));
    expect(choices["tempo.majorVersion"]).toBe("3");
    expect(choices["tempo.components.block-builder.replicas"]).toBe(3);
    expect(choices["tempo.components.ingester.replicas"]).toBeUndefined();
  });
});

/** What is reserved in sum, by system and in all: every replica of every part. */
function capacity(choices: readonly Choice[]) {
  const parts = new Map<string, { replicas: number; cpu: number; memory: number; disk: number }>();
  const shards = Number(choices.find(({ key }) => key === "systems.prometheus.shards")?.value ?? 1);
  for (const { key, value, needs } of choices) {
    const match = /^systems\.(.+)\.(replicas|resources|volume)$/.exec(key);
    if (!match) continue;
    const [, name = "", what] = match;
    const part = parts.get(name) ?? { replicas: 1, cpu: 0, memory: 0, disk: 0 };
    if (what === "replicas") part.replicas = Number(value) * (name === "prometheus" ? shards : 1);
    // What is spread over more replicas is rounded up on each of them: what is in it grows.
    if (what === "volume") part.disk = needs?.bytes ?? Bytes.parse(String(value)).bytes;
    if (what === "resources") {
      part.cpu = Cpu.parse((value as Pod).requests.cpu).millis;
      part.memory = Bytes.parse((value as Pod).requests.memory).bytes;
    }
    parts.set(name, part);
  }
  const systems: Record<string, { cpu: number; memory: number; disk: number }> = {};
  for (const [name, { replicas, cpu, memory, disk }] of parts) {
    const system = name.split(".")[0] ?? name;
    const sum = (systems[system] ??= { cpu: 0, memory: 0, disk: 0 });
    sum.cpu += replicas * cpu;
    sum.memory += replicas * memory;
    sum.disk += replicas * disk;
  }
  return systems;
}

const logarithmic = (from: number, to: number) =>
  fc.double({ min: Math.log(from), max: Math.log(to), noNaN: true }).map((power) => Math.round(Math.exp(power)));
const anyLoad = fc.record({
  samples: logarithmic(100, 2e6),
  logBytes: logarithmic(1e3, 100e6),
  spans: logarithmic(10, 100e3),
  queryUsers: fc.integer({ min: 1, max: 400 }),
});
const more = fc.record({
  samples: fc.double({ min: 1, max: 4, noNaN: true }),
  logBytes: fc.double({ min: 1, max: 4, noNaN: true }),
  spans: fc.double({ min: 1, max: 4, noNaN: true }),
  queryUsers: fc.integer({ min: 0, max: 100 }),
  days: fc.integer({ min: 0, max: 400 }),
});
const anyProfile = fc.constantFrom<Profile>("local", "dev", "prod");

test("more load and longer retention never give a system less CPU, memory or disk", () => {
  fc.assert(
    fc.property(
      anyLoad,
      more,
      anyProfile,
      fc.integer({ min: 1, max: 400 }),
      fc.boolean(),
      (load, add, profile, days, kafka) => {
        const larger = {
          samples: load.samples * add.samples,
          logBytes: load.logBytes * add.logBytes,
          spans: load.spans * add.spans,
          queryUsers: load.queryUsers + add.queryUsers,
        };
        const values = {
          ...(kafka ? { "tempo.kafka": {} } : {}),
          "storage.kind": profile === "local" ? "in-cluster" : "aws",
        };
        const rest = { profile, setting: setting(values) };
        const before = capacity(sizing(composition, request(load, { ...rest, kept: kept(days) })));
        const after = capacity(sizing(composition, request(larger, { ...rest, kept: kept(days + add.days) })));
        for (const [system, { cpu, memory, disk }] of Object.entries(before)) {
          const now = after[system];
          expect({
            system,
            cpu: (now?.cpu ?? 0) >= cpu,
            memory: (now?.memory ?? 0) >= memory,
            disk: (now?.disk ?? 0) >= disk,
          }).toEqual({ system, cpu: true, memory: true, disk: true });
        }
      },
    ),
    { numRuns: 400 },
  );
});

test("every choice says why and by whose rule, and stands for one key", () => {
  fc.assert(
    fc.property(anyLoad, anyProfile, (load, profile) => {
      const choices = sizing(composition, request(load, { profile }));
      expect(new Set(choices.map(({ key }) => key)).size).toBe(choices.length);
      for (const { reason, source } of choices) expect([reason, source]).not.toContain("");
      expect(JSON.stringify(asInput(choices))).not.toMatch(/NaN|Infinity|undefined/);
    }),
  );
});

describe("a stated load in an environment", () => {
  test("decides the sizes, and what is written stands above it", () => {
    const load = { samples: "300k samples/s", logBytes: "10MB/s", spans: "3k spans/s", queryUsers: 30 };
    const { systems } = prod({ load, systems: { prometheus: { resources: { requests: { cpu: "3" } } } } });
    expect(systems.prometheus.shards).toBe(2);
    expect(systems.loki.mode).toBe("distributed");
    expect(systems.prometheus.resources.requests.cpu.toString()).toBe("3");
    expect(systems.prometheus.resources.requests.memory.toString()).toBe("16Gi");
  });

  test("agents are sized for their share of the logs, once the nodes are known", () => {
    const agent = (load: Values) => prod({ load }).systems.collector.agentResources.requests.cpu.toString();
    expect(agent({ logLines: "100k lines/s" })).toBe("100m");
    // Twice 100k ÷ 20 ÷ 10k.
    expect(agent({ logLines: "100k lines/s", nodes: 20 })).toBe("1");
    expect(agent({ logLines: "100k lines/s", nodes: 5_000 })).toBe("100m");
    expect(explainLoad(prod({ load: { nodes: 20 } }))).toContain(", 10 users, 20 nodes");
    expect(refused(() => prod({ load: { nodes: 0 } })).message).toContain("load.nodes");
  });

  test("a mode that is written is sized as such", () => {
    const { systems } = prod({ load: { logBytes: "10MB/s" }, systems: { loki: { mode: "single" } } });
    expect(systems.loki.mode).toBe("single");
    expect(systems.loki.resources.requests.memory.toString()).toBe("48Gi");
  });

  test("what it leaves open is what the profile's sizes carry", () => {
    expect(explainLoad(prod({ load: { logBytes: "2MB/s" } }))).toBe(
      "sized for 50k samples/s, 750k series, 2MB/s and 4k lines/s of logs, 1k spans/s, 10 users",
    );
    expect(explainLoad(dev())).toBe(
      "no load stated; the sizes of dev carry 12.5k samples/s, 188k series, 250kB/s and 500 lines/s of logs, 250 spans/s, 5 users",
    );
  });

  test("each number tells who chose it", () => {
    const origins = (environment: ReturnType<typeof prod>, key: string) =>
      explain(environment).find((choice) => choice.key === key)?.origin;
    const volume = "systems.victoriametrics.volume";
    expect(origins(prod(), volume)).toBe("default");
    expect(origins(prod({ systems: { victoriametrics: { volume: "2Ti" } } }), volume)).toBe("written");
    const load = { samples: "50k samples/s" };
    expect(origins(prod({ load }), volume)).toBe("load");
    expect(origins(prod({ load, systems: { victoriametrics: { volume: "2Ti" } } }), volume)).toBe("written");
  });

  test("a system that is not deployed is not explained", () =>
    expect(explain(local({ stages: ["metrics"] })).map(({ system }) => system)).not.toContain("loki"));
});

describe("a retention that the default volumes can't hold, without a stated load", () => {
  const metrics = { retention: { metrics: "90d" } };
  const at = (environment: ReturnType<typeof prod>, key: string) =>
    explain(environment).find((choice) => choice.key === `systems.${key}`);

  test("gets volumes that hold it, by the load that the profile carries", () => {
    // 1 B × 50k samples/s × (90 d + 1 month) × 1.25 × 1.2: twice the 400Gi of prod's coarsest tier.
    expect(at(prod(metrics), "victoriametrics.volume")).toMatchObject({ value: "800Gi", origin: "load" });
    expect(at(prod(), "victoriametrics.volume")).toMatchObject({ value: "400Gi", origin: "default" });
    expect(at(prod({ retention: { prometheus: "15d" } }), "prometheus.volume")?.origin).toBe("load");
    expect(at(local({ retention: { logs: "90d" } }), "versitygw.volume")?.origin).toBe("load");
  });

  test("is refused on a volume that was written", () =>
    expect(
      refused(() => prod({ ...metrics, systems: { victoriametrics: { volume: "400Gi" } } })).faults.map((each) => [
        each.key,
        each.reason.replace(/ \(.*/, ""),
        each.fix,
      ]),
    ).toEqual([
      [
        "observability:systems.victoriametrics.volume",
        "holds less than the load that the sizes of prod carry takes",
        "at least 800Gi, a shorter retention or outage, a smaller load (observability:load), or no volume here: it follows from the load",
      ],
    ]));

  test("is taken with the smaller load that it is for", () =>
    expect(() =>
      prod({ ...metrics, load: { samples: "5k samples/s" }, systems: { victoriametrics: { volume: "400Gi" } } }),
    ).not.toThrow());
});

test.each([
  ["local", local],
  ["dev", dev],
  ["prod", prod],
] as const)("the default volumes of %s hold the load that they are said to carry", (_profile, environment) => {
  const carried = explain(environment()).filter(({ key }) => key.endsWith(".volume"));
  expect(carried.length).toBeGreaterThan(4);
  // The same check that a stated load gets: it refuses a volume that can't hold its retention.
  const { systems } = asInput(carried.map(({ key, value }) => ({ key, value, reason: "", source: "" })));
  expect(() => environment({ load: {}, systems })).not.toThrow();
});

describe("several tiers of metrics", () => {
  const large = { load: { samples: "1.2M samples/s" } };

  test("and two servers of each: each store has a size of its own, the longest stands behind vmauth", () => {
    const environment = prod({ load: { samples: "300k samples/s" } });
    const { mode, replicas, stores, volume } = environment.systems.victoriametrics;
    expect([mode, replicas]).toEqual(["single", 2]);
    // 300k × (1 d, 7 d, 90 d and a month each) × 1.5, of which one in 1, 4 and 20 is kept.
    expect([stores["raw"]?.volume, stores["1m"]?.volume, volume].map(String)).toEqual(["1250Gi", "400Gi", "250Gi"]);
  });

  test("and a cluster of the longest: the others are servers, sized as such", () => {
    const { systems } = prod({
      load: { samples: "500k samples/s" },
      systems: { victoriametrics: { mode: "cluster" } },
    });
    const { stores, components } = systems.victoriametrics;
    expect(String(stores["raw"]?.volume)).toBe("2000Gi");
    // The cluster holds the tier of 5 min alone.
    expect(components.vmstorage.volume?.bytes ?? Infinity).toBeLessThan((stores["raw"]?.volume?.bytes ?? 0) / 5);
  });

  test("that one server can't take are refused, since only the longest can be a cluster", () => {
    expect(refused(() => prod(large)).faults.map(({ key, value, fix }) => [key, value, fix])).toEqual([
      ["observability:retention.metrics", "raw", 'one tier, for example "90d"'],
      ["observability:retention.metrics", "1m", 'one tier, for example "90d"'],
    ]);
    expect(prod({ ...large, retention: { metrics: "90d" } }).systems.victoriametrics.mode).toBe("cluster");
  });
});

describe("loads that can't be", () => {
  const faults = (values: Values) =>
    refused(() => prod(values)).faults.map(({ key, value, reason, fix }) => [key, value, reason, fix]);

  test("without units", () =>
    expect(
      faults({ load: { samples: 50_000, activeSeries: 750_000, logBytes: "1MB", logLines: "4k", spans: "1k/s" } }),
    ).toEqual([
      ["observability:load.samples", "50000", "is not a rate of samples", 'write for example "50k samples/s"'],
      ["observability:load.activeSeries", "750000", "is not a number of series", 'write for example "750k series"'],
      ["observability:load.logBytes", '"1MB"', "is not a rate of bytes", 'write for example "1MB/s", "80GB/d"'],
      ["observability:load.logLines", '"4k"', "is not a rate of lines", 'write for example "4k lines/s"'],
      ["observability:load.spans", '"1k/s"', "is not a rate of spans", 'write for example "1k spans/s"'],
    ]));

  test("with another unit", () =>
    expect(faults({ load: { samples: "50k spans/s", spans: "0 spans/s" } })).toEqual([
      ["observability:load.samples", '"50k spans/s"', "is not a rate of samples", 'write for example "50k samples/s"'],
      ["observability:load.spans", '"0 spans/s"', "must be more than zero", 'write for example "1k spans/s"'],
    ]));

  test("on a volume that can't hold it", () =>
    expect(faults({ load: { samples: "50k samples/s" }, systems: { victoriametrics: { volume: "10Gi" } } })).toEqual([
      [
        "observability:systems.victoriametrics.volume",
        "10Gi",
        expect.stringMatching(/^holds less than the load takes \(\d+ GiB\): 1 B × 50k samples\/s × /),
        expect.stringMatching(/^at least \d+Gi, a shorter retention/),
      ],
    ]));

  test("in one Tempo 3, without Kafka", () => {
    const load = { spans: "80k spans/s" };
    expect(faults({ load, tempo: { majorVersion: "3" } })).toEqual([
      [
        "observability:tempo.kafka",
        undefined,
        "is missing: 80k spans/s are 36 MB/s, more than the 25 MB/s that one process of Tempo 3 takes, and several need Kafka",
        'tempo.kafka: {address: "kafka.kafka.svc:9092", topic: tempo-spans}, or tempo.majorVersion: "2"',
      ],
    ]);
    expect(prod({ load }).tempo.majorVersion).toBe("2");
    const kafka = { address: "kafka.kafka.svc:9092", topic: "tempo" };
    expect(prod({ load, tempo: { majorVersion: "3", kafka } }).systems.tempo.mode).toBe("distributed");
  });
});

describe("an outage", () => {
  test("is refused on a disk that can't hold it, with the disk and what it takes", () => {
    expect(
      refused(() => prod({ outage: "24h", systems: { collector: { volume: "20Gi" } } })).faults.map(({ key, fix }) => ({
        key,
        fix,
      })),
    ).toEqual([
      {
        key: "observability:systems.collector.volume",
        fix: "at least 150Gi, a shorter retention or outage, a smaller load (observability:load), or no volume here: it follows from the load",
      },
    ]);
    const { collector, vmagent } = prod({ outage: "24h" }).systems;
    expect(collector.volume?.toString()).toBe("150Gi");
    // 50k samples/s to each of three tiers, 5 B each, in a volume that is nine tenths full.
    expect(vmagent.volume?.bytes).toBeGreaterThan((50_000 * 3 * 5 * 86_400) / 0.9);
  });

  test("is refused where Prometheus itself would lose samples, and taken where vmagent keeps them", () => {
    const { faults } = refused(() => local({ outage: "3h" }));
    expect(faults.map(({ key, value }) => [key, value])).toEqual([["observability:outage", "3h"]]);
    const tiers = { metrics: [{ keep: "24h" }, { resolution: "1m", keep: "7d" }] };
    expect(local({ outage: "3h", retention: tiers, systems: { vmagent: { enabled: true } } }).outage.toString()).toBe(
      "3h",
    );
  });
});
