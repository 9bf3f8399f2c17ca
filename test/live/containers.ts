import type { Pod } from "kubernetes-types/core/v1";
import { ctrArguments } from "../../tools/testbed/containerd";
import { run } from "../../tools/testbed/shell";

/** First processes of the containers that run on the hermetic node, by the container's id. */
export function runningContainers(): Map<string, number> {
  return new Map(
    run("ctr", ctrArguments("tasks", "ls"))
      .split("\n")
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .map(([id = "", pid = ""]) => [id, Number(pid)]),
  );
}

/** First process of each of a pod's containers, by its name. @throws Error when one does not run */
export function processesOf({ metadata, status }: Pod, running = runningContainers()): Map<string, number> {
  return new Map(
    (status?.containerStatuses ?? []).map(({ containerID = "", name }) => {
      const pid = running.get(containerID.replace(/^containerd:\/\//, ""));
      if (pid === undefined || Number.isNaN(pid)) throw new Error(`${metadata?.name}: no process of container ${name}`);
      return [name, pid];
    }),
  );
}

/** Kills the first process of each of a pod's containers on the hermetic node, as the kernel does when memory is out. */
export function killContainers(pod: Pod): void {
  for (const pid of processesOf(pod).values()) process.kill(pid, "SIGKILL");
}
