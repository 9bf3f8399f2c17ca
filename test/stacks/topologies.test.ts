import type { StatefulSet } from "kubernetes-types/apps/v1";
import type { PodSpec } from "kubernetes-types/core/v1";
import type { PodDisruptionBudget } from "kubernetes-types/policy/v1";
import { prometheusRules, vmalertRules } from "../../alerts";
import { urlOf, writeUrls, type Environment, type SystemName } from "../../environment";
import { isWorkload, workloadName, type KubernetesObject } from "../../stacks/kubernetes";
import { checks } from "../../tools/render/checks";
import { configOf, objectsOf, ofKind, planOf, prod, withoutDashboards, type Tree } from "./support";
import { topology } from "./topologies";

const medium = topology("medium", withoutDashboards);
const large = topology("large", withoutDashboards);
const small = topology("small", withoutDashboards);
const svc = (name: string) => `http://${name}.observability.svc`;

describe("each mode answers under an address that its parts have", () => {
  test.each<[string, Environment, SystemName, string, string[]]>([
    ["one Loki", small, "loki", svc("loki") + ":3100", [svc("loki") + ":3100"]],
    ["Loki apart", medium, "loki", svc("loki-query-frontend") + ":3100", [svc("loki-distributor") + ":3100"]],
    ["Tempo apart", medium, "tempo", svc("tempo-query-frontend") + ":3200", [svc("tempo-distributor") + ":3200"]],
    [
      "two VictoriaMetrics, each with everything",
      small,
      "victoriametrics",
      svc("victoriametrics-vmauth") + ":8427",
      [0, 1].map((index) => `${svc(`victoriametrics-${index}.victoriametrics-headless`)}:8428`),
    ],
    [
      "a cluster",
      large,
      "victoriametrics",
      svc("victoriametrics-vmauth") + ":8427",
      [svc("victoriametrics-vminsert") + ":8480/insert/0/prometheus"],
    ],
    [
      "what is pushed goes to the first shard's pair",
      large,
      "prometheus",
      svc("prometheus") + ":9090",
      [0, 1].map((index) => `${svc(`prometheus-${index}.prometheus-headless`)}:9090`),
    ],
  ])("%s", (_what, environment, system, read, write) => {
    expect(urlOf(environment, system)).toBe(read);
    expect(writeUrls(environment, system)).toEqual(write);
    const services = ofKind(objectsOf(planOf(environment)), "Service").map(({ metadata }) => metadata?.name ?? "");
    for (const url of [read, ...write]) {
      const host = new URL(url).hostname.split(".");
      expect(services).toContain(host[host.length - 3]);
    }
  });
});

