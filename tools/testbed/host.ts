import * as fs from "node:fs";
import * as os from "node:os";

import { attempt, KitError, runAsync, type Progress } from "./shell";

/** Debian packages the node stands on, with a file that proves each is there. */
const PACKAGES: Record<string, string> = {
  containerd: "/usr/bin/containerd",
  runc: "/usr/sbin/runc",
  "containernetworking-plugins": "/usr/lib/cni/ptp",
  iptables: "/usr/sbin/iptables",
  conntrack: "/usr/sbin/conntrack",
  nftables: "/usr/sbin/nft",
  iproute2: "/usr/sbin/ip",
  openssl: "/usr/bin/openssl",
  systemd: "/lib/systemd/systemd",
  dbus: "/usr/bin/dbus-daemon",
};

/** Where Debian keeps the network plugins. */
export const CNI_PLUGINS = "/usr/lib/cni";

/** Says in one message everything that keeps this machine from being the node. */
export function checkHost(): void {
  const faults: string[] = [];
  if (process.platform !== "linux") faults.push(`the operating system is ${process.platform}, needed is linux`);
  else if (process.getuid?.() !== 0) faults.push("it must run as root: it makes network devices, mounts and cgroups");
  if (os.arch() !== "x64") faults.push(`the architecture is ${os.arch()}, built and tried is only amd64 (x64)`);
  if (faults.length > 0) {
    throw new KitError(
      `The hermetic node cannot run on this machine:\n${faults.map((fault) => `  - ${fault}`).join("\n")}\n` +
        "Use a cluster that you have (--context NAME) or kind (--kind) instead.",
    );
  }
}

/** Installs the Debian packages that are missing. Nothing is touched when all are there. */
export async function installHostPackages(progress: Progress): Promise<void> {
  checkHost();
  const missing = Object.entries(PACKAGES)
    .filter(([, file]) => !fs.existsSync(file))
    .map(([name]) => name);
  if (missing.length === 0) return;
  if (attempt("apt-get", ["--version"]).code !== 0) {
    throw new KitError(`These packages are missing and there is no apt-get to install them: ${missing.join(", ")}`);
  }
  progress(`installing Debian packages: ${missing.join(", ")}`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const install = ["install", "-y", "--no-install-recommends", ...missing];
  let outcome = await runAsync("apt-get", install, { env });
  if (outcome.code !== 0) {
    await runAsync("apt-get", ["update"], { env });
    outcome = await runAsync("apt-get", install, { env });
  }
  if (outcome.code !== 0) throw new KitError(`apt-get ${install.join(" ")} failed:\n${outcome.stderr.trim()}`);
}
