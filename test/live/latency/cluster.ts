/** Labels of one series or of what has series. An empty value is a label that is not there. */
export type Labels = Readonly<Record<string, string>>;

/** How large the imagined cluster is: with the catalogue as it stands, somewhat above 100,000 series. */
const size = { nodes: 20, cores: 16, services: 40, replicas: 2, deployments: 60, statefulSets: 10, daemonSets: 6 };

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);
const cluster = "local";

/** Every combination of one row of each list, their labels laid over each other. */
export function cross(...lists: readonly (readonly Labels[])[]): Labels[] {
  return lists.reduce<Labels[]>((rows, list) => rows.flatMap((row) => list.map((next) => ({ ...row, ...next }))), [{}]);
}

/** One row for each value of a label. */
export const each = (label: string, ...values: readonly string[]): Labels[] =>
  values.map((value) => ({ [label]: value }));

export const nodes: readonly Labels[] = range(size.nodes).map((index) => ({
  cluster,
  node: `node-${index}`,
  instance: `10.0.0.${index}:9100`,
  nodename: `node-${index}`,
}));
const nodeOf = (index: number): string => nodes[index % nodes.length]?.["node"] ?? "";

const stack = "observability";
const namespaces = ["shop", "payments", "search", "media", "data", "tools", "kube-system", stack];
const namespaceOf = (index: number) => namespaces[index % (namespaces.length - 2)] ?? "";

/** Pods of a workload, as Kubernetes names them. */
function podsOf(kind: string, workload: string, namespace: string, count: number, first: number): Labels[] {
  const replicaset = kind === "Deployment" ? `${workload}-5d89f7c6b` : "";
  return range(count).map((index) => {
    const pod = kind === "StatefulSet" ? `${workload}-${index}` : `${replicaset || workload}-x${first + index}`;
    return {
      cluster,
      namespace,
      pod,
      uid: `uid-${pod}`,
      node: nodeOf(first + index),
      container: "main",
      [kind.toLowerCase()]: workload,
      replicaset,
      owner_kind: replicaset === "" ? kind : "ReplicaSet",
      owner_name: replicaset || workload,
    };
  });
}

const services = range(size.services).map((index) => `service-${index}`);
const servicePods: readonly Labels[] = services.flatMap((service, index) =>
  podsOf("Deployment", service, namespaceOf(index), size.replicas, index * size.replicas).map((pod) => ({
    ...pod,
    service_name: service,
  })),
);
const sidecars: readonly Labels[] = servicePods.map((pod) => ({ ...pod, container: "proxy", service_name: "" }));

/** Servers of the stack itself, and what runs on each node: `job`, `instance` and their pod. */
const systems = [
  "prometheus",
  "victoriametrics",
  "vmagent",
  "vmauth",
  "vmalert",
  "loki",
  "tempo",
  "grafana",
  "alertmanager",
];
const agents = ["node-exporter", "collector-agent"];
const target = (job: string, pod: Labels, index: number): Labels => ({
  ...pod,
  job,
  instance: `10.1.${index % 250}.1:80`,
  container: job.replace(/-.*/, "") === "collector" ? "collector" : job,
});
const systemPods = [
  ...[...systems, "collector-gateway", "collector-sampler", "kube-state-metrics"].flatMap((system, index) =>
    podsOf("StatefulSet", system, stack, 1, index),
  ),
  ...podsOf("Deployment", "coredns", "kube-system", 2, 0),
];
const agentPods = agents.flatMap((agent) => podsOf("DaemonSet", agent, `${stack}-agents`, size.nodes, 0));

/** Everything that is scraped for metrics about itself. */
export const targets: readonly Labels[] = [
  ...systemPods.map((pod, index) => target(pod["statefulset"] ?? pod["deployment"] ?? "", pod, index)),
  ...agentPods.map((pod, index) => target(pod["daemonset"] ?? "", pod, index)),
  ...nodes.flatMap((node) => ["kubelet", "cadvisor", "kube-proxy"].map((job) => ({ ...node, job }))),
  ...range(3).flatMap((index) =>
    ["apiserver", "etcd", "kube-scheduler", "kube-controller-manager"].map((job) => ({
      cluster,
      job,
      node: nodeOf(index),
      instance: `10.0.0.${index}:6443`,
    })),
  ),
  {
    cluster,
    job: "kube-state-metrics-telemetry",
    instance: "10.1.0.2:8081",
    container: "kube-state-metrics",
    pod: "ksm",
  },
];