test.each([
  ["small", small],
  ["medium", medium],
  ["large", large],
])("%s: every flow ends where somebody listens, every file and account is there", (_size, environment) => {
  const plan = planOf(environment);
  // The values of secrets are not part of a plan; everything else that a pod names has to be.
  const faults = checks(environment, plan, objectsOf(plan)).filter(
    ({ level, message }) => level === "error" && !/needs Secret /.test(message),
  );
  expect(faults).toEqual([]);
  const names = objectsOf(plan).map(
    ({ kind, metadata }) => `${kind} ${metadata?.namespace ?? ""} ${metadata?.name ?? ""}`,
  );
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

describe("copies are never away at the same time", () => {
  const workloads = planOf(large).systems.flatMap((system) => system.workloads);

  test("the ingesters of a zone are rolled out after those of the one before", () => {
    const ingesters = workloads.filter(
      ({ system, component }) => system === "loki" && component.startsWith("ingester"),
    );
    expect(ingesters.map(({ component, zone, after, replicas }) => [component, zone, after, replicas])).toEqual([
      ["ingester-us-west-2a", "us-west-2a", undefined, 3],
      ["ingester-us-west-2b", "us-west-2b", "loki-ingester-us-west-2a", 3],
      ["ingester-us-west-2c", "us-west-2c", "loki-ingester-us-west-2b", 3],
    ]);
    const { lifecycler } = configOf<Tree>(large, "loki", "loki.yaml")["ingester"] ?? {};
    expect(lifecycler).toMatchObject({ ring: { zone_awareness_enabled: true, replication_factor: 3 } });
  });

  test("what there is several times of has one budget of one, zones of one component together", () => {
    const objects = objectsOf(planOf(large));
    const budgets = ofKind(objects, "PodDisruptionBudget") as (KubernetesObject & PodDisruptionBudget)[];
    const replicated = ofKind(objects, "Deployment", "StatefulSet") as (KubernetesObject & StatefulSet)[];
    const names = replicated.map(({ metadata, spec }) => {
      const pods: Record<string, string> = spec?.template.metadata?.labels ?? {};
      const own = budgets.filter(({ spec }) =>
        Object.entries(spec?.selector?.matchLabels ?? {}).every(([key, value]) => pods[key] === value),
      );
      expect(own.map(({ spec }) => spec?.maxUnavailable)).toEqual(own.map(() => 1));
      return [metadata?.name, own.map(({ metadata }) => metadata?.name)] as const;
    });
    const zoned = (name: string, zones: readonly string[]) => zones.map((zone) => [`${name}-${zone}`, [name]]);
    expect(names).toEqual(
      expect.arrayContaining([
        ...zoned("loki-ingester", ["us-west-2a", "us-west-2b", "us-west-2c"]),
        ...zoned("tempo-live-store", ["zone-a", "zone-b"]),
        ["collector-gateway", ["collector-gateway"]],
        ["victoriametrics-vmstorage", ["victoriametrics-vmstorage"]],
        ["loki-compactor", []],
      ]),
    );
    const single = workloads.filter(
      ({ kind, replicas, zoned, autoscaling }) =>
        kind !== "DaemonSet" && (zoned ?? { replicas }).replicas === 1 && autoscaling === undefined,
    );
    expect(names.filter(([, own]) => own.length === 0).map(([name]) => name)).toEqual(single.map(workloadName));
    expect(names.filter(([, own]) => own.length > 1)).toEqual([]);
  });
});

describe("shards", () => {
  test("each takes its own part of every job, under labels that are taken off outside", () => {
    const shard = configOf<Tree>(medium, "prometheus", "prometheus-shard-1.yml");
    expect(shard["global"]).toMatchObject({ external_labels: { prometheus_shard: "1" } });
    for (const job of Object.values(shard["scrape_configs"] ?? {})) {
      expect(Object.values(job["relabel_configs"] ?? {}).slice(-2)).toEqual([
        { source_labels: ["__address__"], modulus: 2, target_label: "__tmp_shard", action: "hashmod" },
        { source_labels: ["__tmp_shard"], regex: "1", action: "keep" },
      ]);
    }
    expect(JSON.stringify(shard["remote_write"])).toContain('"regex":"prometheus_replica|prometheus_shard"');
  });

  test("what looks across targets is evaluated on the store, each alert in one place", () => {
    const names = (files: ReturnType<typeof prometheusRules>) =>
      Object.values(files).flatMap((groups) =>
        groups.flatMap(({ rules }) => rules.map((rule) => JSON.stringify(rule))),
      );
    const alone = prometheusRules(medium);
    expect(Object.keys(alone)).toEqual(["stack.yaml"]);
    const moved = names(vmalertRules(medium));
    expect(names(alone).some((rule) => moved.includes(rule))).toBe(false);
    // Nothing is lost on the way: together they are what one Prometheus and vmalert have.
    const one = prod({
      ...withoutDashboards,
      tempo: { majorVersion: "2" },
      systems: { alertmanager: { replicas: 3 } },
    });
    const before = new Set([...names(prometheusRules(one)), ...names(vmalertRules(one))]);
    const after = new Set([...names(alone), ...moved]);
    expect([...before].filter((rule) => !after.has(rule))).toEqual([]);
  });
});

test("the rules of vmalert are asked for through a cluster too", () => {
  const vmselect = configOf<Record<string, unknown>>(large, "victoriametrics", "vmselect.yaml");
  expect(vmselect["vmalert.proxyURL"]).toBe(`${svc("vmalert")}:8880`);
  expect(
    planOf(large).flows.some(
      ({ from, to, port }) =>
        isWorkload(from) && from.component === "vmselect" && isWorkload(to) && to.system === "vmalert" && port === 8880,
    ),
  ).toBe(true);
});

test("a new vminsert gets nothing before it has reached its storage nodes", () => {
  const [vminsert] = ofKind(objectsOf(planOf(large)), "Deployment").filter(
    ({ metadata }) => metadata?.name === "victoriametrics-vminsert",
  ) as unknown as { spec: { template: { spec: PodSpec } } }[];
  expect(vminsert?.spec.template.spec.containers[0]?.startupProbe?.initialDelaySeconds).toBe(2);
});

test("vmauth lets nobody write or delete", () => {
  const text = JSON.stringify(configOf(large, "victoriametrics", "auth.yaml"));
  expect(text).toContain("/api/v1/(query|");
  expect(text).not.toMatch(/write|import|delete|insert/);
});

test("a gateway that grows and shrinks has no count of its own, and lets its clients go", () => {
  const objects = objectsOf(planOf(large));
  const [scaler] = ofKind(objects, "HorizontalPodAutoscaler") as unknown as { spec: Tree }[];
  expect(scaler?.spec).toMatchObject({
    minReplicas: 3,
    maxReplicas: 6,
    scaleTargetRef: { kind: "StatefulSet", name: "collector-gateway" },
  });
  const gateway = ofKind(objects, "StatefulSet").find(({ metadata }) => metadata?.name === "collector-gateway");
  expect(Object.keys((gateway as unknown as { spec: object }).spec)).not.toContain("replicas");
  expect(JSON.stringify(configOf(large, "collector", "gateway.yaml"))).toContain('"max_connection_age":"60s"');
});

test("Grafana's replicas share a database, whose password is no part of the plan", () => {
  const plan = planOf(topology("medium"));
  const grafana = plan.systems.find(({ name }) => name === "grafana");
  expect(grafana?.config["grafana.ini"]).toContain("type = postgres\nhost = db.example.com:5432");
  expect(grafana?.secrets.find(({ name }) => name === "grafana-database")?.data).toEqual({
    password: { setting: "grafanaDatabase" },
  });
  expect(
    grafana?.flows.some(
      ({ from, to, port }) => isWorkload(from) && from.system === "grafana" && to === "existing" && port === 5432,
    ),
  ).toBe(true);
});
