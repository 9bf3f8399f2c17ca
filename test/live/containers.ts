import type { Pod } from "kubernetes-types/core/v1";
import { ctrArguments } from "../../tools/kit/containerd";
import { run } from "../../tools/kit/shell";

/** Kills the first process of each of a pod's containers on the hermetic node, as the kernel does when memory is out. */
export function killContainers({ metadata, status }: Pod): void {
  const tasks = new Map(
    run("ctr", ctrArguments("tasks", "ls"))
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .map(([id = "", pid = ""]) => [id, Number(pid)] as const),
  );
  for (const { containerID = "", name } of status?.containerStatuses ?? []) {
    const pid = tasks.get(containerID.replace(/^containerd:\/\//, ""));
    if (pid === undefined || Number.isNaN(pid)) throw new Error(`${metadata?.name}: no process of container ${name}`);
    process.kill(pid, "SIGKILL");
  }
}
