import type { NetworkPolicySpec } from "kubernetes-types/networking/v1";
import type { Flaw, Resource, ResourcePolicy, StackPolicy } from "./policy";
import { isKubernetes, kindOf, metadataOf, ofKind, podOf, specOf } from "./resources";

export const namespacesDenyByDefault: StackPolicy = {
  kind: "stack",
  name: "namespaces-deny-by-default",
  reason: "Where no network policy selects a pod, every pod of the cluster reaches it and it reaches the internet.",
  fix: "add a NetworkPolicy with podSelector {}, policyTypes [Ingress, Egress] and no rules",
  severity: "mandatory",
  check(resources) {
    const denied = ofKind(resources, "NetworkPolicy").filter(deniesEverything).map(namespaceOf);
    const namespaces = new Map<string, Resource>();
    for (const resource of ofKind(resources, "Namespace")) {
      namespaces.set(metadataOf(resource).name ?? resource.name, resource);
    }
    // A namespace that somebody else made: the first of our workloads there answers for it.
    for (const resource of resources.filter((each) => podOf(each) !== undefined)) {
      const name = namespaceOf(resource);
      if (!namespaces.has(name)) namespaces.set(name, resource);
    }
    return [...namespaces]
      .filter(([name]) => !denied.includes(name))
      .map(([name, resource]) => ({
        resource,
        subject: `namespace ${name}`,
        problem: `${podOf(resource) === undefined ? "has" : `is in "${name}", which has`} no policy that denies by default`,
      }));
  },
};

const namespaceOf = (resource: Resource): string => metadataOf(resource).namespace ?? "default";

function deniesEverything(resource: Resource): boolean {
  const { podSelector, policyTypes = [], ingress = [], egress = [] } = specOf<NetworkPolicySpec>(resource);
  const everyPod = Object.keys(podSelector ?? { none: true }).length === 0;
  const both = policyTypes.includes("Ingress") && policyTypes.includes("Egress");
  return everyPod && both && ingress.length === 0 && egress.length === 0;
}

const everywhere = ["0.0.0.0/0", "::/0"];

export const networkClosed: ResourcePolicy = {
  kind: "resource",
  name: "network-closed-to-anyone",
  reason: "A rule that lets any address in undoes the default deny for the pods that it selects.",
  fix: "name the pods or namespaces that connect; for addresses, the narrowest range",
  severity: "mandatory",
  check(resource) {
    if (!isKubernetes(resource) || kindOf(resource) !== "NetworkPolicy") return [];
    return (specOf<NetworkPolicySpec>(resource).ingress ?? []).flatMap(({ from = [], ports = [] }): Flaw[] => {
      const listed = ports.map(({ port, protocol = "TCP" }) => `${port ?? "any"}/${protocol}`).join(", ");
      const where = `to ${listed || "every port"}`;
      const anybody = from.find(({ ipBlock }) => ipBlock !== undefined && everywhere.includes(ipBlock.cidr));
      if (from.length === 0) return [{ subject: where, problem: `lets everybody in ${where}` }];
      return anybody === undefined ? [] : [{ subject: where, problem: `lets any address in ${where}` }];
    });
  },
};
