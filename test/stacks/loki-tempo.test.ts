import { configOf, dev, local, objectsOf, planOf, podsOf, prod, withoutDashboards, type Tree } from "./support";

const logs = { stages: ["logs"] };
const traces = { stages: ["traces"] };
const loki = (environment = local(logs)) => configOf(environment, "loki", "loki.yaml");
const tempo = (environment = local(traces)) => configOf(environment, "tempo", "tempo.yaml");
const at = (tree: Tree, path: string): unknown =>
  path.split(".").reduce<unknown>((inner, key) => (inner as Tree | undefined)?.[key], tree);

describe("Loki", () => {
  test("keeps logs as long as the environment says, and deletes them itself", () => {
    const config = loki(local({ ...logs, retention: { logs: "10d" } }));
    expect(at(config, "limits_config.retention_period")).toBe("240h");
    expect(at(config, "compactor.retention_enabled")).toBe(true);
    expect(at(config, "compactor.delete_request_store")).toBe("s3");
  });

  test("a query spans 721 h at most, and never more than is kept", () => {
    expect(at(loki(prod(logs)), "limits_config.max_query_length")).toBe("721h");
    expect(at(loki(), "limits_config.max_query_length")).toBe("168h");
  });

  test("a stream with a retention of its own has it, and no query reaches behind the longest", () => {
    const streams = [{ selector: '{level="audit"}', priority: 2, keep: "30d" }];
    const config = loki(local({ ...logs, retention: { logs: { streams } } }));
    expect(at(config, "limits_config.retention_stream")).toEqual([
      { selector: '{level="audit"}', priority: 2, period: "720h" },
    ]);
    expect(at(config, "limits_config.retention_period")).toBe("168h");
    expect(at(config, "limits_config.max_query_lookback")).toBe("720h");
    expect(loki()).not.toHaveProperty("limits_config.retention_stream");
  });

  test("its alerts lead to Grafana; without it a link would have no host at all", () => {
    const ruler = (environment: Parameters<typeof podsOf>[0]) => at(loki(environment), "ruler");
    expect(ruler(dev({ domain: "example.com" }))).toMatchObject({
      external_url: "https://grafana.example.com",
      datasource_uid: "loki",
    });
    expect(ruler(local(logs))).not.toHaveProperty("external_url");
  });

  test("its ruler's counts go where metrics are kept, to each store that holds everything, and nowhere else", () => {
    const urls = (environment: Parameters<typeof podsOf>[0]) =>
      at(loki(environment), "ruler.remote_write.clients") as Record<string, { url: string }> | undefined;
    expect(urls(local())).toEqual({
      victoriametrics: { url: "http://victoriametrics.observability.svc:8428/api/v1/write" },
    });
    expect(urls(dev())).toEqual({ vmagent: { url: "http://vmagent.observability.svc:8429/api/v1/write" } });
    const pair = local({ systems: { victoriametrics: { replicas: 2 } } });
    expect(Object.values(urls(pair) ?? {}).map(({ url }) => new URL(url).hostname.split(".")[0])).toEqual([
      "victoriametrics-0",
      "victoriametrics-1",
    ]);
    expect(urls(local(logs))).toBeUndefined();
    const rules = (environment: Parameters<typeof podsOf>[0]) =>
      Object.keys(planOf(environment).systems.find(({ name }) => name === "loki")?.config ?? {});
    expect(rules(local({ stages: ["metrics", "logs"] }))).toEqual(["loki.yaml", "rules/log-counts.yaml"]);
    expect(rules(local(logs))).toEqual(["loki.yaml"]);
  });

  test("its ruler tells every Alertmanager, and says of which cluster", () => {
    expect(at(loki(prod()), "ruler.alertmanager_url")).toBe(
      [0, 1].map((n) => `http://alertmanager-${n}.alertmanager-headless.observability.svc:9093`).join(","),
    );
    expect(at(loki(prod()), "ruler.external_labels")).toEqual({ cluster: "prod" });
    expect(loki()).not.toHaveProperty("ruler.alertmanager_url");
  });

  test("of several rulers one evaluates each group: else each count would be there several times", () => {
    expect(at(loki(dev()), "ruler.enable_sharding")).toBe(true);
    expect(at(loki(), "ruler")).not.toHaveProperty("enable_sharding");
  });

  test("the network lets the counts through, from whatever part the ruler is", () => {
    const to = (environment: Parameters<typeof podsOf>[0], component: string) =>
      planOf(environment)
        .flows.filter(({ from }) => typeof from === "object" && "system" in from && from.system === "loki")
        .filter(({ from }) => typeof from === "object" && "component" in from && from.component === component)
        .filter(({ why }) => why.startsWith("counts of lines"))
        .map(({ to: end, port }) => [typeof end === "object" && "system" in end ? end.system : end, port]);
    expect(to(local(), "server")).toEqual([["victoriametrics", 8428]]);
    expect(to(dev({ systems: { loki: { mode: "distributed" } } }), "ruler")).toEqual([["vmagent", 8429]]);
  });

  test("alone it has a ring of its own, together they gossip", () => {
    expect(at(loki(), "common.ring.kvstore.store")).toBe("inmemory");
    expect(loki()).not.toHaveProperty("memberlist");
    expect(at(loki(dev(logs)), "common.ring.kvstore.store")).toBe("memberlist");
    expect(at(loki(dev(logs)), "common.replication_factor")).toBe(3);
  });

  test("speaks TLS to AWS and plain HTTP only inside the cluster", () => {
    const s3 = "storage_config.object_store.s3";
    expect(at(loki(), s3)).toMatchObject({ insecure: true, endpoint: "versitygw.observability.svc:7070" });
    expect(at(loki(dev(logs)), s3)).toMatchObject({ endpoint: "s3.us-west-2.amazonaws.com" });
    expect(at(loki(dev(logs)), s3)).not.toHaveProperty("insecure");
  });

  test("has no static keys on AWS", () => {
    const env = (environment: Parameters<typeof podsOf>[0]) =>
      podsOf(environment, "loki")["loki"]?.containers[0]?.env ?? [];
    expect(env(local(logs)).map(({ name }) => name)).toEqual(expect.arrayContaining(["AWS_ACCESS_KEY_ID"]));
    expect(env(dev(logs)).map(({ name }) => name)).not.toContain("AWS_ACCESS_KEY_ID");
  });

  test("a changed limit changes Loki's files and what names them, and nothing of another system", () => {
    const objects = (ingestionRateMb: number) =>
      objectsOf(planOf(local({ ...withoutDashboards, loki: { ingestionRateMb } }))).map((object) =>
        JSON.stringify(object),
      );
    const [before, after] = [objects(16), objects(32)];
    const changed = after.filter((text) => !before.includes(text)).map((text) => JSON.parse(text) as Tree);
    expect(
      changed.map(
        ({ kind, metadata }) => `${String(kind)} ${String(metadata?.["name"]).replace(/[0-9a-f]{10}$/, "…")}`,
      ),
    ).toEqual(["ConfigMap loki-config-…", "StatefulSet loki"]);
    expect(after).toHaveLength(before.length);
  });
});

