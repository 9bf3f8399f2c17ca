import { configOf, dev, local, planOf, prod, type Tree } from "./support";

interface Config {
  receivers: Record<string, Tree>;
  processors: Record<string, Tree>;
  exporters: Record<
    string,
    { sending_queue?: Record<string, unknown>; retry_on_failure?: object } & Record<string, unknown>
  >;
  extensions: Record<string, object>;
  service: {
    extensions: string[];
    pipelines: Record<string, { receivers: string[]; processors: string[]; exporters: string[] }>;
  };
}

const stages = ["metrics", "logs", "traces"];
const role = (environment: Parameters<typeof configOf>[0], name: string) =>
  configOf<Config>(environment, "collector", `${name}.yaml`);
const [small, large] = [local({ stages }), prod({ stages })];
const roles: [string, Config][] = [
  ["agent of local", role(small, "agent")],
  ["gateway of local", role(small, "gateway")],
  ["agent of prod", role(large, "agent")],
  ["gateway of prod", role(large, "gateway")],
  ["sampler of prod", role(large, "sampler")],
];

describe.each(roles)("the %s", (_name, config) => {
  const pipelines = Object.entries(config.service.pipelines);

  test("refuses data before memory runs out, first of all", () => {
    expect(pipelines.length).toBeGreaterThan(0);
    for (const [, { processors }] of pipelines) expect(processors[0]).toBe("memory_limiter");
    expect(config.processors["memory_limiter"]).toMatchObject({ check_interval: "1s", limit_percentage: 75 });
  });

  test("holds nothing in memory that it has accepted: no batch processor, a queue on disk at every exit", () => {
    expect(Object.keys(config.processors).filter((name) => /^batch(\/|$)/.test(name))).toEqual([]);
    for (const [, { sending_queue, retry_on_failure }] of Object.entries(config.exporters)) {
      expect(sending_queue).toMatchObject({ storage: "file_storage", batch: expect.any(Object) as object });
      // Tried until it is taken: an exporter that gives up loses what was accepted.
      expect(retry_on_failure).toMatchObject({ max_elapsed_time: "0s" });
    }
    expect(config.service.extensions).toContain("file_storage");
  });

  test("uses everything that it declares, and declares everything that it uses", () => {
    for (const part of ["receivers", "processors", "exporters"] as const) {
      const used = new Set(pipelines.flatMap(([, pipeline]) => pipeline[part]));
      expect([...used].sort()).toEqual(Object.keys(config[part]).sort());
    }
    expect([...config.service.extensions].sort()).toEqual(Object.keys(config.extensions).sort());
  });
});

describe("cluster", () => {
  test.each(["agent", "gateway"])("stands on every signal that the %s sends to a server", (name) => {
    const { service, processors, exporters } = role(large, name);
    const servers = Object.keys(exporters).filter((exporter) => /loki|prometheus|load_balancing|tempo/.test(exporter));
    for (const [, pipeline] of Object.entries(service.pipelines)) {
      if (!pipeline.exporters.some((exporter) => servers.includes(exporter))) continue;
      expect(pipeline.processors).toContain("resource");
    }
    expect(processors["resource"]).toMatchObject({
      attributes: expect.arrayContaining([{ key: "cluster", value: "prod", action: "upsert" }]) as object,
    });
  });
});

