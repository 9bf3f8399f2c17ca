import type { StackPlan } from "../../../stacks";
import { isWorkload, type Flow } from "../../../stacks/kubernetes";
import { mayBeEnd } from "../flow-ends";
import type { Peer, SeenFlow } from "../policies";

/** The namespaces in which nothing is allowed but what a flow says. */
export function governedNamespaces({ namespaces }: StackPlan): string[] {
  return namespaces.flatMap(({ kind, metadata }) => (kind === "Namespace" && metadata?.name ? [metadata.name] : []));
}

/**
 * Whether the stack's flows let a connection pass: out at the one end, and in at the other. An end that is no pod of the
 * stack is free. Read from the flows alone, not from the policies that are made of them.
 */
export function permitted(flows: readonly Flow[], governed: readonly string[], seen: SeenFlow): boolean {
  const isGoverned = ({ pod }: Peer) => pod !== undefined && governed.includes(pod.namespace);
  const about = flows.filter(
    ({ port, protocol }) => protocol === seen.protocol && (port === "any" || port === seen.port),
  );
  const named = (own: "from" | "to") =>
    about.some((flow) => isWorkload(flow[own]) && mayBeEnd(flow.from, seen.from) && mayBeEnd(flow.to, seen.to));
  return (!isGoverned(seen.from) || named("from")) && (!isGoverned(seen.to) || named("to"));
}
