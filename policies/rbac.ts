import type { ClusterRole, RoleRef, Subject } from "kubernetes-types/rbac/v1";
import type { Flaw, Resource, ResourcePolicy, StackPolicy } from "./policy";
import { isKubernetes, kindOf, metadataOf, ofKind, podOf } from "./resources";

type Rules = NonNullable<ClusterRole["rules"]>;

/** Verbs by which an account gives itself more than it has. */
const escalating = ["bind", "escalate", "impersonate"];
/** Groups that hold every account, or everybody. */
const everybody = ["system:authenticated", "system:serviceaccounts", "system:unauthenticated"];

export const rbacWithoutWildcards: ResourcePolicy = {
  kind: "resource",
  name: "rbac-without-wildcards",
  reason: "A wildcard over the Kubernetes API includes secrets, and with them every other right.",
  fix: "list API groups, resources and verbs; name the secrets that must be read",
  severity: "mandatory",
  check(resource) {
    if (!isKubernetes(resource)) return [];
    switch (kindOf(resource)) {
      case "ClusterRole":
      case "Role":
        return ((resource.inputs["rules"] ?? []) as Rules).flatMap(wide);
      case "ClusterRoleBinding":
      case "RoleBinding":
        return bindings(resource);
      default:
        return [];
    }
  },
};

function wide({ apiGroups = [], resources = [], verbs, nonResourceURLs = [], resourceNames }: Rules[number]): Flaw[] {
  const of = [...resources, ...nonResourceURLs].join(", ") || "nothing";
  const flaw = (subject: string, problem: string): Flaw => ({ subject, problem });
  const reads = verbs.some((verb) => ["get", "list", "watch"].includes(verb));
  return [
    ...(apiGroups.includes("*") ? [flaw("apiGroups *", `names every API group for ${of}`)] : []),
    ...(resources.includes("*") ? [flaw("resources *", "names every resource")] : []),
    ...(nonResourceURLs.includes("*") ? [flaw("nonResourceURLs *", "names every path")] : []),
    ...(verbs.includes("*") ? [flaw("verbs *", `allows every verb on ${of}`)] : []),
    ...(resources.includes("secrets") && reads && (resourceNames ?? []).length === 0
      ? [flaw("secrets", "reads every secret")]
      : []),
    ...verbs.filter((verb) => escalating.includes(verb)).map((verb) => flaw(verb, `allows ${verb} on ${of}`)),
  ];
}

function bindings({ inputs }: Resource): Flaw[] {
  const role = inputs["roleRef"] as RoleRef | undefined;
  const subjects = (inputs["subjects"] ?? []) as readonly Subject[];
  return [
    ...(role?.name === "cluster-admin" ? [{ subject: "cluster-admin", problem: "gives cluster-admin" }] : []),
    ...subjects
      .filter(({ kind, name }) => kind === "Group" && everybody.includes(name))
      .map(({ name }) => ({ subject: name, problem: `gives ${role?.name ?? "a role"} to the group ${name}` })),
  ];
}

export const tokensOnlyWhereUsed: StackPolicy = {
  kind: "stack",
  name: "tokens-only-where-used",
  reason: "A token of the Kubernetes API in a pod that never calls it serves only an intruder.",
  fix: "set automountServiceAccountToken: false, or bind a role to the pod's service account",
  severity: "mandatory",
  check(resources) {
    const bound = ofKind(resources, "ClusterRoleBinding", "RoleBinding").flatMap(({ inputs }) =>
      ((inputs["subjects"] ?? []) as readonly Subject[]).map(({ name, namespace }) => `${namespace ?? ""}/${name}`),
    );
    return resources.flatMap((resource) => {
      const pod = podOf(resource);
      if (pod === undefined || pod.spec.automountServiceAccountToken === false) return [];
      const account = pod.spec.serviceAccountName ?? "default";
      const used = bound.includes(`${metadataOf(resource).namespace ?? ""}/${account}`);
      const problem = `mounts the token of ${account}, which has no role`;
      return used ? [] : [{ resource, subject: `token of ${account}`, problem }];
    });
  },
};