/** node_exporter's labels say where it runs itself. */
export const hosts: readonly Labels[] = targets.filter(({ job }) => job === "node-exporter");

export const containers: readonly Labels[] = [
  ...servicePods,
  ...sidecars,
  ...systemPods.map((pod, index) => target(pod["statefulset"] ?? pod["deployment"] ?? "", pod, index)),
  ...agentPods.map((pod, index) => target(pod["daemonset"] ?? "", pod, index)),
  ...range(size.deployments).flatMap((index) => podsOf("Deployment", `app-${index}`, namespaceOf(index), 3, index * 3)),
  ...range(size.statefulSets).flatMap((index) => podsOf("StatefulSet", `store-${index}`, "data", 3, index * 3)),
  ...range(size.daemonSets).flatMap((index) => podsOf("DaemonSet", `agent-${index}`, "tools", size.nodes, 0)),
].map(({ job: _job, instance: _instance, container = "", pod = "", ...rest }) => ({
  ...rest,
  container,
  pod,
  image: `registry/${container}:1`,
  id: `/kubepods/${pod}/${container}`,
  name: `${container}-${pod}`,
}));

/** Each pod once. */
export const pods: readonly Labels[] = [...new Map(containers.map((row) => [row["pod"], row])).values()];

/** Workloads of a kind (`deployment`, `statefulset`, `daemonset`, `replicaset`), each once. */
export function workloads(kind: string): readonly Labels[] {
  const of = pods.filter((pod) => (pod[kind] ?? "") !== "");
  return [...new Map(of.map((pod) => [`${pod["namespace"]} ${pod[kind]}`, pod])).values()].map((pod) =>
    kind === "replicaset" ? { ...pod, owner_kind: "Deployment", owner_name: pod["deployment"] ?? "" } : pod,
  );
}

export const claims: readonly Labels[] = pods
  .filter(({ statefulset }) => statefulset)
  .map((pod) => ({ ...pod, persistentvolumeclaim: `data-${pod["pod"]}`, persistentvolume: `pv-${pod["pod"]}` }));

/** Processes that send by OTLP: the target is made of the service's name and its instance. */
export const applications: readonly Labels[] = servicePods.map(
  ({ namespace = "", service_name = "", pod = "", node = "" }) => ({
    cluster,
    job: `${namespace}/${service_name}`,
    instance: pod,
    service_name,
    service_namespace: namespace,
    service_version: "1.0.0",
    deployment_environment_name: "local",
    k8s_namespace_name: namespace,
    k8s_pod_name: pod,
    k8s_container_name: "main",
    k8s_node_name: node,
  }),
);

/** Who calls whom: each service the next three. */
export const edges: readonly Labels[] = services.flatMap((client, index) =>
  [1, 2, 3].map((ahead) => ({ cluster, client, server: services[(index + ahead) % services.length] ?? "" })),
);

export const spanNames: readonly Labels[] = cross(
  services.map((service) => ({ cluster, service })),
  range(8).map((index) => ({
    span_name: `GET /route-${index}`,
    http_route: `/route-${index}`,
    http_request_method: "GET",
    span_kind: index < 4 ? "SPAN_KIND_SERVER" : "SPAN_KIND_CLIENT",
  })),
);

/** What a host has several of. */
export const disks = each("device", "nvme0n1", "nvme1n1", "sda");
export const interfaces = each("device", "lo", "eth0", "eth1");
export const fileSystems: readonly Labels[] = [
  { device: "/dev/nvme0n1p1", fstype: "ext4", mountpoint: "/" },
  { device: "/dev/nvme1n1", fstype: "xfs", mountpoint: "/var/lib/data" },
  { device: "tmpfs", fstype: "tmpfs", mountpoint: "/run" },
];
export const cores = each("cpu", ...range(size.cores).map(String));
export const routes: readonly Labels[] = range(8).map((index) => ({
  route: `/route-${index}`,
  method: index % 4 === 0 ? "POST" : "GET",
}));
export const units: readonly Labels[] = range(40).map((index) => ({ name: `unit-${index}.service`, type: "simple" }));
export const namespaceRows = each("namespace", ...namespaces).map((row) => ({ cluster, ...row }));
