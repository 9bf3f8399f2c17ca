import type { Composition, Exemption } from "../environment";

/** What belongs to no one system departs so: the agents, of node-exporter and of the collector, share a namespace. */
const ofTheStack: readonly Exemption[] = [
  {
    policy: "namespaces-restricted",
    resource: "Namespace *-agents",
    subjects: ["pod-security.kubernetes.io/enforce"],
    reason: "holds the two agents above, which the restricted standard refuses; everything else is in the other one",
    granted: "2026-11-21",
    expires: "2027-11-21",
  },
];

/** Every departure of a stack: its own, and those that stand with its systems. Past its date each fails the check. */
export const exemptionsOf = ({ systems }: Composition): readonly Exemption[] => [
  ...ofTheStack,
  ...systems.flatMap(({ exemptions = [] }) => exemptions),
];
