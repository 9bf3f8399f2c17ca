import type {
  Container,
  EnvVar,
  HTTPGetAction,
  PodSpec,
  Probe,
  Service,
  Toleration,
  Volume,
  VolumeMount,
} from "kubernetes-types/core/v1";
import type { PolicyRule } from "kubernetes-types/rbac/v1";
import type { Bytes, Environment, Resources, SystemName } from "../../environment";
import type { Workload } from "./flows";
import { configMap, objectLabels, selectorLabels, type KubernetesObject } from "./objects";

export interface Port {
  readonly port: number;
  readonly protocol?: "TCP" | "UDP";
  /** Also on the node's own address. */
  readonly hostPort?: number;
  /** Left out of the service: only the pod itself and its probes use it. */
  readonly internal?: boolean;
}

/** Files that a server reads, from a ConfigMap; see {@link configMap} for the two modes. */
export interface Files {
  readonly name: string;
  readonly mountPath: string;
  readonly files: Readonly<Record<string, string>>;
  readonly mode: "immutable" | "reloaded";
}

/** A departure from the restricted pod security standard; each states why. */
export interface HostAccess {
  readonly reason: string;
  readonly network?: boolean;
  readonly pid?: boolean;
  readonly paths: readonly {
    readonly name: string;
    readonly path: string;
    readonly mountPath: string;
    readonly propagation?: "HostToContainer";
    /** @default false */
    readonly writable?: boolean;
  }[];
  /** Linux capabilities to keep. */
  readonly capabilities?: readonly string[];
}

/** Everything that differs from workload to workload; the rest is the same for all and stands in {@link workload}. */
export interface WorkloadArgs {
  readonly system: SystemName;
  /** What this workload does in its system: `server`, `gateway`, `agent`. */
  readonly component: string;
  readonly kind: "Deployment" | "StatefulSet" | "DaemonSet";
  readonly namespace: string;
  readonly image: string;
  readonly version: string;
  readonly command?: readonly string[];
  readonly args: readonly string[];
  readonly env?: readonly EnvVar[];
  readonly ports: Readonly<Record<string, Port>>;
  readonly readiness: HTTPGetAction;
  readonly liveness?: HTTPGetAction;
  /** How long the server may take to start, e.g. to replay a WAL. @default 60 */
  readonly startupSeconds?: number;
  readonly replicas: number;
  readonly resources: Resources;
  /** Share of the memory limit given to Go's GOMEMLIMIT, 0..1. @default none */
  readonly goMemoryShare?: number;
  /** User and group id of the official image. */
  readonly user: number;
  readonly volume?: { readonly mountPath: string; readonly size: Bytes };
  /** Folders for throw-away files. */
  readonly scratch?: readonly string[];
  readonly files?: readonly Files[];
  readonly secretFiles?: readonly { readonly secret: string; readonly mountPath: string }[];
  readonly extraMounts?: readonly VolumeMount[];
  /** Seconds between SIGTERM and SIGKILL. */
  readonly gracePeriod: number;
  readonly clusterRules?: readonly PolicyRule[];
  readonly serviceAccountAnnotations?: Readonly<Record<string, string>>;
  readonly host?: HostAccess;
  /** Containers beside the server; they get the same security context. */
  readonly sidecars?: readonly Omit<Container, "securityContext">[];
  readonly tolerations?: readonly Toleration[];
}

const probe = (action: HTTPGetAction, rest: Omit<Probe, "httpGet">): Probe => ({ httpGet: action, ...rest });

/** Name of a workload and of its objects: `loki`, `collector-gateway`. */
export function workloadName({ system, component }: Pick<WorkloadArgs, "system" | "component">): string {
  return component === "server" ? system : `${system}-${component}`;
}

export function workloadEnd({ system, component, namespace }: WorkloadArgs): Workload {
  return { system, component, namespace };
}

/** The objects of one workload: account, roles, files, services, the workload itself, its disruption budget. */
export function workload(args: WorkloadArgs, environment: Environment): KubernetesObject[] {
  const name = workloadName(args);
  const labels = objectLabels(args.system, args.component, args.version);
  const metadata = { name, namespace: args.namespace, labels };
  const selector = { matchLabels: selectorLabels(args.system, args.component) };
  const files = (args.files ?? []).map(({ name, files, mode }) => configMap(name, args.namespace, labels, files, mode));
  const template = {
    metadata: { labels },
    spec: podSpec(
      args,
      environment,
      files.map(({ metadata }) => metadata.name),
    ),
  };
  return [
    {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { ...metadata, ...annotated(args.serviceAccountAnnotations) },
      automountServiceAccountToken: false,
    },
    ...clusterRole(args, name, labels),
    ...files,
    ...services(args, name, labels),
    controller(args, environment, metadata, selector, template),
    ...(args.replicas > 1 && args.kind !== "DaemonSet"
      ? [
          {
            apiVersion: "policy/v1",
            kind: "PodDisruptionBudget",
            metadata,
            spec: { maxUnavailable: 1, selector },
          } as const,
        ]
      : []),
  ];
}

const annotated = (annotations: WorkloadArgs["serviceAccountAnnotations"]) =>
  annotations ? { annotations: { ...annotations } } : {};

