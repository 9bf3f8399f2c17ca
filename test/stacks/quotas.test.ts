import fc from "fast-check";
import type { LimitRange, ResourceQuota } from "kubernetes-types/core/v1";
import type { Profile } from "../../environment";
import { Bytes, Cpu, type Environment } from "../../environment";
import { planStack } from "../../stacks/plan";
import { agentsOn, stackQuota } from "../../stacks/quotas";
import { thresholds } from "../../signals/thresholds";
import { sizingOf } from "../../tools/render/sizing";
import { aws, dev, local, prod, refused, type Values } from "../environment/support";
import { parseEnvironment } from "../../stacks/environment";

const objects = (environment: Environment) => planStack(environment).namespaces;
const quotaIn = (environment: Environment, namespace: string) =>
  objects(environment).find(({ kind, metadata }) => kind === "ResourceQuota" && metadata?.namespace === namespace) as
    ResourceQuota | undefined;
const workloadsOf = (environment: Environment) => planStack(environment).systems.flatMap(({ workloads }) => workloads);

describe("the stack's own quota", () => {
  test("is what its pods take, a rolling update included, and two fifths", () => {
    const environment = prod({
      stages: ["metrics"],
      retention: { metrics: "90d" },
      systems: { collector: { enabled: false } },
    });
    // Prometheus 2 × (2, 6Gi to 8Gi, 50Gi), VictoriaMetrics (2, 8Gi, 800Gi), kube-state-metrics 2 × (100m, 256Mi to 512Mi)
    expect(stackQuota(environment, workloadsOf(environment)).sum).toEqual({
      cpuRequests: 4_000 + 2_000 + 200,
      memoryRequests: (12 + 8 + 0.5) * 2 ** 30,
      memoryLimits: (16 + 8 + 1) * 2 ** 30,
      storage: 900 * 2 ** 30,
    });
    expect(quotaIn(environment, "observability")?.spec?.hard).toEqual({
      "requests.cpu": "9",
      "requests.memory": "29Gi",
      "limits.memory": "35Gi",
      "requests.storage": "1260Gi",
    });
  });

  test.each([local(), dev(), prod()])(
    "is not so tight that its own alert fires as soon as all is deployed",
    (environment) => {
      const { sum, hard } = stackQuota(environment, workloadsOf(environment));
      const { quota } = thresholds;
      expect(sum.storage / hard.storage).toBeLessThan(quota.storage.value);
      expect(sum.cpuRequests / hard.cpuRequests).toBeLessThan(quota.cpu.value);
      expect(sum.memoryRequests / hard.memoryRequests).toBeLessThan(quota.memory.value);
      expect(sum.memoryLimits / hard.memoryLimits).toBeLessThan(quota.memory.value);
    },
  );

  test("leaves out the agents: a new node gets its own", () => {
    expect(quotaIn(prod(), "observability-agents")).toBeUndefined();
  });

  test("has no room for agents, which cost what they reserve on each node", () => {
    const workloads = workloadsOf(prod());
    // Collector 100m and 256Mi to 1Gi, node-exporter 50m and 48Mi to 128Mi.
    expect(agentsOn(20, workloads)).toEqual({
      cpuRequests: 20 * 150,
      memoryRequests: 20 * (256 + 48) * 2 ** 20,
      memoryLimits: 20 * (1024 + 128) * 2 ** 20,
      storage: 0,
    });
    const cost = (load: Values) => {
      const environment = prod({ load });
      return sizingOf(environment, planStack(environment)).cost.compute;
    };
    const logs = { logBytes: "1MB/s" };
    // 20 × (0.15 × 0.03567 + 0.297 × 0.003417) $ × 730 h
    expect(cost({ ...logs, nodes: 20 }) - cost(logs)).toBeCloseTo(93, -1);
  });

  test("counts the containers beside a server", () => {
    const environment = prod({ stages: ["dashboards"] });
    const [grafana] = stackQuota(environment, workloadsOf(environment)).consumers;
    const own = environment.systems.grafana.resources.limits.memory.bytes;
    expect(grafana?.memoryLimits).toBeGreaterThan(own);
  });

  test("that is written and too small is refused with the largest consumers, all amounts at once", () => {
    const quotas = {
      stack: { cpu: { request: "10" }, memory: { request: "60Gi", limit: "64Gi" }, storage: { limit: "100Gi" } },
    };
    const { message } = refused(() => planStack(prod({ quotas, retention: { metrics: "90d" } })));
    expect(message.split("\n").slice(0, 4)).toEqual([
      'environment "prod" has 3 faults; nothing was deployed:',
      "  observability:quotas.stack.cpu.request = 10",
      "    the CPU requests sum up to 20970m, a rolling update included; the largest: loki 6 (3 pods), prometheus 4 (2 pods), collector-gateway 3 (3 pods)",
      "    fix: at least 20970m, or smaller or fewer of these pods",
    ]);
    expect(message).toContain("observability:quotas.stack.memory.limit = 64Gi");
    expect(message).toContain("observability:quotas.stack.storage.limit = 100Gi");
    expect(message).not.toContain("memory.request");
  });

  test("that is written and large enough is taken as it is", () => {
    const stack = { cpu: { request: "40" }, memory: { request: "128Gi", limit: "256Gi" }, storage: { limit: "3Ti" } };
    expect(quotaIn(prod({ quotas: { stack } }), "observability")?.spec?.hard).toEqual({
      "requests.cpu": "40",
      "requests.memory": "128Gi",
      "limits.memory": "256Gi",
      "requests.storage": "3Ti",
    });
  });

  test("of CPU limits would refuse every pod of the stack", () => {
    const stack = {
      cpu: { request: "40", limit: "60" },
      memory: { request: "1Ti", limit: "1Ti" },
      storage: { limit: "9Ti" },
    };
    expect(refused(() => prod({ quotas: { stack } })).faults.map(({ key }) => key)).toEqual([
      "observability:quotas.stack.cpu.limit",
    ]);
  });
});