describe("sampling", () => {
  const samples = (environment: Parameters<typeof configOf>[0]) =>
    "sampler.yaml" in (planOf(environment).systems.find(({ name }) => name === "collector")?.config ?? {});

  test("there is no sampler where every trace is kept", () => {
    expect(samples(small)).toBe(false);
    expect(role(small, "gateway").service.pipelines["traces"]?.exporters).toEqual(["otlp_grpc/tempo"]);
  });

  test("each trace goes whole to one sampler where some are kept", () => {
    const { service, exporters } = role(large, "gateway");
    expect(service.pipelines["traces"]?.exporters).toEqual(["otlp_grpc/tempo", "load_balancing"]);
    expect(exporters["load_balancing"]).toMatchObject({
      routing_key: "traceID",
      resolver: { dns: { hostname: "collector-sampler-headless.observability.svc", port: "4317" } },
    });
  });

  test("what can't reach its sampler stays in the queue on disk: none in memory takes it from there", () => {
    const { protocol } = role(large, "gateway").exporters["load_balancing"] as { protocol: object };
    expect(protocol).toMatchObject({
      otlp: { sending_queue: { enabled: false }, retry_on_failure: { enabled: false } },
    });
  });

  test("as many traces wait for their decision as come in thrice its ten seconds", () => {
    const held = (environment: Parameters<typeof configOf>[0]) =>
      role(environment, "sampler").processors["tail_sampling"]?.["num_traces"];
    expect(held(large)).toBe(100_000);
    const loaded = prod({ stages, load: { spans: "100k spans/s" }, tempo: { majorVersion: "2" } });
    expect(held(loaded)).toBeGreaterThanOrEqual((100_000 / loaded.systems.collector.replicas) * 30);
  });

  test("errors and slow traces are always kept, of the rest a share of those that took long enough", () => {
    const policies = role(large, "sampler").processors["tail_sampling"]?.["policies"];
    expect(policies).toEqual([
      { name: "errors", type: "status_code", status_code: { status_codes: ["ERROR"] } },
      { name: "slow", type: "latency", latency: { threshold_ms: 5000 } },
      {
        name: "rest",
        type: "and",
        and: {
          and_sub_policy: [
            { name: "long-enough", type: "latency", latency: { threshold_ms: 10 } },
            { name: "share", type: "probabilistic", probabilistic: { sampling_percentage: 10 } },
            { name: "at-most", type: "rate_limiting", rate_limiting: { spans_per_second: 1000 } },
          ],
        },
      },
    ]);
  });

  test("a stated load raises what a sampler keeps: the limit is against what nobody planned", () => {
    const kept = (environment: Parameters<typeof configOf>[0]) => environment.sampling.keptPerSecond.toString();
    expect(kept(prod({ load: { spans: "10k spans/s" } }))).toBe("1k spans/s");
    expect(kept(prod({ load: { spans: "60k spans/s" } }))).not.toBe("1k spans/s");
    const written = prod({ load: { spans: "60k spans/s" }, sampling: { keptPerSecond: "500 spans/s" } });
    expect(JSON.stringify(role(written, "sampler").processors["tail_sampling"])).toContain('"spans_per_second":500');
  });

  test("every span is held to its attributes, and those that pages read stay", () => {
    const limited = local({ stages, sampling: { limits: { attributes: 40 } } });
    const { processors, service } = role(limited, "gateway");
    expect(service.pipelines["traces"]?.processors).toContain("transform/span-limits");
    const [ofSpans, ofEvents] = processors["transform/span-limits"]?.["trace_statements"] as unknown as string[];
    expect(ofSpans).toMatch(/^limit\(span\.attributes, 40, \[.*"correlation_id".*\]\)$/);
    expect(ofEvents).toBe("limit(spanevent.attributes, 40, [])");
  });

  test("a minimum duration alone samples too", () => expect(samples(dev({ stages }))).toBe(true));

  test("nothing is sampled without anything that keeps traces", () =>
    expect(samples(prod({ stages: ["metrics", "logs"] }))).toBe(false));
});

describe("the agent", () => {
  test("reads the logs of pods from where it stopped, and waits instead of dropping", () => {
    const { receivers, exporters } = role(large, "agent");
    expect(receivers["file_log"]).toMatchObject({ storage: "file_storage", include: ["/var/log/pods/*/*/*.log"] });
    expect(exporters["otlp_http/loki"]?.sending_queue).toMatchObject({ block_on_overflow: true });
  });

  test("does not read its own logs: a failed export would make more of them", () =>
    expect(role(large, "agent").receivers["file_log"]?.["exclude"]).toEqual([
      "/var/log/pods/observability*_collector-agent-*/*/*.log",
    ]));

  test("reads no logs without anything that keeps them", () =>
    expect(role(local({ stages: ["metrics"] }), "agent").receivers).not.toHaveProperty("file_log"));
});

describe("the gateway", () => {
  test("each replica of Prometheus gets every sample", () => {
    const { exporters } = role(large, "gateway");
    expect(Object.values(exporters).map(({ endpoint }) => endpoint)).toEqual(
      expect.arrayContaining([
        "http://prometheus-0.prometheus-headless.observability.svc:9090/api/v1/otlp",
        "http://prometheus-1.prometheus-headless.observability.svc:9090/api/v1/otlp",
      ]),
    );
  });

  test("writes logs to the tenant", () => {
    const exporters = role(local({ stages, tenant: "shop" }), "gateway").exporters;
    expect(exporters["otlp_http/loki"]?.["headers"]).toEqual({ "X-Scope-OrgID": "shop" });
  });

  test("takes in what applications send: OTLP, StatsD, Fluentd", () =>
    expect(Object.keys(role(small, "gateway").receivers)).toEqual(["otlp", "statsd", "fluent_forward"]));
});
