import { deepMerge, type Environment } from "../../environment";
import { apiFlows, workloadEnd, type WorkloadArgs } from "../kubernetes";
import { flags, image, yaml, type SystemPlan } from "../system";
import { httpPort } from "./settings";

/** What it reports, by API group; also exactly what it may list. Secrets and config maps are not among them. */
const resources: Readonly<Record<string, readonly string[]>> = {
  "": [
    "endpoints",
    "limitranges",
    "namespaces",
    "nodes",
    "persistentvolumeclaims",
    "persistentvolumes",
    "pods",
    "replicationcontrollers",
    "resourcequotas",
    "services",
  ],
  apps: ["daemonsets", "deployments", "replicasets", "statefulsets"],
  autoscaling: ["horizontalpodautoscalers"],
  batch: ["cronjobs", "jobs"],
  "networking.k8s.io": ["ingresses", "networkpolicies"],
  policy: ["poddisruptionbudgets"],
  "storage.k8s.io": ["storageclasses", "volumeattachments"],
};

/** kube-state-metrics' flags. */
function kubeStateMetricsFlags(environment: Environment): Record<string, unknown> {
  const base = {
    resources: Object.values(resources).flat().sort().join(","),
    // Labels that dashboards and routing group by.
    "metric-labels-allowlist":
      "pods=[app.kubernetes.io/name,app.kubernetes.io/component,app.kubernetes.io/part-of],namespaces=[team],nodes=[topology.kubernetes.io/zone,node.kubernetes.io/instance-type]",
  };
  return deepMerge(base, (environment.systems["kube-state-metrics"].config as { flags?: object }).flags ?? {});
}

/** kube-state-metrics: the state of Kubernetes' objects as metrics. */
export function planKubeStateMetrics(environment: Environment): SystemPlan {
  const { image: reference, version } = image(environment, "kube-state-metrics");
  const settings = environment.systems["kube-state-metrics"];
  const { namespace } = environment;
  const values = kubeStateMetricsFlags(environment);
  const args: WorkloadArgs = {
    system: "kube-state-metrics",
    component: "server",
    kind: "Deployment",
    namespace,
    image: reference,
    version,
    args: flags(values),
    ports: { http: { port: httpPort }, telemetry: { port: 8081 } },
    readiness: { path: "/readyz", port: "telemetry" },
    liveness: { path: "/livez", port: "http" },
    replicas: settings.replicas,
    resources: settings.resources,
    goMemoryShare: 0.9,
    user: 65534,
    clusterRules: Object.entries(resources).map(([group, names]) => ({
      apiGroups: [group],
      resources: [...names],
      verbs: ["list", "watch"],
    })),
    gracePeriod: 30,
  };
  const self = workloadEnd(args);
  const job = { namespace, system: "kube-state-metrics", component: "server" } as const;
  return {
    name: "kube-state-metrics",
    version,
    workloads: [args],
    objects: [],
    secrets: [],
    config: { "flags.yaml": yaml(values) },
    // It reaches the API server by the address in its environment: no name to look up.
    flows: [...apiFlows(self, "watches objects")],
    scrapeJobs: [
      { ...job, job: "kube-state-metrics", port: "http", number: httpPort, honorLabels: true },
      { ...job, job: "kube-state-metrics-telemetry", port: "telemetry", number: 8081 },
    ],
  };
}
