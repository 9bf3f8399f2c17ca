import type { PodSpec, Service } from "kubernetes-types/core/v1";
import type { ObjectMeta } from "kubernetes-types/meta/v1";
import type { Environment } from "../../environment";
import { workloadName, type WorkloadArgs } from "./args";
import { configMap, objectLabels, rolloutAfterAnnotation, selectorLabels, type KubernetesObject } from "./objects";
import { podSpec } from "./pod";
import { disruptionBudget, zoneLabels } from "./replicas";

/** The objects of one workload: account, roles, files, services, the workload itself, its disruption budget. */
export function workload(args: WorkloadArgs, environment: Environment): KubernetesObject[] {
  const name = workloadName(args);
  const labels = objectLabels(args.system, args.component, args.version);
  const metadata = { name, namespace: args.namespace, labels };
  const ownLabels = { ...labels, ...zoneLabels(args) };
  const selector = { matchLabels: selectorLabels(args.system, args.component) };
  const files = (args.files ?? []).map(({ name, files, mode }) => configMap(name, args.namespace, labels, files, mode));
  const template = {
    metadata: { labels: ownLabels, ...annotated(args.annotations) },
    spec: podSpec(
      args,
      environment,
      files.map(({ metadata }) => metadata.name),
    ),
  };
  return [
    ...(args.account === undefined ? [serviceAccount(metadata, args.serviceAccountAnnotations)] : []),
    ...clusterRole(args, name, labels),
    ...files.filter((_, index) => args.files?.[index]?.shared !== true),
    ...services(args, name, labels),
    controller(
      args,
      environment,
      { ...metadata, labels: ownLabels, ...annotated(rolloutAfter(args)) },
      selector,
      template,
    ),
    ...autoscaler(args, metadata),
    ...disruptionBudget(args),
  ];
}

const annotated = (annotations: Readonly<Record<string, string>> | undefined) =>
  annotations ? { annotations: { ...annotations } } : {};

const rolloutAfter = ({ after }: WorkloadArgs) =>
  after === undefined ? undefined : { [rolloutAfterAnnotation]: after };

/** The account that a workload runs under. */
export function serviceAccount(
  metadata: { readonly name: string; readonly namespace: string; readonly labels: Record<string, string> },
  annotations?: Readonly<Record<string, string>>,
) {
  return {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { ...metadata, ...annotated(annotations) },
    automountServiceAccountToken: false,
  } as const;
}

/**
 * More replicas above three quarters of the requested CPU or memory, fewer slowly: what a pod still holds in its queue
 * waits on its volume until a pod of this number runs again.
 */
function autoscaler(
  args: WorkloadArgs,
  metadata: { name: string; namespace: string; labels: Record<string, string> },
): KubernetesObject[] {
  if (args.autoscaling === undefined) return [];
  const metric = (name: string) => ({
    type: "Resource",
    resource: { name, target: { type: "Utilization", averageUtilization: 75 } },
  });
  return [
    {
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: { ...metadata, annotations: { ...endpointsLater } },
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: args.kind, name: metadata.name },
        ...args.autoscaling,
        metrics: [metric("cpu"), metric("memory")],
        behavior: {
          scaleDown: {
            stabilizationWindowSeconds: 600,
            policies: [{ type: "Pods", value: 1, periodSeconds: 300 }],
          },
        },
      },
    },
  ];
}

function controller(
  args: WorkloadArgs,
  environment: Environment,
  metadata: ObjectMeta & { name: string },
  selector: { matchLabels: Record<string, string> },
  template: { metadata: { labels: Record<string, string>; annotations?: Record<string, string> }; spec: PodSpec },
): KubernetesObject {
  switch (args.kind) {
    case "DaemonSet":
      return {
        apiVersion: "apps/v1",
        kind: "DaemonSet",
        metadata,
        spec: {
          selector,
          template,
          updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "10%" } },
        },
      };
    case "Deployment":
      return {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata,
        spec: { ...count(args), selector, template, revisionHistoryLimit: 3 },
      };
    case "StatefulSet": {
      const { storageClass } = environment.systems[args.system];
      const className = storageClass ?? environment.storageClass;
      const claim = args.volume && {
        metadata: { name: "data", labels: selector.matchLabels },
        spec: {
          accessModes: ["ReadWriteOnce" as const],
          resources: { requests: { storage: args.volume.size.toString() } },
          ...(className === undefined ? {} : { storageClassName: className }),
        },
      };
      return {
        apiVersion: "apps/v1",
        kind: "StatefulSet",
        metadata,
        spec: {
          ...count(args),
          serviceName: `${metadata.name}-headless`,
          selector,
          template,
          // An ordered StatefulSet whose new pod never gets ready stays stuck even after the fault is mended: the
          // controller waits for the broken pod before it replaces it. Parallel management replaces it at once;
          // updates still go one pod at a time.
          podManagementPolicy: "Parallel",
          updateStrategy: { type: "RollingUpdate" },
          revisionHistoryLimit: 3,
          ...(claim
            ? {
                volumeClaimTemplates: [claim],
                // Some changes need a new StatefulSet; its volumes have to outlive the old one. They go with the namespace.
                persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
              }
            : {}),
        },
      };
    }
  }
}

/** With an autoscaler the count is its own: a deployment would set it back. */
const count = ({ autoscaling, replicas }: WorkloadArgs) => (autoscaling === undefined ? { replicas } : {});

/** The workload itself is waited for: a service that waits too would hide for minutes why the workload fails. */
const endpointsLater = { "pulumi.com/skipAwait": "true" };

function services(args: WorkloadArgs, name: string, labels: Record<string, string>): Service[] & KubernetesObject[] {
  const ports = Object.entries(args.ports)
    .filter(([, { internal }]) => !internal)
    .map(([portName, { port, protocol = "TCP" }]) => ({ name: portName, port, targetPort: portName, protocol }));
  const selector = selectorLabels(args.system, args.component);
  const service = (suffix: string, spec: object) =>
    ({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: `${name}${suffix}`, namespace: args.namespace, labels, annotations: { ...endpointsLater } },
      spec: { ports, selector, ...spec },
    }) as const;
  if (ports.length === 0 || args.kind === "DaemonSet") return [];
  // Rings and gossip look each other up before they are ready: hence the addresses of unready pods.
  const headless = service("-headless", { clusterIP: "None", publishNotReadyAddresses: true });
  return args.kind === "StatefulSet"
    ? [service("", { type: "ClusterIP" }), headless]
    : [service("", { type: "ClusterIP" })];
}

function clusterRole(args: WorkloadArgs, name: string, labels: Record<string, string>): KubernetesObject[] {
  if (!args.clusterRules) return [];
  const role = `${args.namespace}-${name}`;
  return [
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: { name: role, labels },
      rules: [...args.clusterRules],
    },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: role, labels },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
      subjects: [{ kind: "ServiceAccount", name, namespace: args.namespace }],
    },
  ];
}
