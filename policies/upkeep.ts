import type { Flaw, ResourcePolicy } from "./policy";
import { kindOf, podOf, containersOf } from "./resources";

/** Kinds whose pods run until they are replaced: a job's end is its own sign of life. */
const serving = ["DaemonSet", "Deployment", "StatefulSet"];

export const containersProbed: ResourcePolicy = {
  kind: "resource",
  name: "containers-probed",
  reason: "Without a readiness probe a rollout counts a broken pod as done; without liveness one that hangs stays.",
  fix: "give the container a readinessProbe and a livenessProbe",
  severity: "mandatory",
  check(resource) {
    const pod = podOf(resource);
    if (pod === undefined || !serving.includes(kindOf(resource))) return [];
    return pod.spec.containers.flatMap((container): Flaw[] => {
      const missing = (["readinessProbe", "livenessProbe"] as const).filter((probe) => container[probe] === undefined);
      if (missing.length === 0) return [];
      return [
        { subject: `container ${container.name}`, problem: `has no ${missing.join(" and no ")} in ${container.name}` },
      ];
    });
  },
};

/**
 * CPU has no limit on purpose: a limit throttles a server that has the node to itself, while its request already
 * guarantees its share. Memory cannot be taken back, hence its limit.
 */
export const containersSized: ResourcePolicy = {
  kind: "resource",
  name: "containers-sized",
  reason: "The scheduler places by requests; a container without a memory limit takes its neighbours down with it.",
  fix: "set resources.requests.cpu, resources.requests.memory and resources.limits.memory",
  severity: "mandatory",
  check(resource) {
    const pod = podOf(resource);
    if (pod === undefined) return [];
    return containersOf(pod).flatMap(({ name, resources = {} }): Flaw[] => {
      const missing = [
        ...(resources.requests?.["cpu"] === undefined ? ["request of CPU"] : []),
        ...(resources.requests?.["memory"] === undefined ? ["request of memory"] : []),
        ...(resources.limits?.["memory"] === undefined ? ["limit of memory"] : []),
      ];
      return missing.length === 0
        ? []
        : [{ subject: `container ${name}`, problem: `sets no ${missing.join(", no ")} in container ${name}` }];
    });
  },
};
