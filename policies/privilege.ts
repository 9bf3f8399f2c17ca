import type { Container, SecurityContext } from "kubernetes-types/core/v1";
import type { Flaw, ResourcePolicy } from "./policy";
import { containersOf, kindOf, isKubernetes, labelsOf, podOf, type PodTemplate } from "./resources";

/** The only capability that the restricted pod security standard lets a container add. */
const harmlessCapability = "NET_BIND_SERVICE";

export const podsUnprivileged: ResourcePolicy = {
  kind: "resource",
  name: "pods-unprivileged",
  reason: "A process that is root or can become it needs one more fault to own the node.",
  fix: "set runAsNonRoot and a user above 0, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}",
  severity: "mandatory",
  check(resource) {
    const pod = podOf(resource);
    return pod === undefined ? [] : containersOf(pod).flatMap((container) => privileges(pod, container));
  },
};

function privileges({ spec }: PodTemplate, container: Container): Flaw[] {
  const own: SecurityContext = container.securityContext ?? {};
  const user = own.runAsUser ?? spec.securityContext?.runAsUser;
  const nonRoot = own.runAsNonRoot ?? spec.securityContext?.runAsNonRoot;
  const dropped = own.capabilities?.drop ?? [];
  const added = (own.capabilities?.add ?? []).filter((name) => name !== harmlessCapability);
  const flaw = (is: boolean, subject: string, problem: string): Flaw[] =>
    is ? [{ subject: `${subject} in ${container.name}`, problem: `${problem} in container ${container.name}` }] : [];
  return [
    ...flaw(own.privileged === true, "privileged", "is privileged"),
    ...flaw(own.allowPrivilegeEscalation !== false, "privilege escalation", "may gain privileges"),
    ...flaw(!dropped.includes("ALL"), "capabilities", "keeps the runtime's capabilities"),
    ...added.flatMap((name) => flaw(true, name, `adds the capability ${name}`)),
    ...flaw(user === 0, "root", "runs as root"),
    ...flaw(user !== 0 && nonRoot !== true, "root", "does not exclude root (runAsNonRoot)"),
  ];
}

export const podsHardened: ResourcePolicy = {
  kind: "resource",
  name: "pods-hardened",
  reason: "A writable image and an unfiltered kernel are what an intruder builds on.",
  fix: "set readOnlyRootFilesystem: true (an emptyDir for scratch files), seccompProfile RuntimeDefault, an own account",
  severity: "mandatory",
  check(resource) {
    const pod = podOf(resource);
    if (pod === undefined) return [];
    const { spec } = pod;
    const account = spec.serviceAccountName ?? "default";
    return [
      ...(account === "default"
        ? [{ subject: "service account", problem: "runs under the namespace's default service account" }]
        : []),
      ...containersOf(pod).flatMap(({ name, securityContext = {} }): Flaw[] => {
        const profile = (securityContext.seccompProfile ?? spec.securityContext?.seccompProfile)?.type;
        return [
          ...(securityContext.readOnlyRootFilesystem === true
            ? []
            : [{ subject: `writable image in ${name}`, problem: `can write into the image of container ${name}` }]),
          ...(profile === "RuntimeDefault" || profile === "Localhost"
            ? []
            : [{ subject: `seccomp in ${name}`, problem: `runs container ${name} without a seccomp profile` }]),
        ];
      }),
    ];
  },
};

export const podsOffTheHost: ResourcePolicy = {
  kind: "resource",
  name: "pods-off-the-host",
  reason: "What a pod shares with its node it also shares with every other pod there; network policies end at it.",
  fix: "leave out host namespaces, hostPath volumes and host ports",
  severity: "mandatory",
  check(resource) {
    const pod = podOf(resource);
    if (pod === undefined) return [];
    const { spec } = pod;
    const namespaces = (["hostNetwork", "hostPID", "hostIPC"] as const).filter((name) => spec[name] === true);
    const paths = (spec.volumes ?? []).flatMap(({ hostPath }) => (hostPath === undefined ? [] : [hostPath.path]));
    const ports = containersOf(pod).flatMap((container) => container.ports ?? []);
    // With the node's network every port is a host port; that is said once.
    const hostPorts = ports.flatMap(({ hostPort }) => (hostPort && !spec.hostNetwork ? [hostPort] : []));
    return [
      ...namespaces.map((name) => ({ subject: name, problem: `is in the node's namespace (${name})` })),
      ...paths.map((path) => ({ subject: `hostPath ${path}`, problem: `mounts the node's ${path}` })),
      ...hostPorts.map((port) => ({ subject: `hostPort ${port}`, problem: `listens on the node's port ${port}` })),
    ];
  },
};

const enforceLabel = "pod-security.kubernetes.io/enforce";

export const namespacesRestricted: ResourcePolicy = {
  kind: "resource",
  name: "namespaces-restricted",
  reason: "The API server refuses a privileged pod only where the namespace says so; nothing else keeps one out.",
  fix: `label the namespace ${enforceLabel}: restricted`,
  severity: "mandatory",
  check(resource) {
    if (!isKubernetes(resource) || kindOf(resource) !== "Namespace") return [];
    const level = labelsOf(resource)[enforceLabel];
    return level === "restricted"
      ? []
      : [{ subject: enforceLabel, problem: `enforces the pod security standard "${level ?? "none"}"` }];
  },
};
