import * as fs from "node:fs";

import { NODE_ADDRESS, NODE_BRIDGE, POD_RANGE, SERVICE_RANGE } from "./addresses";
import { nodeRoot } from "./paths";
import { attempt, KitError, run } from "./shell";

/** Kernel settings that kubelet, kube-proxy and the network plugins change and never restore. */
const SYSCTLS = [
  "net/ipv4/ip_forward",
  "net/ipv4/conf/all/route_localnet",
  "net/netfilter/nf_conntrack_max",
  "net/netfilter/nf_conntrack_tcp_timeout_established",
  "net/netfilter/nf_conntrack_tcp_timeout_close_wait",
  "vm/overcommit_memory",
  "vm/panic_on_oom",
  "kernel/panic",
  "kernel/panic_on_oops",
  "kernel/keys/root_maxkeys",
  "kernel/keys/root_maxbytes",
];
/** Each pod's end of a cable on the host gets this prefix from the `ptp` plugin. */
const POD_DEVICE = /^veth[0-9a-f]{8}$/;
const NETWORK_NAME = "hermetic";

/** A chain that Kubernetes or the network plugins made. */
const OUR_CHAIN = /^(KUBE|CNI)-/;

function sysctlFile(): string {
  return nodeRoot("sysctl.json");
}

/** Gives the node its address and keeps every packet for pods and services on this machine. */
export function createNetwork(): void {
  rememberSysctls();
  run("ip", ["link", "add", NODE_BRIDGE, "type", "bridge"]);
  run("ip", ["address", "add", `${NODE_ADDRESS}/32`, "dev", NODE_BRIDGE]);
  run("ip", ["link", "set", NODE_BRIDGE, "up"]);
  run("ip", ["route", "replace", SERVICE_RANGE, "dev", NODE_BRIDGE]);
  // Pods have a more specific route each; an address whose pod has gone must not leave by the default route.
  run("ip", ["route", "replace", "unreachable", POD_RANGE]);
  fs.writeFileSync("/proc/sys/net/ipv4/ip_forward", "1");
}

/** The network plugins' configuration: a routed cable per pod, so that no bridge filtering is needed for services. */
export function networkPlugins(): string {
  const plugins = [
    {
      type: "ptp",
      ipMasq: false,
      mtu: 1500,
      ipam: {
        type: "host-local",
        ranges: [[{ subnet: POD_RANGE }]],
        routes: [{ dst: "0.0.0.0/0" }],
        dataDir: nodeRoot("addresses"),
      },
    },
    { type: "portmap", capabilities: { portMappings: true }, snat: true },
  ];
  return JSON.stringify({ cniVersion: "1.0.0", name: NETWORK_NAME, plugins }, null, 2);
}

/** Removes everything that `createNetwork`, kube-proxy and the plugins made since that time (milliseconds). */
export function removeNetwork(since: number): void {
  for (const [command, save] of [
    ["iptables-restore", "iptables-save"],
    ["ip6tables-restore", "ip6tables-save"],
  ] as const) {
    const saved = attempt(save, []);
    const batch = saved.code === 0 ? removalBatch(saved.stdout) : "";
    if (batch) run(command, ["--noflush"], batch);
  }
  for (const device of podDevices()) attempt("ip", ["link", "delete", device]);
  attempt("ip", ["route", "delete", "unreachable", POD_RANGE]);
  attempt("ip", ["route", "delete", SERVICE_RANGE]);
  attempt("ip", ["link", "delete", NODE_BRIDGE]);
  // Entries of ended pods would send the next run's connections to addresses that nobody has.
  attempt("conntrack", ["-D", "--orig-src", POD_RANGE]);
  attempt("conntrack", ["-D", "--orig-dst", SERVICE_RANGE]);
  attempt("conntrack", ["-D", "--orig-dst", NODE_ADDRESS]);
  fs.rmSync(nodeRoot("addresses"), { recursive: true, force: true });
  removeNetworkResults(since);
  restoreSysctls();
}

/** Text for iptables-restore that drops our chains and the rules elsewhere that lead into them. */
export function removalBatch(saved: string): string {
  const lines: string[] = [];
  for (const table of saved.split(/^\*/m).slice(1)) {
    const [name, ...rest] = table.split("\n");
    const chains = rest.map((line) => /^:(\S+)/.exec(line)?.[1] ?? "").filter((chain) => OUR_CHAIN.test(chain));
    const jumps = rest.filter((line) => {
      const rule = /^-A (\S+) .*-[jg] (\S+)/.exec(line);
      return rule !== null && !OUR_CHAIN.test(rule[1] ?? "") && OUR_CHAIN.test(rule[2] ?? "");
    });
    if (chains.length === 0 && jumps.length === 0) continue;
    lines.push(`*${name}`, ...jumps.map((rule) => rule.replace(/^-A/, "-D")));
    lines.push(...chains.map((chain) => `-F ${chain}`), ...chains.map((chain) => `-X ${chain}`), "COMMIT");
  }
  return lines.length > 0 ? `${lines.join("\n")}\n` : "";
}

/** Fails when another Kubernetes works on this machine: cleaning up after ours would cut its network. */
export function assertNoOtherCluster(): void {
  const saved = attempt("iptables-save", ["-t", "nat"]);
  if (/^:KUBE-SERVICES /m.test(saved.stdout)) {
    throw new KitError(
      "This machine is already a Kubernetes node (iptables has KUBE-SERVICES): the kit would break it.",
    );
  }
  for (const range of [SERVICE_RANGE, POD_RANGE]) {
    const route = attempt("ip", ["route", "show", "root", range]).stdout.trim();
    if (route) throw new KitError(`The range ${range} is in use on this machine: ${route}`);
  }
}

/** Cables whose host end carries an address of our pods' gateway. */
function podDevices(): string[] {
  const shown = attempt("ip", ["-o", "-4", "address", "show"]).stdout;
  const gateway = POD_RANGE.replace(/\.0\/\d+$/, ".1");
  return shown
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => POD_DEVICE.test(fields[1] ?? "") && fields[3]?.startsWith(`${gateway}/`))
    .map((fields) => fields[1] ?? "");
}

/**
 * The plugins keep what they answered in a folder that no setting moves. Loopback's files bear no network's name: ours
 * are those since the start, as no other cluster was on this machine then.
 */
function removeNetworkResults(since: number): void {
  const folder = "/var/lib/cni/results";
  if (!fs.existsSync(folder)) return;
  for (const file of fs.readdirSync(folder)) {
    const loopback = file.startsWith("cni-loopback-") && fs.statSync(`${folder}/${file}`).mtimeMs >= since;
    if (loopback || file.startsWith(`${NETWORK_NAME}-`)) fs.rmSync(`${folder}/${file}`, { force: true });
  }
}

function rememberSysctls(): void {
  const values: Record<string, string> = {};
  for (const name of SYSCTLS) {
    const file = `/proc/sys/${name}`;
    if (fs.existsSync(file)) values[name] = fs.readFileSync(file, "utf8").trim();
  }
  fs.writeFileSync(sysctlFile(), JSON.stringify(values));
}

function restoreSysctls(): void {
  if (!fs.existsSync(sysctlFile())) return;
  const values = JSON.parse(fs.readFileSync(sysctlFile(), "utf8")) as Record<string, string>;
  for (const [name, value] of Object.entries(values)) {
    try {
      if (fs.readFileSync(`/proc/sys/${name}`, "utf8").trim() !== value) fs.writeFileSync(`/proc/sys/${name}`, value);
    } catch {
      // Conntrack's settings vanish with their module; there is nothing left to restore then.
    }
  }
  fs.rmSync(sysctlFile());
}
