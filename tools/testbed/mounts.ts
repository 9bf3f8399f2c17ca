import * as fs from "node:fs";

import { nodeRoot } from "./paths";
import { attempt, run } from "./shell";

/** Stands while the root file system is shared because of us. */
const sharedByUs = () => nodeRoot("root-shared");

/** Whether mounts made below `/` are seen in other mount namespaces. */
function rootIsShared(): boolean {
  const lines = fs.readFileSync("/proc/self/mountinfo", "utf8").split("\n");
  return lines.some((line) => line.split(" ")[4] === "/" && / shared:\d+/.test(line));
}

/** Makes `/` a shared mount, as systemd does at boot: pods with `HostToContainer` mounts don't start without. */
export function shareRoot(): void {
  if (rootIsShared()) return;
  fs.writeFileSync(sharedByUs(), "");
  run("mount", ["--make-shared", "/"]);
}

/** Takes that back, if it was we who did it. */
export function unshareRoot(): void {
  if (!fs.existsSync(sharedByUs())) return;
  attempt("mount", ["--make-private", "/"]);
  fs.rmSync(sharedByUs(), { force: true });
}
