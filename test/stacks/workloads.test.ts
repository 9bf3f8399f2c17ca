import type { Container, PodSpec } from "kubernetes-types/core/v1";
import type { StatefulSetSpec } from "kubernetes-types/apps/v1";
import { Bytes } from "../../environment";
import type { KubernetesObject, WorkloadArgs } from "../../stacks/kubernetes";
import { environments, local, objectsOf, ofKind, planOf, pods, podsOf, prod } from "./support";

const workloads = environments.flatMap(([environment, parsed]) =>
  planOf(parsed).systems.flatMap(({ workloads, rendered }) =>
    workloads.map((args) => {
      const name = args.component === "server" ? args.system : `${args.system}-${args.component}`;
      const own = rendered.filter(({ metadata }) => metadata?.name === name && metadata.namespace === args.namespace);
      const controller = ofKind(own, "Deployment", "StatefulSet", "DaemonSet")[0] as KubernetesObject & {
        spec: { template: { metadata: { labels: Record<string, string> }; spec: PodSpec } } & Partial<StatefulSetSpec>;
      };
      const pod = controller.spec.template.spec;
      // Parts of one system share an account, which then is among the system's own objects.
      const [account] = ofKind(rendered, "ServiceAccount").filter(
        ({ metadata }) => metadata?.name === pod.serviceAccountName && metadata?.namespace === args.namespace,
      ) as { automountServiceAccountToken?: boolean }[];
      return { title: `${environment} ${name}`, args, own, controller, account, pod };
    }),
  ),
);
type Workload = (typeof workloads)[number];
/** A test of every workload, or of those that it is about: of none, Jest takes it for a fault. */
const each = (
  title: string,
  check: (workload: Workload) => void,
  about: (workload: Workload) => boolean = () => true,
) =>
  test.each(workloads.filter(about).map((workload) => [workload.title, workload] as const))(
    `${title}: %s`,
    (_title, workload) => check(workload),
  );
const server = ({ pod, args }: Workload): Container => {
  const found = pod.containers.find(({ name }) => name === args.system);
  if (found === undefined) throw new Error("no container bears the system's name");
  return found;
};

