import type { Namespace } from "kubernetes-types/core/v1";
import type { NetworkPolicy } from "kubernetes-types/networking/v1";
import type { Flow } from "../../../stacks/kubernetes";
import { isWorkload, selectorLabels, type Outside, type Workload } from "../../../stacks/kubernetes";
import type { Connections } from "../connections";
import type { Live, LiveCheck } from "../context";
import { flowName, reasonFor } from "../flow-reasons";
import { forbidden, nameOf, selects, type Peer, type SeenFlow } from "../policies";
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
  const first = "every pod connection seen is allowed by a policy";
  const second = "every allowed flow was seen, or has a reason";
  if (connections === undefined) {
    const reason = "connections can be watched on the hermetic node only";
    check.skip(first, reason);
    return check.skip(second, reason);
  }
  await connections.notePods();
  const seen = seenFlows(connections);
  await check.step(first, async () => {
    expect(connections.listening && connections.dropped === 0, "conntrack ended, or saw too much to keep");
    const policies = (
      await Promise.all(
        live.namespaces.map((name) =>
          live.cluster.list<NetworkPolicy>(`/apis/networking.k8s.io/v1/namespaces/${name}/networkpolicies`),
        ),
      )
    ).flat();
    expect(policies.length > 0, "there are no network policies");
    const listed = await live.cluster.list<Namespace>("/api/v1/namespaces");
    const namespaces = new Map(listed.map(({ metadata }) => [metadata?.name ?? "", { ...metadata?.labels }]));
    const own = seen.filter(({ from, to }) => isOurs(live, from) || isOurs(live, to));
    expect(own.length > 0, "no connection of the stack was seen");
    const reasons = own.map((flow) => forbidden(policies, namespaces, flow)).filter((reason) => reason !== undefined);
    expect(reasons.length === 0, [...new Set(reasons)].join("\n"));
    return `${own.length} kinds of connections, ${policies.length} policies; that an engine enforces them is not verified here`;
  });
  await check.step(second, async () => {
    const unseen = live.plan.flows.filter((flow) => !seen.some((connection) => isOf(live, flow, connection)));
    const unexplained = unseen.filter((flow) => reasonFor(flow) === undefined).map(flowName);
    expect(unexplained.length === 0, [`not seen, and no reason why:`, ...new Set(unexplained)].join("\n"));
    const distinct = new Set(live.plan.flows.map(flowName)).size;
    return Promise.resolve(
      `${distinct} flows, ${new Set(unseen.map(flowName)).size} of them not seen, each with a reason`,
    );
  });
}

function seenFlows(connections: Connections): SeenFlow[] {
  return connections.all().map(({ source, destination, port, protocol, at }) => ({
    from: { address: source, pod: connections.podAt(source, at) },
    to: { address: destination, pod: connections.podAt(destination, at) },
    port,
    protocol,
  }));
}

const isOurs = (live: Live, { pod }: Peer) => pod !== undefined && live.namespaces.includes(pod.namespace);

function isOf(live: Live, flow: Flow, seen: SeenFlow): boolean {
  return (
    flow.protocol === seen.protocol &&
    (flow.port === "any" || flow.port === seen.port) &&
    isEnd(live, flow.from, seen.from) &&
    isEnd(live, flow.to, seen.to)
  );
}

/** Whether an end of a connection is the one that a flow names. */
function isEnd(live: Live, end: Workload | Outside, peer: Peer): boolean {
  const { pod } = peer;
  if (isWorkload(end)) {
    const matchLabels = selectorLabels(end.system, end.component);
    return pod !== undefined && pod.namespace === end.namespace && selects({ matchLabels }, pod.labels);
  }
  if (typeof end === "object") return pod?.namespace === end.namespace;
  switch (end) {
    case "cluster-dns":
      return pod?.namespace === "kube-system" && pod.labels["k8s-app"] === "kube-dns";
    case "applications":
      return pod !== undefined && !live.namespaces.includes(pod.namespace);
    case "ingress-controller":
      return pod !== undefined && nameOf(peer).includes("ingress");
    case "kubernetes-api":
    case "nodes":
      return pod === undefined;
    default:
      return true;
  }
}
