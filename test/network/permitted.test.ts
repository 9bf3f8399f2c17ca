import type { NetworkPolicy } from "kubernetes-types/networking/v1";
import type { Environment } from "../../environment";
import { selectorLabels } from "../../stacks/kubernetes";
import { forbidden, selects, type Peer, type SeenFlow } from "../live/policies";
import type { NamespaceLabels } from "../live/policy-state";
import { governedNamespaces, permitted } from "../live/reach/permitted";
import { environments, local, objectsOf, ofKind, planOf } from "../stacks/support";
import { outside, pod } from "./support";

const labelled = (name: string) => [name, { "kubernetes.io/metadata.name": name }] as const;

/** One pod of each workload, one of another namespace, the name server: and every port that a flow or a workload names. */
function world(environment: Environment) {
  const plan = planOf(environment);
  const workloads = plan.systems.flatMap(({ workloads }) => workloads).filter(({ host }) => !host?.network);
  const peers: Peer[] = [
    ...workloads.map(({ namespace, system, component }, index) =>
      pod(namespace, `${system}-${component}`, selectorLabels(system, component), `10.244.0.${index + 2}`),
    ),
    pod("shop", "checkout", { "app.kubernetes.io/name": "checkout" }, "10.244.0.200"),
    pod("kube-system", "coredns", { "k8s-app": "kube-dns" }, "10.244.0.201"),
  ];
  const doors = new Set([
    ...plan.flows.flatMap(({ port, protocol }) => (port === "any" ? [] : [`${port} ${protocol}`])),
    ...workloads.flatMap(({ ports }) =>
      Object.values(ports).map(({ port, protocol = "TCP" }) => `${port} ${protocol}`),
    ),
  ]);
  const governed = governedNamespaces(plan);
  const namespaces: NamespaceLabels = new Map([...governed, "shop", "kube-system"].map(labelled));
  const policies = ofKind(objectsOf(plan), "NetworkPolicy") as NetworkPolicy[];
  return { plan, peers, doors: [...doors], governed, namespaces, policies };
}

/** What the policies and the flows say differently, between any two pods and on any port. */
function disagreements(
  { plan, peers, doors, governed, namespaces }: ReturnType<typeof world>,
  policies: readonly NetworkPolicy[],
): { readonly asked: number; readonly found: readonly string[] } {
  let asked = 0;
  const found: string[] = [];
  const selecting = new Map(peers.map((peer) => [peer, policies.filter((policy) => isAbout(policy, peer))]));
  for (const door of doors) {
    const [number = "", name] = door.split(" ");
    const [port, protocol] = [Number(number), name === "UDP" ? "UDP" : "TCP"] as const;
    const flows = plan.flows.filter((flow) => flow.port === "any" || flow.port === port);
    for (const from of peers) {
      for (const to of peers.filter((other) => other !== from)) {
        asked += 1;
        const seen: SeenFlow = { from, to, port, protocol };
        const near = [...(selecting.get(from) ?? []), ...(selecting.get(to) ?? [])];
        const allowed = forbidden(near, namespaces, seen) === undefined;
        if (allowed === permitted(flows, governed, seen)) continue;
        found.push(`${from.pod?.name} → ${to.pod?.name}:${port}/${protocol}`);
      }
    }
  }
  return { asked, found };
}

const isAbout = ({ metadata, spec }: NetworkPolicy, { pod }: Peer) =>
  metadata?.namespace === pod?.namespace && selects(spec?.podSelector, pod?.labels ?? {});

test.each(environments)(
  "%s: between any two pods the policies allow what a flow allows, and nothing else",
  (_, env) => {
    const all = world(env);
    const { asked, found } = disagreements(all, all.policies);
    expect(asked).toBeGreaterThan(5000);
    expect(found).toEqual([]);
  },
);

describe("a policy that says something else is found", () => {
  const all = world(local());
  const named = (wanted: string) => all.policies.filter(({ metadata }) => metadata?.name !== wanted);

  test("when one is missing, what it allowed is", () => {
    expect(disagreements(all, named("loki-server")).found).toContain("collector-gateway → loki-server:3100/TCP");
  });

  test("when nothing denies by default, a policy of one's own still does", () => {
    expect(disagreements(all, named("default-deny")).found).toEqual([]);
  });

  test("when both are missing, everybody gets in", () => {
    const neither = named("default-deny").filter(({ metadata }) => metadata?.name !== "loki-server");
    expect(disagreements(all, neither).found).toContain("checkout → loki-server:3100/TCP");
  });

  test("when one lets everybody in", () => {
    const wide: NetworkPolicy = {
      metadata: { name: "wide", namespace: "observability" },
      spec: { podSelector: {}, policyTypes: ["Ingress"], ingress: [{}] },
    };
    const { found } = disagreements(all, [...all.policies, wide]);
    expect(found).toContain("checkout → loki-server:3100/TCP");
    // Out of the stack's own pods still goes only what their own policies let out.
    expect(found).not.toContain("kube-state-metrics-server → loki-server:3100/TCP");
  });
});

describe("what flows let pass", () => {
  const { plan, governed } = world(local());
  const gateway = pod("observability", "collector-gateway-0", selectorLabels("collector", "gateway"), "10.244.0.9");
  const loki = pod("observability", "loki-0", selectorLabels("loki", "server"), "10.244.0.10");
  const agent = pod("observability-agents", "collector-agent-x", selectorLabels("collector", "agent"), "10.244.0.11");
  const shop = pod("shop", "checkout", {}, "10.244.0.200");
  const node = outside("10.243.0.1");
  const cases: [string, Peer, Peer, number, boolean][] = [
    ["the gateway writes to Loki", gateway, loki, 3100, true],
    ["on no other port", gateway, loki, 9095, false],
    ["Loki does not speak to the gateway", loki, gateway, 4317, false],
    ["an application sends to the gateway", shop, gateway, 4317, true],
    ["an application does not ask Loki", shop, loki, 3100, false],
    ["the node sends to the agent", node, agent, 4317, true],
    ["the node does not ask Loki", node, loki, 3100, false],
    ["the agent asks the API server", agent, node, 6443, true],
    ["the agent does not ask the kubelet", agent, node, 10250, false],
    ["an application asks whom it likes outside the stack", shop, node, 10250, true],
  ];

  test.each(cases)("%s", (_what, from, to, port, allowed) => {
    expect(permitted(plan.flows, governed, { from, to, port, protocol: "TCP" })).toBe(allowed);
  });
});