describe("the quota of applications", () => {
  const environment = prod({ quotas: { applicationNamespaces: ["shop", "blog"] } });

  test("is the requirement's, in each namespace that is listed", () => {
    for (const namespace of ["shop", "blog"]) {
      expect(quotaIn(environment, namespace)?.spec?.hard).toEqual({
        "requests.cpu": "16",
        "limits.cpu": "32",
        "requests.memory": "32Gi",
        "limits.memory": "64Gi",
        "requests.storage": "500Gi",
      });
    }
  });

  test("gives pods that state nothing what it counts, and bounds a single claim", () => {
    const range = objects(environment).find(
      ({ kind, metadata }) => kind === "LimitRange" && metadata?.namespace === "shop",
    ) as LimitRange;
    expect(range.spec?.limits).toEqual([
      { type: "Container", default: { cpu: "1", memory: "512Mi" }, defaultRequest: { cpu: "100m", memory: "128Mi" } },
      { type: "PersistentVolumeClaim", max: { storage: "200Gi" } },
    ]);
  });

  test("is not the stack's", () =>
    expect(refused(() => prod({ quotas: { applicationNamespaces: ["observability"] } })).message).toContain(
      "is a namespace of the stack, whose quota is quotas.stack",
    ));

  test("has limits above its requests", () =>
    expect(
      refused(() => prod({ quotas: { application: { cpu: { limit: "8" }, storage: { limit: "100Gi" } } } })).faults.map(
        ({ key, reason }) => `${key} ${reason}`,
      ),
    ).toEqual([
      "observability:quotas.application.cpu.request more than cpu.limit",
      "observability:quotas.application.storage.initial more than storage.limit",
    ]));
});

test("every pod of the stack has a priority class that exists", () => {
  const plan = planStack(prod());
  const classes = plan.namespaces.filter(({ kind }) => kind === "PriorityClass").map(({ metadata }) => metadata?.name);
  const used = plan.systems
    .flatMap(({ rendered }) => rendered)
    .flatMap((object) =>
      "spec" in object && object.spec && "template" in object.spec
        ? [(object.spec.template as { spec: { priorityClassName?: string } }).spec.priorityClassName]
        : [],
    );
  expect(new Set(used)).toEqual(new Set(classes));
});

const orders = (from: number, to: number) =>
  fc.integer({ min: from, max: to }).map((power) => Math.round(10 ** (power / 4)));
const loads = fc.record({
  samples: orders(12, 25).map((count) => `${count} samples/s`),
  logBytes: orders(16, 31).map((count) => `${count}B/s`),
  spans: orders(4, 17).map((count) => `${count} spans/s`),
  queryUsers: fc.integer({ min: 1, max: 200 }),
});

test("every plan of a stated load fits its own quota", () => {
  fc.assert(
    fc.property(loads, fc.constantFrom<Profile>("dev", "prod"), (load, profile) => {
      const receiver = { kind: "webhook", name: "oncall", url: "https://alerts.example.com/hook" };
      const values: Values = {
        profile,
        cluster: "c",
        aws,
        load,
        stages: ["metrics", "logs", "traces"],
        // Of several tiers only the longest could be a cluster.
        retention: { metrics: "30d" },
        alerting: { receivers: [receiver] },
      };
      const environment = parseEnvironment("any", values);
      const { sum } = stackQuota(environment, workloadsOf(environment));
      const hard = quotaIn(environment, "observability")?.spec?.hard as Record<string, string>;
      expect(Cpu.parse(hard["requests.cpu"] ?? "").millis).toBeGreaterThanOrEqual(sum.cpuRequests);
      expect(Bytes.parse(hard["requests.memory"] ?? "").bytes).toBeGreaterThanOrEqual(sum.memoryRequests);
      expect(Bytes.parse(hard["limits.memory"] ?? "").bytes).toBeGreaterThanOrEqual(sum.memoryLimits);
      expect(Bytes.parse(hard["requests.storage"] ?? "").bytes).toBeGreaterThanOrEqual(sum.storage);
    }),
    { numRuns: 15 },
  );
});
