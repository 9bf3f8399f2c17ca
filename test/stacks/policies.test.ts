import type { NetworkPolicy, NetworkPolicyPeer } from "kubernetes-types/networking/v1";
import {
  endName,
  isWorkload,
  selectorLabels,
  type Flow,
  type KubernetesObject,
  type Workload,
} from "../../stacks/kubernetes";
import { agentsNamespace, namespaceOf } from "../../environment";
import { environments, labelsOf, local, objectsOf, ofKind, planOf, withoutDashboards } from "./support";

type Policy = KubernetesObject & NetworkPolicy;

const policiesOf = (objects: readonly KubernetesObject[]) => ofKind(objects, "NetworkPolicy") as Policy[];
const policyOf = (policies: readonly Policy[], { system, component, namespace }: Workload) =>
  policies.find(
    ({ metadata, spec }) =>
      metadata?.namespace === namespace &&
      JSON.stringify(spec?.podSelector?.matchLabels) === JSON.stringify(selectorLabels(system, component)),
  );
const matches = (peer: NetworkPolicyPeer, { system, component, namespace }: Workload) =>
  peer.namespaceSelector?.matchLabels?.["kubernetes.io/metadata.name"] === namespace &&
  JSON.stringify(peer.podSelector?.matchLabels) === JSON.stringify(selectorLabels(system, component));
const portOf = ({ port, protocol }: Flow) => (port === "any" ? { protocol } : { port, protocol });

describe.each(environments)("network policies of %s", (_name, environment) => {
  const plan = planOf(environment);
  const policies = policiesOf(objectsOf(plan));
  // A host-network pod has its node's address: no policy reaches it.
  const workloads = plan.systems.flatMap(({ workloads }) => workloads).filter(({ host }) => !host?.network);

  test("every namespace of ours denies what nothing allows", () => {
    const namespaces = ofKind(plan.namespaces, "Namespace").map(({ metadata }) => metadata?.name);
    const demo = environment.systems.phoenix.enabled ? [namespaceOf(environment, "phoenix")] : [];
    expect(namespaces).toEqual([environment.namespace, agentsNamespace(environment), ...demo]);
    for (const namespace of namespaces) {
      const denial = policies.find(
        ({ metadata }) => metadata?.namespace === namespace && metadata?.name === "default-deny",
      );
      expect(denial?.spec).toEqual({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    }
    for (const { metadata } of objectsOf(plan)) {
      if (metadata?.namespace !== undefined) expect(namespaces).toContain(metadata.namespace);
    }
  });

  test("each workload has one of its own, in both directions", () => {
    const denials = ofKind(plan.namespaces, "Namespace").length;
    expect(policies).toHaveLength(workloads.length + denials);
    for (const workload of workloads) {
      expect(policyOf(policies, workload)?.spec?.policyTypes).toEqual(["Ingress", "Egress"]);
    }
  });

  test("a flow between two of ours is open at both ends", () => {
    const between = plan.flows.filter(({ from, to }) => isWorkload(from) && isWorkload(to));
    expect(between.length).toBeGreaterThan(15);
    for (const flow of between) {
      const [from, to] = [flow.from as Workload, flow.to as Workload];
      const leaving = policyOf(policies, from)?.spec?.egress ?? [];
      const arriving = policyOf(policies, to)?.spec?.ingress ?? [];
      const shown = `${endName(from)} to ${endName(to)}:${flow.port}`;
      const open = (peers: NetworkPolicyPeer[] | undefined, ports: object[] | undefined, end: Workload) =>
        (peers ?? []).some((peer) => matches(peer, end)) && JSON.stringify(ports) === JSON.stringify([portOf(flow)]);
      expect([shown, leaving.some(({ to: peers, ports }) => open(peers, ports, to))]).toEqual([shown, true]);
      expect([shown, arriving.some(({ from: peers, ports }) => open(peers, ports, from))]).toEqual([shown, true]);
    }
  });

  test("a policy opens nothing that is no flow", () => {
    for (const workload of workloads) {
      const { ingress = [], egress = [] } = policyOf(policies, workload)?.spec ?? {};
      const here = (end: Flow["from"]) => isWorkload(end) && endName(end) === endName(workload);
      const sorted = (rules: { ports?: object[] }[]) => rules.map(({ ports }) => JSON.stringify(ports)).sort();
      const wanted = (flows: Flow[]) => flows.map((flow) => JSON.stringify([portOf(flow)])).sort();
      expect(sorted(ingress)).toEqual(wanted(plan.flows.filter(({ to }) => here(to))));
      expect(sorted(egress)).toEqual(wanted(plan.flows.filter(({ from }) => here(from))));
      // An empty list of peers or ports would mean everybody, or every port.
      for (const { from } of ingress) expect(from?.length).toBeGreaterThan(0);
      for (const { to } of egress) expect(to?.length).toBeGreaterThan(0);
      for (const { ports } of [...ingress, ...egress]) expect(ports).toHaveLength(1);
    }
  });

  test("each flow says why", () => {
    for (const { why } of plan.flows) expect(why.length).toBeGreaterThan(3);
  });

  test("only Prometheus may reach a port of the choice of others", () => {
    const any = plan.flows.filter(({ port }) => port === "any");
    expect(any.length).toBe(environment.systems.prometheus.shards);
    for (const { from } of any) expect(endName(from)).toMatch(/^observability\/prometheus-(server|shard-\d)$/);
  });
});

describe("who may be reached by everybody", () => {
  test("without a domain only what takes in telemetry", () => {
    const open = planOf(local(withoutDashboards)).flows.flatMap(({ from, to, port, protocol }) =>
      from === "applications" && isWorkload(to) ? [`${to.system}-${to.component}:${port}/${protocol}`] : [],
    );
    expect(open.sort()).toEqual([
      "collector-agent:4317/TCP",
      "collector-agent:4318/TCP",
      "collector-gateway:24224/TCP",
      "collector-gateway:4317/TCP",
      "collector-gateway:4318/TCP",
      "collector-gateway:8125/UDP",
      "tempo-server:14268/TCP",
      "tempo-server:9411/TCP",
    ]);
  });

  test("a domain opens Grafana to the ingress, and nothing else", () => {
    const flows = planOf(local({ domain: "example.com" })).flows.filter(({ from }) => from === "ingress-controller");
    expect(flows.map(({ to, port }) => `${endName(to)}:${port}`)).toEqual(["observability/grafana-server:3000"]);
    expect(planOf(local()).flows.filter(({ from }) => from === "ingress-controller")).toEqual([]);
  });
});

describe("namespaces", () => {
  test("servers are held to the restricted level, only agents are not", () => {
    const levels = ofKind(planOf(local(withoutDashboards)).namespaces, "Namespace").map((object) => [
      object.metadata?.name,
      labelsOf(object)["pod-security.kubernetes.io/enforce"],
    ]);
    expect(levels).toEqual([
      ["observability", "restricted"],
      ["observability-agents", "privileged"],
      ["observability-phoenix", "restricted"],
    ]);
  });
});
