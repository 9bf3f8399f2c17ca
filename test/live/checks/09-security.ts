import type { Namespace } from "kubernetes-types/core/v1";
import type { Flow } from "../../../stacks/kubernetes";
import type { Connections } from "../connections";
import type { Live, LiveCheck } from "../context";
import { isEnd } from "../flow-ends";
import { flowName, reasonFor } from "../flow-reasons";
import { forbiddenByAll, type Peer, type SeenFlow } from "../policies";
import { expect, type Check } from "../report";

export const security: LiveCheck = {
  id: 9,
  what: "pods are confined, and speak only where they may",
  smoke: true,
  async run(live) {
    const check = live.report.check(this.id);
    await check.step("pod security levels on the namespaces, as declared", () => levels(live));
    await check.step("a pod that violates the level is refused", () => violation(live));
    await flows(check, live);
  },
};

const LEVEL = "pod-security.kubernetes.io/";

async function levels(live: Live): Promise<string> {
  const shown: string[] = [];
  for (const { kind, metadata } of live.plan.namespaces) {
    if (kind !== "Namespace" || metadata?.name === undefined) continue;
    const found = await live.cluster.get<Namespace>(`/api/v1/namespaces/${metadata.name}`);
    for (const [label, level] of Object.entries(metadata.labels ?? {})) {
      if (!label.startsWith(LEVEL)) continue;
      const real = found.metadata?.labels?.[label];
      expect(real === level, `${metadata.name}: ${label} is ${real}, declared is ${level}`);
    }
    shown.push(`${metadata.name} ${metadata.labels?.[`${LEVEL}enforce`]}`);
  }
  expect(shown.length > 0, "the plan has no namespace");
  return shown.join(", ");
}

/** A pod as the stack's own, with one thing too many. */
async function violation(live: Live): Promise<string> {
  const [namespace] = live.namespaces;
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "violator", namespace },
    spec: { hostNetwork: true, containers: [{ name: "violator", image: "docker.io/library/none:none" }] },
  };
  const path = `/api/v1/namespaces/${namespace}/pods`;
  const answer = await live.cluster.request("POST", path, { body: pod, query: { dryRun: "All" } });
  expect(answer.status === 403, `the API server answered ${answer.status}`);
  const { message = "" } = JSON.parse(answer.text) as { message?: string };
  expect(message.includes('violates PodSecurity "restricted'), `it was refused for another reason: ${message}`);
  return "a pod on the host's network: 403, violates PodSecurity";
}

async function flows(check: Check, live: Live): Promise<void> {
  const { connections } = live;
  const first = "every pod connection seen was allowed by a policy of its time";
  const second = "every allowed flow was seen, or has a reason";
  if (connections === undefined) {
    const reason = "connections can be watched on the hermetic node only";
    check.skip(first, reason);
    return check.skip(second, reason);
  }
  await connections.note();
  const seen = seenFlows(connections);
  await check.step(first, () => {
    expect(connections.listening && connections.dropped === 0, "conntrack ended, or saw too much to keep");
    const own = seen.filter(({ from, to }) => isOurs(live, from) || isOurs(live, to));
    expect(own.length > 0, "no connection of the stack was seen");
    const { policies } = connections;
    const reasons = own
      .map((flow) => forbiddenByAll(policies.at(flow.at), flow))
      .filter((reason) => reason !== undefined);
    expect(reasons.length === 0, [...new Set(reasons)].join("\n"));
    const now = policies.at(Date.now()).at(-1)?.policies ?? [];
    expect(now.length > 0, "there are no network policies");
    return Promise.resolve(
      `${own.length} kinds of connections; ${now.length} policies at the end, in ${policies.states} states since the start`,
    );
  });
  await check.step(second, () => {
    const unseen = live.plan.flows.filter((flow) => !seen.some((connection) => isOf(live, flow, connection)));
    const unexplained = unseen.filter((flow) => reasonFor(flow) === undefined).map(flowName);
    expect(unexplained.length === 0, [`not seen, and no reason why:`, ...new Set(unexplained)].join("\n"));
    const distinct = new Set(live.plan.flows.map(flowName)).size;
    return Promise.resolve(
      `${distinct} flows, ${new Set(unseen.map(flowName)).size} of them not seen, each with a reason`,
    );
  });
}

/** A flow, and when the first of its kind was seen, in milliseconds since 1970. */
type TimedFlow = SeenFlow & { readonly at: number };

function seenFlows(connections: Connections): TimedFlow[] {
  return connections.all().map(({ source, destination, port, protocol, at }) => ({
    from: { address: source, pod: connections.podAt(source, at) },
    to: { address: destination, pod: connections.podAt(destination, at) },
    port,
    protocol,
    at,
  }));
}

const isOurs = (live: Live, { pod }: Peer) => pod !== undefined && live.namespaces.includes(pod.namespace);

function isOf(live: Live, flow: Flow, seen: SeenFlow): boolean {
  return (
    flow.protocol === seen.protocol &&
    (flow.port === "any" || flow.port === seen.port) &&
    isEnd(live.namespaces, flow.from, seen.from) &&
    isEnd(live.namespaces, flow.to, seen.to)
  );
}
