import * as fs from "node:fs";

import { CNI_PLUGINS } from "./host";
import { networkPlugins } from "./network";
import { CONTAINERD_SOCKET, nodeRoot, RUNTIME } from "./paths";
import { assertRunning, endProcess, logFile, startProcess } from "./processes";
import { attempt, KitError, runAsync, tail, waitUntil } from "./shell";

/** Reference of the image that holds a pod's namespaces; it exists nowhere else. */
export const PAUSE_IMAGE = "localhost/observability-kit/pause:1.0.0";

const NAME = "containerd";

/** Arguments that make `ctr` speak to the node's containerd, in the namespace that Kubernetes uses. */
export function ctrArguments(...args: string[]): string[] {
  return ["--address", CONTAINERD_SOCKET, "--namespace", "k8s.io", ...args];
}

function configuration(): string {
  return `version = 2
root = "${nodeRoot("containerd")}"
state = "${RUNTIME}/containerd"
# Nobody but the node may be disturbed by a machine that runs out of memory.
oom_score = 0

[grpc]
address = "${CONTAINERD_SOCKET}"

[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "${PAUSE_IMAGE}"
# Without it every sandbox fails where the kernel refuses a lower score: "can't get final child's PID from pipe: EOF".
restrict_oom_score_adj = true
# Below our own folder, so that the cleaning finds what a crash leaves mounted.
netns_mounts_under_state_dir = true
disable_apparmor = true

[plugins."io.containerd.grpc.v1.cri".containerd]
snapshotter = "overlayfs"
default_runtime_name = "runc"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
SystemdCgroup = false

[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "${CNI_PLUGINS}"
conf_dir = "${nodeRoot("cni")}"
`;
}

/** Starts containerd with root, state and socket of its own, so that it touches no other one. */
export async function startContainerd(): Promise<void> {
  fs.mkdirSync(nodeRoot("cni"), { recursive: true });
  fs.mkdirSync(RUNTIME, { recursive: true });
  fs.writeFileSync(nodeRoot("cni", "10-hermetic.conflist"), networkPlugins());
  fs.writeFileSync(nodeRoot("containerd.toml"), configuration());
  await launch();
  // After a crash its database still names containers that no longer exist: kubelet must not meet them.
  if (listContainers().length > 0) {
    await removeContainers();
    await endProcess(NAME, 5);
    await launch();
  }
}

async function launch(): Promise<void> {
  startProcess(NAME, "containerd", ["--config", nodeRoot("containerd.toml")]);
  await waitUntil(
    "containerd answers",
    20,
    () => {
      assertRunning([NAME]);
      return attempt("ctr", ctrArguments("version")).code === 0;
    },
    () => tail(logFile(NAME)),
  );
}

function listContainers(): string[] {
  const outcome = attempt("ctr", ctrArguments("containers", "ls", "-q"));
  if (outcome.code !== 0) throw new KitError(`ctr containers ls failed: ${outcome.stderr.trim()}`);
  return outcome.stdout.split("\n").filter((id) => id !== "");
}

/** Removes every container of the node; images stay. */
export async function removeContainers(): Promise<void> {
  const queue = listContainers();
  const worker = async (): Promise<void> => {
    for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
      await runAsync("ctr", ctrArguments("tasks", "rm", "--force", id));
      await runAsync("ctr", ctrArguments("containers", "rm", id));
    }
  };
  await Promise.all(Array.from({ length: 6 }, worker));
}

/** Ends containerd; its containers must be gone before. */
export async function stopContainerd(): Promise<void> {
  await endProcess(NAME, 5);
}
