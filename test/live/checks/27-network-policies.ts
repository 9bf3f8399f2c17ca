import * as fs from "node:fs";
import * as path from "node:path";
import { projectRoot } from "../../../tools/stack-file";
import { POLICY_ENGINE_METRICS } from "../../../tools/testbed/policy-engine";
import type { Live, LiveCheck } from "../context";
import { demoNamespace } from "../demo";
import { forbidden, nameOf, type SeenFlow } from "../policies";
import { PolicyHistory } from "../policy-history";
import { faultsOf, reachTable, type Expected } from "../reach/judge";
import { governedNamespaces, permitted } from "../reach/permitted";
import { placesOf, type Places, type Source, type Target } from "../reach/places";
import { tryAgain, tryAll, type Try } from "../reach/tries";
import { expect } from "../report";
import { secondsSince, untilTrue } from "../wait";
import { pairs, single } from "./18-alert-pairs";

/** Seconds until the engine has heard of a policy. */
const HEARD_WITHIN = 30;

/** Where the table goes, for whoever wants to read it whole. */
const tableFile = path.join(projectRoot, "build", "e2e", "network-policies.md");

export const networkPolicies: LiveCheck = {
  id: 27,
  what: "network policies hold: what is allowed is open, and nothing else",
  smoke: false,
  async run(live) {
    const check = live.report.check(this.id);
    if (!live.hermetic) {
      return check.skip(this.what, "the networks of pods can be entered on the hermetic node only");
    }
    const deployed = await check.step("a pair of Prometheus and of Alertmanager runs, which gossips", async () => {
      const { seconds } = await live.engine("up", pairs);
      return `${(seconds + (await live.ready(300))).toFixed(0)} s`;
    });
    try {
      if (!deployed) return;
      const places = await placesOf(live);
      const expected = expectation(live);
      await check.step("the policies in the cluster say what the flows say, and nothing else", () =>
        sameWords(live, places, expected),
      );
      await check.step("from every pod and from the node, every port: allowed ones open, all others silent", () =>
        everyPort(places, expected),
      );
      await check.step("a policy that lets everybody in opens a port, and its end closes it", () =>
        wideOpen(live, places, expected),
      );
    } finally {
      await check.step("one of each again", () => single(live));
    }
  },
};

/** What the flows of the stack as it is deployed now let pass. Root of the node passes everywhere. */
function expectation(live: Live): Expected {
  const plan = live.planOf(pairs);
  const governed = governedNamespaces(plan);
  return (from, to) => from.free || permitted(plan.flows, governed, flowOf(from, to));
}

const flowOf = ({ peer }: Source, to: Target): SeenFlow => ({
  from: peer,
  to: to.peer,
  port: to.port,
  protocol: to.protocol,
});

/** Reads the policies as the specification says, which is the second view: neither the flows nor an engine are asked. */
async function sameWords(live: Live, { sources, targets }: Places, expected: Expected): Promise<string> {
  const history = new PolicyHistory();
  await history.note(live.cluster);
  const [state] = history.at(Date.now());
  expect(state !== undefined && state.policies.length > 0, "there are no network policies");
  const pods = sources.filter(({ peer }) => peer.pod !== undefined);
  const faults = pods.flatMap((from) =>
    targets
      .filter(({ peer }) => peer.address !== from.peer.address)
      .flatMap((to) => {
        const reason = forbidden(state.policies, state.namespaces, flowOf(from, to));
        if ((reason === undefined) === expected(from, to)) return [];
        return [reason ?? `a policy lets ${from.name} to ${to.name}:${to.port}, and no flow says so`];
      }),
  );
  expect(faults.length === 0, faults.join("\n"));
  return `${state.policies.length} policies, ${pods.length} pods, ${targets.length} ports`;
}

async function everyPort(places: Places, expected: Expected): Promise<string> {
  const begin = Date.now();
  const before = await droppedPackets();
  const tries = await withSecondChance(await tryAll(places), expected);
  const dropped = (await droppedPackets()) - before;
  fs.mkdirSync(path.dirname(tableFile), { recursive: true });
  fs.writeFileSync(tableFile, reachTable(tries));
  const faults = faultsOf(tries, expected);
  expect(faults.length === 0, [`${faults.length} of ${tries.length}:`, ...faults].join("\n"));
  const count = (outcome: string) => tries.filter((each) => each.outcome === outcome).length;
  // Silence that the engine knows nothing of would be somebody else's doing.
  expect(dropped >= count("silent"), `${count("silent")} silent, and the engine dropped ${dropped} packets`);
  return [
    `${places.sources.length} places, ${places.targets.length} ports, ${tries.length} tries in ${secondsSince(begin).toFixed(0)} s`,
    `${count("open")} open, ${count("silent")} silent; the engine dropped ${dropped} packets meanwhile`,
    `the table: ${path.relative(projectRoot, tableFile)}`,
  ].join("\n");
}

/** Silence where there should be an answer may be a busy machine's: such a try is repeated once, no other is. */
async function withSecondChance(tries: readonly Try[], expected: Expected): Promise<readonly Try[]> {
  const late = tries.filter(({ from, to, outcome }) => outcome === "silent" && expected(from, to));
  if (late.length === 0) return tries;
  return [...tries.filter((each) => !late.includes(each)), ...(await tryAgain(late))];
}

/** Packets that the engine has dropped since it started. */
async function droppedPackets(): Promise<number> {
  const answer = await fetch(POLICY_ENGINE_METRICS, { signal: AbortSignal.timeout(5000) });
  const lines = (await answer.text()).split("\n");
  return lines
    .filter((line) => line.startsWith("kube_network_policies_packet_count{") && line.includes('verdict="drop"'))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" ") + 1)), 0);
}

/** A policy too wide is what the table must find: one is made, and found, and taken back. */
async function wideOpen(live: Live, { sources, targets }: Places, expected: Expected): Promise<string> {
  const { namespace } = live.environment;
  const from = sources.find(({ peer }) => peer.pod?.namespace === demoNamespace);
  const to = targets.find(
    (target) =>
      from !== undefined &&
      target.protocol === "TCP" &&
      target.peer.pod?.namespace === namespace &&
      !expected(from, target),
  );
  if (from === undefined || to === undefined) throw new Error("nothing is forbidden to a pod of another namespace");
  const faults = async () => faultsOf(await tryAgain([{ from, to, outcome: "silent" }]), expected);
  expect((await faults()).length === 0, `${to.name}:${to.port} was open before`);
  const wide = `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies/e2e-wide`;
  try {
    await live.cluster.apply(wide, {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "e2e-wide", namespace },
      spec: { podSelector: {}, policyTypes: ["Ingress"], ingress: [{}] },
    });
    await untilTrue("fault found", HEARD_WITHIN, async () => (await faults()).length > 0);
  } finally {
    await live.cluster.delete(wide);
  }
  await untilTrue("end of the fault", HEARD_WITHIN, async () => (await faults()).join("; ") || true);
  return `${nameOf(from.peer)} → ${to.name}:${to.port}: silent, open, silent`;
}
