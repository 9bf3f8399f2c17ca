import type { Container, PodSpec, Probe, Toleration, Volume, VolumeMount } from "kubernetes-types/core/v1";
import { agentsNamespace, type Environment } from "../../environment";
import { workloadName, type HostAccess, type WorkloadArgs } from "./args";
import { isReplicated, replicaLabels } from "./replicas";

const probe = (action: WorkloadArgs["readiness"], rest: Omit<Probe, "httpGet" | "tcpSocket">): Probe =>
  "tcp" in action ? { tcpSocket: { port: action.tcp }, ...rest } : { httpGet: action, ...rest };

/** The pod of a workload: its account, security, placement, container and volumes. */
export function podSpec(args: WorkloadArgs, environment: Environment, configMaps: readonly string[]): PodSpec {
  const settings = environment.systems[args.system];
  // What runs on each node runs on all of them: the environment's selector says where servers go, and a node without
  // its agent would lose its logs.
  const nodeSelector = {
    ...(args.kind === "DaemonSet" ? {} : environment.nodeSelector),
    ...settings.nodeSelector,
    ...(args.zone === undefined ? {} : { "topology.kubernetes.io/zone": args.zone }),
  };
  const tolerations = [
    ...(args.tolerations ?? []),
    ...environment.tolerations,
    ...(settings.tolerations ?? []),
  ] as Toleration[];
  const volumes = podVolumes(args, configMaps);
  const selector = { matchLabels: replicaLabels(args) };
  const spread = (topologyKey: string) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway" as const,
    labelSelector: selector,
  });
  const root = args.user === 0;
  const own = [environment.namespace, agentsNamespace(environment)].includes(args.namespace);
  return {
    serviceAccountName: args.account ?? workloadName(args),
    // The class has the namespace's name (stacks/quotas.ts).
    ...(own ? { priorityClassName: args.namespace } : {}),
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
    ...(isReplicated(args)
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
function restricted(host?: HostAccess): NonNullable<Container["securityContext"]> {
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
      ...(args.settleSeconds === undefined ? {} : { initialDelaySeconds: args.settleSeconds }),
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
  const shared = (args.sharedFiles ?? []).map(({ configMap, mountPath }, index) => ({
    volume: { name: `shared-${index}`, configMap: { name: configMap } },
    mounts: [{ name: `shared-${index}`, mountPath, readOnly: true }],
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
  return [...configs, ...shared, ...secrets, ...scratch, ...host];
}