describe("every workload", () => {
  each("is probed from its start to its end", (workload) => {
    const { startupProbe, readinessProbe, livenessProbe, ports } = server(workload);
    const { args } = workload;
    const open = ports?.map(({ name }) => name);
    for (const probe of [startupProbe, readinessProbe, livenessProbe]) {
      // memcached speaks no HTTP.
      if (args.image.includes("memcached")) expect(probe?.httpGet).toBeUndefined();
      else expect(probe?.httpGet?.path).toMatch(/^\//);
      expect(open).toContain((probe?.httpGet ?? probe?.tcpSocket)?.port);
    }
  });

  each("asks for what it needs, and memory has an end", ({ pod }) => {
    for (const { resources } of pod.containers) {
      expect(resources).toMatchObject({
        requests: { cpu: expect.any(String) as string, memory: expect.any(String) as string },
        limits: { memory: expect.any(String) as string },
      });
      const bytes = (kind: "requests" | "limits") => Bytes.parse(resources?.[kind]?.["memory"] ?? "").bytes;
      expect(bytes("limits")).toBeGreaterThanOrEqual(bytes("requests"));
    }
  });

  each("is restricted, and what departs from that says why", ({ pod, args }) => {
    for (const { securityContext } of pod.containers) {
      expect(securityContext).toMatchObject({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
      expect(securityContext?.privileged).toBeUndefined();
    }
    expect(pod.securityContext?.seccompProfile).toEqual({ type: "RuntimeDefault" });
    const departs =
      pod.hostNetwork === true ||
      pod.hostPID === true ||
      pod.securityContext?.runAsNonRoot !== true ||
      (pod.volumes ?? []).some(({ hostPath }) => hostPath !== undefined) ||
      pod.containers.some(({ ports = [] }) => ports.some(({ hostPort }) => hostPort !== undefined));
    expect(departs).toBe(args.host !== undefined);
    if (args.host !== undefined) expect(args.host.reason.length).toBeGreaterThan(20);
  });

  each("departs from the restricted level only where the namespace allows it", ({ args }) => {
    const own = args.system === "phoenix" ? "observability-phoenix" : "observability";
    expect(args.namespace).toBe(args.host === undefined ? own : "observability-agents");
  });

  each("has a token only when it asks Kubernetes something", ({ pod, args, account }) => {
    expect(pod.automountServiceAccountToken).toBe(args.clusterRules !== undefined);
    expect(account?.automountServiceAccountToken).toBe(false);
    expect(pod.serviceAccountName).not.toBe("default");
  });

  // That one budget selects them is in topologies.test.ts.
  each("with replicas keeps some of them through a drain, on different nodes", ({ pod, args, own }) => {
    const several = (args.zoned?.replicas ?? args.replicas) > 1 && args.kind !== "DaemonSet";
    expect(ofKind(own, "PodDisruptionBudget")).toHaveLength(several && args.zoned === undefined ? 1 : 0);
    expect((pod.topologySpreadConstraints ?? []).map(({ topologyKey }) => topologyKey)).toEqual(
      several ? ["topology.kubernetes.io/zone", "kubernetes.io/hostname"] : [],
    );
  });

  each("has time to end", ({ pod }) => expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(10));

  each("bears Kubernetes' recommended labels, on every object", ({ args, controller, own }) => {
    const zones = args.zoned === undefined ? [] : ["observability/zones-of"];
    for (const labels of [controller.spec.template.metadata.labels, ...own.map(({ metadata }) => metadata?.labels)]) {
      const found = Object.keys(labels ?? {}).filter((key) => !zones.includes(key));
      expect(found.sort()).toEqual(
        ["component", "managed-by", "name", "part-of", "version"].map((label) => `app.kubernetes.io/${label}`),
      );
    }
  });

  each("mounts only volumes that it has", ({ pod, controller }) => {
    const claims = (controller.spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata?.name);
    const has = [...claims, ...(pod.volumes ?? []).map(({ name }) => name)];
    for (const { volumeMounts = [] } of pod.containers)
      for (const { name } of volumeMounts) expect(has).toContain(name);
  });

  each(
    "keeps its volume when it is replaced",
    ({ controller }) => {
      expect(controller.spec.persistentVolumeClaimRetentionPolicy).toEqual({
        whenDeleted: "Retain",
        whenScaled: "Retain",
      });
    },
    ({ args }) => args.volume !== undefined && args.kind === "StatefulSet",
  );

  each(
    "that is told a share of its memory for Go's heap stays below its limit",
    (workload) => {
      const limit = server(workload).env?.find(({ name }) => name === "GOMEMLIMIT")?.value ?? "";
      const { memory } = workload.args.resources.limits;
      expect(Bytes.parse(limit.replace(/B$/, "")).bytes).toBeLessThan(memory.bytes);
    },
    ({ args }) => args.goMemoryShare !== undefined,
  );
});

describe("a StatefulSet", () => {
  test("recovers from a broken image: its pods don't wait for each other", () => {
    const sets = workloads.filter(({ args }) => args.kind === "StatefulSet");
    expect(sets.length).toBeGreaterThan(5);
    for (const { controller } of sets) expect(controller.spec.podManagementPolicy).toBe("Parallel");
  });
});

describe("images", () => {
  const environment = prod({
    images: {
      mirror: "registry.example.com/mirror",
      pullSecrets: ["registry"],
      overrides: { loki: "registry.example.com/loki@sha256:" + "a".repeat(64) },
    },
  });

  test("come from the mirror, all of them, and overrides win", () => {
    const images = pods(environment).flatMap(({ spec }) => spec.containers.map(({ image }) => image ?? ""));
    expect(images.filter((image) => !/^registry\.example\.com\//.test(image))).toEqual([]);
    expect(images).toContain("registry.example.com/mirror/prometheus/prometheus:v3.16.0");
    expect(images).toContain("registry.example.com/mirror/kiwigrid/k8s-sidecar:1.30.3");
    expect(images.filter((image) => image.includes("loki"))).toEqual([
      `registry.example.com/loki@sha256:${"a".repeat(64)}`,
    ]);
  });

  test("every pod brings the pull secrets", () => {
    for (const { name, spec } of pods(environment))
      expect([name, spec.imagePullSecrets]).toEqual([name, [{ name: "registry" }]]);
  });

  test("labels stay labels, also with a digest for a version", () => {
    for (const { metadata } of objectsOf(planOf(environment)))
      for (const value of Object.values(metadata?.labels ?? {})) expect(value).toMatch(/^([A-Za-z0-9][\w.-]{0,62})?$/);
  });
});

describe("where pods run", () => {
  const taint = { key: "dedicated", operator: "Equal", value: "o11y", effect: "NoSchedule" };

  test("the environment's place is that of every server, a system's own comes on top", () => {
    const environment = local({
      nodeSelector: { pool: "o11y" },
      tolerations: [taint],
      systems: { loki: { nodeSelector: { disk: "ssd" }, tolerations: [{ operator: "Exists", key: "ssd" }] } },
    });
    const loki = podsOf(environment, "loki")["loki"];
    expect(loki?.nodeSelector).toEqual({ pool: "o11y", disk: "ssd" });
    expect(loki?.tolerations).toEqual([taint, { operator: "Exists", key: "ssd" }]);
    const tempo = podsOf(environment, "tempo")["tempo"];
    expect(tempo?.nodeSelector).toEqual({ pool: "o11y" });
    expect(tempo?.tolerations).toEqual([taint]);
  });

  test("agents run on every node: neither the servers' place nor a taint keeps them away", () => {
    const environment = local({ nodeSelector: { pool: "o11y" } });
    const agents = [
      podsOf(environment, "collector")["collector-agent"],
      podsOf(environment, "node-exporter")["node-exporter"],
    ];
    for (const agent of agents) {
      expect(agent?.nodeSelector).toBeUndefined();
      expect(agent?.tolerations).toEqual([{ operator: "Exists" }]);
    }
  });

  test("a system's storage class wins over the environment's", () => {
    const environment = local({ storageClass: "standard", systems: { loki: { storageClass: "fast" } } });
    const classes = ofKind(objectsOf(planOf(environment)), "StatefulSet").map((object) => [
      object.metadata?.name,
      (object as { spec: StatefulSetSpec }).spec.volumeClaimTemplates?.[0]?.spec?.storageClassName,
    ]);
    expect(Object.fromEntries(classes)).toEqual({
      prometheus: "standard",
      victoriametrics: "standard",
      loki: "fast",
      tempo: "standard",
      grafana: "standard",
      alertmanager: "standard",
      "collector-gateway": "standard",
      versitygw: "standard",
    });
  });
});

test("every kind of workload was looked at", () => {
  const seen = new Set(workloads.map(({ args }: { args: WorkloadArgs }) => `${args.system}/${args.component}`));
  expect([...seen].sort()).toEqual([
    "alertmanager/server",
    "collector/agent",
    "collector/events",
    "collector/gateway",
    "collector/sampler",
    "grafana/server",
    "kube-state-metrics/server",
    "loki/chunks-cache",
    "loki/compactor",
    "loki/distributor",
    "loki/index-gateway",
    "loki/ingester",
    "loki/ingester-us-west-2a",
    "loki/ingester-us-west-2b",
    "loki/ingester-us-west-2c",
    "loki/pattern-ingester",
    "loki/querier",
    "loki/query-frontend",
    "loki/query-scheduler",
    "loki/results-cache",
    "loki/ruler",
    "loki/server",
    "node-exporter/server",
    "phoenix/api",
    "phoenix/cache",
    "phoenix/git",
    "phoenix/llm-router",
    "phoenix/load",
    "phoenix/obsidian",
    "phoenix/worker",
    "prometheus/server",
    "prometheus/shard-1",
    "prometheus/shard-2",
    "prometheus/shard-3",
    "prometheus/shard-4",
    "prometheus/shard-5",
    "tempo/backend-scheduler",
    "tempo/backend-worker",
    "tempo/block-builder",
    "tempo/compactor",
    "tempo/distributor",
    "tempo/ingester",
    "tempo/live-store-zone-a",
    "tempo/live-store-zone-b",
    "tempo/metrics-generator",
    "tempo/querier",
    "tempo/query-frontend",
    "tempo/server",
    "versitygw/server",
    "victoriametrics/1m",
    "victoriametrics/alerts",
    "victoriametrics/raw",
    "victoriametrics/server",
    "victoriametrics/vmauth",
    "victoriametrics/vminsert",
    "victoriametrics/vmselect",
    "victoriametrics/vmstorage",
    "vmagent/server",
    "vmalert/long",
    "vmalert/server",
  ]);
});