describe("Tempo", () => {
  test("takes twice the stated load before it refuses spans", () => {
    const rate = (environment: Parameters<typeof podsOf>[0]) =>
      at(tempo(environment), "overrides.defaults.ingestion.rate_limit_bytes");
    expect(rate(local(traces))).toBe(30_000_000);
    expect(rate(prod({ ...traces, load: { spans: "100k spans/s" } }))).toBe(90_000_000);
  });

  const two = { ...traces, tempo: { majorVersion: "2" } };
  const highlyAvailable = { ...two, systems: { tempo: { replicas: 3 } } };

  test.each([
    ["3", "backend_worker.compaction.block_retention"],
    ["3", "backend_scheduler.provider.compaction.compaction.block_retention"],
    ["2", "compactor.compaction.block_retention"],
    ["2", "overrides.defaults.compaction.block_retention"],
    ["3", "overrides.defaults.compaction.block_retention"],
  ])("majorVersion %s keeps traces as long as the environment says: %s", (majorVersion, path) =>
    expect(at(tempo(local({ ...traces, tempo: { majorVersion }, retention: { traces: "3d" } })), path)).toBe("72h"),
  );

  test("each majorVersion has only sections that its line knows", () => {
    expect(tempo()).not.toHaveProperty("ingester");
    expect(tempo()).not.toHaveProperty("compactor");
    expect(tempo(local(two))).not.toHaveProperty("backend_worker");
    expect(tempo(local(two))).not.toHaveProperty("backend_scheduler");
  });

  test("both major versions come from the same decisions", () => {
    const [three, alsoTwo] = [tempo(prod(traces)), tempo(prod(two))];
    for (const path of ["storage", "overrides", "server", "distributor.receivers", "metrics_generator.storage"]) {
      expect([path, at(three, path)]).toEqual([path, at(alsoTwo, path)]);
    }
  });

  test("each majorVersion runs its own line", () => {
    const image = (environment: Parameters<typeof podsOf>[0]) =>
      podsOf(environment, "tempo")["tempo"]?.containers[0]?.image;
    expect(image(local(traces))).toMatch(/:3\./);
    expect(image(local(two))).toMatch(/:2\./);
  });

  test("replicas of majorVersion 2 keep each trace three times and find each other", () => {
    const config = tempo(prod(highlyAvailable));
    expect(at(config, "ingester.lifecycler.ring.replication_factor")).toBe(3);
    expect(at(config, "memberlist.join_members")).toEqual(["tempo-headless.observability.svc:7946"]);
    expect(podsOf(prod(highlyAvailable), "tempo")["tempo"]?.containers[0]?.args).toContain(
      "-target=scalable-single-binary",
    );
  });

  test("every replica of Prometheus gets the span metrics, with exemplars", () => {
    const [remote] = [at(tempo(prod({ stages: ["metrics", "traces"] })), "metrics_generator.storage.remote_write")];
    expect(remote).toEqual([
      { url: "http://prometheus-0.prometheus-headless.observability.svc:9090/api/v1/write", send_exemplars: true },
      { url: "http://prometheus-1.prometheus-headless.observability.svc:9090/api/v1/write", send_exemplars: true },
    ]);
  });
});
