import { at, type Fault } from "./faults";
import type { Rule } from "./rule";
import { tooSmall } from "./sizing/explain";
import { printedBytes } from "./sizing/steps";

/** What must hold of loads and quotas. What the stack's pods take together is known once it is planned: `stacks/quotas.ts`. */

/** What a volume has to hold follows from the load: the stated one, or the one that the profile's sizes carry. */
const volumesHold: Rule = (environment) => {
  const load = environment.load === undefined ? `the load that the sizes of ${environment.profile} carry` : "the load";
  const other = environment.load === undefined ? ", a smaller load (observability:load)" : "";
  return tooSmall(environment).map(({ key, volume, needs, reason, least }) => ({
    key: at(key),
    value: volume.toString(),
    reason: `holds less than ${load} takes (${printedBytes(needs?.bytes ?? 0)}): ${reason}`,
    fix: `at least ${least.toString()}, a shorter retention or outage${other}, or no volume here: it follows from the load`,
  }));
};

const quotasMakeSense: Rule = ({ quotas, namespace }) => {
  const faults: Fault[] = [];
  const check = (key: string, from: { readonly toString: () => string }, less: boolean, what: string) => {
    if (less) faults.push({ key: at(`quotas.${key}`), value: from.toString(), reason: what, fix: "raise the limit" });
  };
  for (const name of ["application", "stack"] as const) {
    const quota = quotas[name];
    if (quota === undefined) continue;
    const { cpu, memory, storage } = quota;
    check(
      `${name}.cpu.request`,
      cpu.request,
      (cpu.limit?.millis ?? Infinity) < cpu.request.millis,
      "more than cpu.limit",
    );
    check(
      `${name}.memory.request`,
      memory.request,
      memory.limit.bytes < memory.request.bytes,
      "more than memory.limit",
    );
    const initial = storage.initial?.bytes ?? 0;
    check(`${name}.storage.initial`, storage.initial ?? "", storage.limit.bytes < initial, "more than storage.limit");
  }
  if (quotas.stack?.cpu.limit !== undefined) {
    faults.push({
      key: at("quotas.stack.cpu.limit"),
      value: quotas.stack.cpu.limit.toString(),
      reason: "the stack's pods have no CPU limits, and a quota on them refuses pods without one",
      fix: "take it away; cpu.request bounds the stack",
    });
  }
  const own = [namespace, `${namespace}-agents`].filter((name) => quotas.applicationNamespaces.includes(name));
  return [
    ...faults,
    ...own.map((name) => ({
      key: at("quotas.applicationNamespaces"),
      value: name,
      reason: "is a namespace of the stack, whose quota is quotas.stack",
      fix: "take it away",
    })),
  ];
};

export const capacityRules: readonly Rule[] = [volumesHold, quotasMakeSense];
