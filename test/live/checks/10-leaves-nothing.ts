import * as fs from "node:fs";
import type { PersistentVolume } from "kubernetes-types/core/v1";
import { PART_OF } from "../../../tools/engine/readiness";
import { NODE_BRIDGE, POD_RANGE, SERVICE_RANGE } from "../../../tools/testbed/addresses";
import { mountsBelow } from "../../../tools/testbed/cleanup";
import { nodeStatus, stopNode } from "../../../tools/testbed/node";
import { nodeRoot, RUNTIME } from "../../../tools/testbed/paths";
import { attempt } from "../../../tools/testbed/shell";
import { SYSTEMD_GROUP } from "../../../tools/testbed/systemd";
import type { Live, LiveCheck } from "../context";
import { demoNamespace, removeApps } from "../demo";
import { expect } from "../report";
import { secondsSince, untilTrue } from "../wait";

export const leavesNothing: LiveCheck = {
  id: 10,
  what: "down leaves nothing",
  smoke: true,
  async run(live) {
    const check = live.report.check(this.id);
    if (live.keep) return check.skip("down leaves nothing", "--keep");
    await removeApps(live.cluster);
    await check.step("down", async () => {
      const begin = Date.now();
      const { changes } = await live.engine("destroy");
      return `${changes["delete"] ?? 0} resources in ${secondsSince(begin).toFixed(1)} s`;
    });
    await check.step("nothing of ours in the cluster", async () => {
      let kinds = 0;
      await untilTrue("empty cluster", 120, async () => {
        const { left, asked } = await leftovers(live);
        kinds = asked;
        return left.length === 0 || `left: ${left.join(", ")}`;
      });
      return `${kinds} kinds of objects asked for; no volume, no namespace`;
    });
    if (live.startedNode) {
      await check.step("nothing of ours in processes, devices, routes, rules, mounts", async () => {
        await stopNode((line) => live.report.note(line));
        const left = await traces();
        expect(left.length === 0, `left: ${left.join(", ")}`);
        return "the machine is as before";
      });
    } else {
      const reason = live.hermetic ? "the node ran before this suite and was left running" : "the cluster is not ours";
      check.skip("nothing of ours in processes, devices, routes, rules, mounts", reason);
    }
  },
};

interface ApiResources {
  readonly resources: readonly { readonly name: string; readonly verbs: readonly string[] }[];
}

/** Whatever of ours is still there: labelled objects of every kind that the API server knows, namespaces, volumes. */
async function leftovers(live: Live): Promise<{ left: string[]; asked: number }> {
  const { cluster } = live;
  const groups = await cluster.get<{ groups: { preferredVersion: { groupVersion: string } }[] }>("/apis");
  const paths = ["/api/v1", ...groups.groups.map(({ preferredVersion }) => `/apis/${preferredVersion.groupVersion}`)];
  const left: string[] = [];
  let asked = 0;
  for (const path of paths) {
    const { resources } = await cluster.get<ApiResources>(path);
    for (const { name, verbs } of resources) {
      if (!verbs.includes("list") || name.includes("/")) continue;
      asked += 1;
      const found = await cluster.list<{ metadata: { name: string; namespace?: string } }>(`${path}/${name}`, {
        labelSelector: PART_OF,
      });
      left.push(...found.map(({ metadata }) => `${name} ${metadata.namespace ?? ""}/${metadata.name}`));
    }
  }
  for (const name of [...live.namespaces, demoNamespace]) {
    if ((await cluster.find(`/api/v1/namespaces/${name}`)) !== undefined) left.push(`namespace ${name}`);
  }
  const volumes = await cluster.list<PersistentVolume>("/api/v1/persistentvolumes");
  for (const { metadata, spec } of volumes) {
    if (live.namespaces.includes(spec?.claimRef?.namespace ?? "")) left.push(`volume ${metadata?.name}`);
  }
  return { left, asked };
}

/** What the node would have left behind on this machine. */
async function traces(): Promise<string[]> {
  const left: string[] = [];
  const { processes } = await nodeStatus();
  left.push(
    ...Object.entries(processes)
      .filter(([, state]) => state === "running")
      .map(([name]) => `process ${name}`),
  );
  if (attempt("ip", ["link", "show", NODE_BRIDGE]).code === 0) left.push(`device ${NODE_BRIDGE}`);
  for (const range of [SERVICE_RANGE, POD_RANGE]) {
    const route = attempt("ip", ["route", "show", "root", range]).stdout.trim();
    if (route !== "") left.push(`route ${route}`);
  }
  const gateway = POD_RANGE.replace(/\.0\/\d+$/, ".1");
  if (attempt("ip", ["-o", "-4", "address", "show"]).stdout.includes(`inet ${gateway}/`))
    left.push(`address ${gateway}`);
  for (const command of ["iptables-save", "ip6tables-save"]) {
    const chains = attempt(command, []).stdout.match(/^:(KUBE|CNI)-\S+/gm) ?? [];
    if (chains.length > 0) left.push(`${chains.length} chains in ${command}`);
  }
  const mounts = mountsBelow(fs.readFileSync("/proc/self/mounts", "utf8"), [RUNTIME, nodeRoot()]);
  left.push(...mounts.map((mount) => `mount ${mount}`));
  const groups = ["kubepods", "memory/kubepods", "systemd/kubepods", `systemd/${SYSTEMD_GROUP}`];
  for (const entry of [...groups.map((name) => `/sys/fs/cgroup/${name}`), RUNTIME, nodeRoot("systemd")]) {
    if (fs.existsSync(entry)) left.push(entry);
  }
  return left;
}
