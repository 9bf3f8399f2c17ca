import * as fs from "node:fs";
import * as path from "node:path";

import { CONTAINER_LOGS, kubeletRoot, POD_LOGS } from "./agents";
import { removeContainers, stopContainerd } from "./containerd";
import { unshareRoot } from "./mounts";
import { removeNetwork } from "./network";
import { CONTAINERD_SOCKET, nodeRoot, RUNTIME } from "./paths";
import { removePolicyEngine } from "./policy-engine";
import { endProcess, killMatching, killPids, recordedProcesses, runningProcess } from "./processes";
import { attempt, KitError, sleep } from "./shell";
import { removeSystemd, SYSTEMD_GROUP } from "./systemd";

/** Stands from before the first change to this machine until the last one is undone. */
export function markerFile(): string {
  return nodeRoot("started");
}

/** Undoes all that a start did to this machine, complete or cut off; the images and the keys stay. */
export async function cleanNode(): Promise<void> {
  // First who would start containers again, or answer their end with new ones.
  for (const name of ["provisioner", "kubelet", "kube-proxy", "kube-controller-manager", "kube-scheduler"]) {
    await endProcess(name, 0);
  }
  if (runningProcess("containerd") !== undefined) await removeContainers().catch(() => undefined);
  await stopContainerd();
  await killPids(groupedProcesses());
  await killMatching((command) => isOurShim(command));
  for (const name of recordedProcesses()) await endProcess(name, 0);
  await unmountBelow([RUNTIME, nodeRoot()]);
  await removeCgroups();
  unshareRoot();
  removePolicyEngine();
  removeSystemd();
  removeNetwork(fs.statSync(markerFile()).mtimeMs);
  for (const folder of [RUNTIME, kubeletRoot(), nodeRoot("etcd"), nodeRoot("volumes"), nodeRoot("run")]) {
    fs.rmSync(folder, { recursive: true, force: true });
  }
  // What the agents of the stack kept on this node; a cloud's node would be gone with its disk.
  fs.rmSync("/var/lib/observability", { recursive: true, force: true });
  removeRuntimeFiles();
  emptyFolder(POD_LOGS);
  emptyFolder(CONTAINER_LOGS);
  fs.rmSync(markerFile(), { force: true });
}

function isOurShim(command: string[]): boolean {
  return /containerd-shim/.test(command[0] ?? "") && command.includes(CONTAINERD_SOCKET);
}

/** Folders of our control groups, the pods' first: one per controller in the first version, a single one in the second. */
function ourGroups(): string[] {
  const root = "/sys/fs/cgroup";
  return [root, ...fs.readdirSync(root).map((name) => path.join(root, name))]
    .flatMap((folder) => ["kubepods", SYSTEMD_GROUP].map((name) => path.join(folder, name)))
    .filter((folder) => fs.existsSync(folder));
}

function subfolders(folder: string): string[] {
  const below = fs.readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [...below.flatMap((entry) => subfolders(path.join(folder, entry.name))), folder];
}

/** What still runs in our groups when containerd, or who else started it, no longer answers for it. */
function groupedProcesses(): number[] {
  const pids = new Set<number>();
  for (const folder of ourGroups().flatMap(subfolders)) {
    const listed = fs.readFileSync(path.join(folder, "cgroup.procs"), "utf8");
    for (const line of listed.split("\n")) if (line) pids.add(Number(line));
  }
  return [...pids];
}

async function removeCgroups(): Promise<void> {
  // The kernel frees a group a moment after its last process.
  for (let round = 0; round < 40; round += 1) {
    const folders = ourGroups().flatMap(subfolders);
    if (folders.length === 0) return;
    for (const folder of folders) {
      try {
        fs.rmdirSync(folder);
      } catch {
        continue;
      }
    }
    await sleep(50);
  }
  throw new KitError(`these control groups could not be removed: ${ourGroups().join(", ")}`);
}

/** Mount points at or below one of the folders, the deepest first, from the text of /proc/self/mounts. */
export function mountsBelow(mounts: string, folders: string[]): string[] {
  return mounts
    .split("\n")
    .map((line) => (line.split(" ")[1] ?? "").replace(/\\040/g, " "))
    .filter((target) => folders.some((folder) => target === folder || target.startsWith(`${folder}/`)))
    .reverse();
}

/** Fails rather than let a later removal of folders reach through a mount. */
async function unmountBelow(folders: string[]): Promise<void> {
  const left = () => mountsBelow(fs.readFileSync("/proc/self/mounts", "utf8"), folders);
  for (let round = 0; round < 10 && left().length > 0; round += 1) {
    for (const target of left()) {
      if (attempt("umount", [target]).code !== 0 && round > 3) attempt("umount", ["--lazy", target]);
    }
    if (left().length > 0) await sleep(100);
  }
  if (left().length > 0) throw new KitError(`these mounts could not be ended: ${left().join(", ")}`);
}

/**
 * Shims and runc keep their files at a place that no setting moves. A socket that nobody listens on is a dead one's;
 * the folder of the Kubernetes namespace is ours, since no other cluster is on this machine.
 */
function removeRuntimeFiles(): void {
  const root = "/run/containerd";
  const open = fs.readFileSync("/proc/net/unix", "utf8");
  const sockets = path.join(root, "s");
  for (const name of fs.existsSync(sockets) ? fs.readdirSync(sockets) : []) {
    if (!open.includes(`${sockets}/${name}\n`)) fs.rmSync(path.join(sockets, name), { force: true });
  }
  fs.rmSync(path.join(root, "runc", "k8s.io"), { recursive: true, force: true });
  for (const folder of [path.join(root, "runc"), sockets, root]) {
    if (fs.existsSync(folder) && fs.readdirSync(folder).length === 0) fs.rmdirSync(folder);
  }
}

/** Pods' logs stand at the place every log agent knows; the start made sure that no other cluster writes there. */
function emptyFolder(folder: string): void {
  if (!fs.existsSync(folder)) return;
  for (const entry of fs.readdirSync(folder)) fs.rmSync(path.join(folder, entry), { recursive: true, force: true });
}