function controller(
  args: WorkloadArgs,
  environment: Environment,
  metadata: { name: string; namespace: string; labels: Record<string, string> },
  selector: { matchLabels: Record<string, string> },
  template: { metadata: { labels: Record<string, string> }; spec: PodSpec },
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
        spec: { replicas: args.replicas, selector, template, revisionHistoryLimit: 3 },
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
          replicas: args.replicas,
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

function podSpec(args: WorkloadArgs, environment: Environment, configMaps: readonly string[]): PodSpec {
  const settings = environment.systems[args.system];
  const nodeSelector = { ...environment.nodeSelector, ...settings.nodeSelector };
  const tolerations = [
    ...(args.tolerations ?? []),
    ...environment.tolerations,
    ...(settings.tolerations ?? []),
  ] as Toleration[];
  const volumes = podVolumes(args, configMaps);
  const selector = { matchLabels: selectorLabels(args.system, args.component) };
  const spread = (topologyKey: string) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway" as const,
    labelSelector: selector,
  });
  const root = args.user === 0;
  return {
    serviceAccountName: workloadName(args),
    automountServiceAccountToken: args.clusterRules !== undefined,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: args.gracePeriod,
    securityContext: {
      ...(root ? {} : { runAsNonRoot: true }),
      runAsUser: args.user,
      runAsGroup: args.user,
      ...(args.volume ? { fsGroup: args.user, fsGroupChangePolicy: "OnRootMismatch" as const } : {}),
      seccompProfile: { type: "RuntimeDefault" },
    },
    ...(args.host?.network ? { hostNetwork: true, dnsPolicy: "ClusterFirstWithHostNet" as const } : {}),
    ...(args.host?.pid ? { hostPID: true } : {}),
    ...(environment.images.pullSecrets.length > 0
      ? { imagePullSecrets: environment.images.pullSecrets.map((name) => ({ name })) }
      : {}),
    ...(Object.keys(nodeSelector).length > 0 ? { nodeSelector } : {}),
    ...(tolerations.length > 0 ? { tolerations } : {}),
    ...(args.replicas > 1 && args.kind !== "DaemonSet"
      ? { topologySpreadConstraints: [spread("topology.kubernetes.io/zone"), spread("kubernetes.io/hostname")] }
      : {}),
    containers: [
      container(args, volumes),
      ...(args.sidecars ?? []).map((each) => ({ ...each, securityContext: restricted() })),
    ],
    ...(volumes.length > 0 ? { volumes: volumes.map(({ volume }) => volume) } : {}),
  };
}

/** The container's part of the restricted standard; only stated host access departs from it. */
export function restricted(host?: HostAccess): NonNullable<Container["securityContext"]> {
  return {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"], ...(host?.capabilities ? { add: [...host.capabilities] } : {}) },
  };
}

function container(args: WorkloadArgs, volumes: readonly { mounts: VolumeMount[] }[]): Container {
  const { requests, limits } = args.resources;
  const memoryLimit =
    args.goMemoryShare === undefined
      ? []
      : [{ name: "GOMEMLIMIT", value: `${limits.memory.share(args.goMemoryShare).toString()}B` }];
  const env = [...(args.env ?? []), ...memoryLimit];
  const mounts = [
    ...(args.volume ? [{ name: "data", mountPath: args.volume.mountPath }] : []),
    ...volumes.flatMap(({ mounts }) => mounts),
    ...(args.extraMounts ?? []),
  ];
  return {
    name: args.system,
    image: args.image,
    ...(args.command ? { command: [...args.command] } : {}),
    args: [...args.args],
    ...(env.length > 0 ? { env } : {}),
    ports: Object.entries(args.ports).map(([name, { port, protocol = "TCP", hostPort }]) => ({
      name,
      containerPort: port,
      protocol,
      ...(hostPort === undefined ? {} : { hostPort }),
    })),
    resources: {
      requests: { cpu: requests.cpu.toString(), memory: requests.memory.toString() },
      limits: { ...(limits.cpu ? { cpu: limits.cpu.toString() } : {}), memory: limits.memory.toString() },
    },
    startupProbe: probe(args.readiness, {
      periodSeconds: 2,
      failureThreshold: Math.ceil((args.startupSeconds ?? 60) / 2),
    }),
    readinessProbe: probe(args.readiness, { periodSeconds: 5, timeoutSeconds: 3 }),
    livenessProbe: probe(args.liveness ?? args.readiness, {
      periodSeconds: 15,
      timeoutSeconds: 5,
      failureThreshold: 6,
    }),
    securityContext: restricted(args.host),
    ...(mounts.length > 0 ? { volumeMounts: mounts } : {}),
  };
}

function podVolumes(args: WorkloadArgs, configMaps: readonly string[]): { volume: Volume; mounts: VolumeMount[] }[] {
  const configs = (args.files ?? []).map(({ name, mountPath }, index) => ({
    volume: { name, configMap: { name: configMaps[index] ?? name } },
    mounts: [{ name, mountPath, readOnly: true }],
  }));
  const secrets = (args.secretFiles ?? []).map(({ secret, mountPath }) => ({
    volume: { name: secret, secret: { secretName: secret, defaultMode: 0o440 } },
    mounts: [{ name: secret, mountPath, readOnly: true }],
  }));
  const scratch = (args.scratch ?? []).map((mountPath, index) => ({
    volume: { name: `scratch-${index}`, emptyDir: {} },
    mounts: [{ name: `scratch-${index}`, mountPath }],
  }));
  const host = (args.host?.paths ?? []).map(({ name, path, mountPath, propagation, writable }) => ({
    volume: { name, hostPath: { path, ...(writable ? { type: "DirectoryOrCreate" as const } : {}) } },
    mounts: [{ name, mountPath, readOnly: !writable, ...(propagation ? { mountPropagation: propagation } : {}) }],
  }));
  return [...configs, ...secrets, ...scratch, ...host];
}
