import * as fs from "node:fs";
import * as path from "node:path";

import { nodeRoot } from "./paths";
import { assertRunning, logFile, startProcess } from "./processes";
import { attempt, tail, waitUntil } from "./shell";

const NAME = "systemd";
/** Name of its control groups. */
export const SYSTEMD_GROUP = "observability-kit";
/** Where everybody finds the system's bus, on which systemd answers. */
const SYSTEM_BUS = "/run/dbus/system_bus_socket";

/** Where Debian keeps the units; a private systemd gets none but these, so that it starts nothing of the machine's. */
const DISTRIBUTED = "/lib/systemd/system";
const BORROWED = ["systemd-journald.service", "systemd-journald.socket"];

/** Its own units. Nothing stands on what a whole boot would bring: mounts, devices, networks. */
const UNITS = {
  "observability-kit.target": `[Unit]
Description=What runs beside the hermetic node
DefaultDependencies=no
Wants=dbus.service systemd-journald.service
`,
  "dbus.socket": `[Unit]
Description=Socket of the system's bus
DefaultDependencies=no
[Socket]
ListenStream=${SYSTEM_BUS}
`,
  "dbus.service": `[Unit]
Description=The system's bus
DefaultDependencies=no
Requires=dbus.socket
After=dbus.socket
[Service]
Type=notify
ExecStart=/usr/bin/dbus-daemon --system --address=systemd: --nofork --nopidfile --systemd-activation --syslog-only
`,
};

/** A group of its own in the hierarchy that systemd keeps for itself: it takes the group that it starts in for the root. */
const JOIN = `for root in /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
  if [ -d $root ]; then mkdir -p $root/${SYSTEMD_GROUP} && echo $$ > $root/${SYSTEMD_GROUP}/cgroup.procs || exit 1; fi
done
exec "$@"`;

/** It sees a /run, a console and control groups of its own; with the machine it shares the folder of the bus alone. */
const SETTLE = `set -e
mkdir -p "$1/bus"
mount -n --bind /run/dbus "$1/bus"
mount -n -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/dbus /run/lock
mount -n --move "$1/bus" /run/dbus
mount -n --bind /dev/null /dev/console
mount -n -t tmpfs -o mode=755 tmpfs /sys/fs/cgroup
mkdir /sys/fs/cgroup/systemd
mount -n -t cgroup -o none,name=systemd cgroup /sys/fs/cgroup/systemd
exec env -i container=observability-kit PATH=/usr/sbin:/usr/bin:/sbin:/bin SYSTEMD_UNIT_PATH="$1/units" \\
  /lib/systemd/systemd --system --unit=observability-kit.target --log-target=journal --show-status=no`;

/**
 * Starts a systemd for the node where the machine has none, as the first process of a process namespace: an ordinary
 * node has one, and its agents ask it. Its units are the journal and the bus; the node's own processes are not.
 */
export async function startSystemd(): Promise<void> {
  // What systemd's own libraries ask to know whether it runs the machine.
  if (fs.existsSync("/run/systemd/system")) return;
  const root = nodeRoot("systemd");
  const units = path.join(root, "units");
  fs.rmSync(units, { recursive: true, force: true });
  fs.mkdirSync(units, { recursive: true });
  for (const [name, text] of Object.entries(UNITS)) fs.writeFileSync(path.join(units, name), text);
  for (const name of BORROWED) fs.symlinkSync(path.join(DISTRIBUTED, name), path.join(units, name));
  fs.mkdirSync(path.dirname(SYSTEM_BUS), { recursive: true });
  const namespaces = ["mount", "pid", "uts", "ipc", "cgroup"].map((kind) => `--${kind}`);
  const alone = [...namespaces, "--propagation", "private", "--fork", "--kill-child", "--mount-proc"];
  startProcess(NAME, "sh", ["-c", JOIN, "sh", "unshare", ...alone, "sh", "-c", SETTLE, "sh", root]);
  await waitUntil(
    "systemd answers on the system's bus",
    30,
    () => {
      assertRunning([NAME]);
      return unitIsKnown("systemd-journald.service");
    },
    () => tail(logFile(NAME)),
  );
}

/** Whether systemd answers on the system's bus, and knows a unit. */
function unitIsKnown(unit: string): boolean {
  const method = ["/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager.GetUnit", `string:${unit}`];
  return attempt("dbus-send", ["--system", "--print-reply", "--dest=org.freedesktop.systemd1", ...method]).code === 0;
}

/** Removes what it left once its processes have ended. */
export function removeSystemd(): void {
  const root = nodeRoot("systemd");
  if (!fs.existsSync(root)) return;
  fs.rmSync(SYSTEM_BUS, { force: true });
  fs.rmSync(root, { recursive: true, force: true });
}
