import * as fc from "fast-check";
import { EnvironmentError, profileNames, type Environment } from "../../environment";
import { evaluate, exemptionsOf, policyEnvironment, type Resource } from "../../policies/index";
import { dev, local, prod, type Values } from "../environment/support";
import { resourcesOf, withoutDashboards } from "../stacks/support";

// The real day, on purpose, as in rendered.test.ts.
const today = new Date().toISOString().slice(0, 10);
const parse = { local, dev, prod };

const violationsOf = (environment: Environment, resources: readonly Resource[]): string[] =>
  evaluate(resources, {
    environment: policyEnvironment(environment),
    today,
    exemptions: exemptionsOf(environment.composition),
  }).violations.map(({ policy, resource, message }) => `${policy}: ${resource}: ${message}`);

const judge = (environment: Environment): string[] => violationsOf(environment, resourcesOf(environment));

const kafka = { address: "kafka.kafka.svc:9092", topic: "tempo-spans" };
const zones = ["a", "b", "c"];
/** One tier, which can be a cluster: a server of another tier would have too much of 1M samples/s. */
const oneTier = { retention: { metrics: "90d" } };

const samples = ["40k samples/s", "300k samples/s", "1M samples/s"];
const logLines = [undefined, "100k lines/s"];
const spans = [undefined, "10k spans/s"];

describe.each(profileNames)("%s with a stated load violates no policy", (profile) => {
  const grid = samples.flatMap((samples) =>
    logLines.flatMap((logLines) =>
      spans.map((spans) => JSON.parse(JSON.stringify({ samples, logLines, spans })) as Values),
    ),
  );
  test.each(grid.map((load) => [Object.values(load).join(", ") || "none", load] as const))("%s", (_what, load) => {
    const tiers = load["samples"] === "1M samples/s" ? oneTier : {};
    expect(judge(parse[profile]({ ...withoutDashboards, load, ...tiers }))).toEqual([]);
  });
});

test("no load and no topology that the environment takes violates a policy", () => {
  const option = (values: Values) => fc.constantFrom({}, values);
  const cases = fc.record({
    profile: fc.constantFrom(...profileNames),
    load: fc.record(
      {
        samples: fc.integer({ min: 1, max: 2_000 }).map((count) => `${count}k samples/s`),
        logLines: fc.integer({ min: 1, max: 200 }).map((count) => `${count}k lines/s`),
        spans: fc.integer({ min: 100, max: 100_000 }).map((count) => `${count} spans/s`),
        queryUsers: fc.integer({ min: 1, max: 300 }),
        nodes: fc.integer({ min: 1, max: 500 }),
      },
      { requiredKeys: [] },
    ),
    tempo: fc.constantFrom({}, { tempo: { kafka } }, { tempo: { majorVersion: "2" } }),
    zoned: option({ zones }),
    tiers: option(oneTier),
  });
  let judged = 0;
  fc.assert(
    fc.property(cases, ({ profile, load, tempo, zoned, tiers }) => {
      const environment = taken(() => parse[profile]({ ...withoutDashboards, load, ...tempo, ...zoned, ...tiers }));
      if (environment === undefined) return;
      judged++;
      expect(judge(environment)).toEqual([]);
    }),
    { numRuns: 15 },
  );
  expect(judged).toBeGreaterThan(3);
}, 120_000);

/** Undefined for what the environment refuses with a reason of its own, such as several tiers of 2M samples/s. */
function taken(work: () => Environment): Environment | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof EnvironmentError) return undefined;
    throw error;
  }
}

describe("a change of the largest topology that must not pass", () => {
  const load = { samples: "1M samples/s", logLines: "100k lines/s", spans: "10k spans/s" };
  const large = prod({ ...withoutDashboards, ...oneTier, load, zones, tempo: { kafka } });
  const resources = resourcesOf(large);
  const named = (kind: string, name: string) => (resource: Resource) =>
    resource.type.endsWith(`:${kind}`) && resource.name === `observability/${name}`;
  const at = (value: unknown, ...path: (string | number)[]): Record<string, unknown> =>
    path.reduce((inner, key) => (inner as Record<string | number, unknown>)[key], value) as Record<string, unknown>;

  /** The resources with one of them edited. */
  function edited(kind: string, name: string, edit: (inputs: Record<string, unknown>) => void): Resource[] {
    const isIt = named(kind, name);
    expect(resources.filter(isIt)).toHaveLength(1);
    return resources.map((resource) => {
      if (!isIt(resource)) return resource;
      const inputs = JSON.parse(JSON.stringify(resource.inputs)) as Record<string, unknown>;
      edit(inputs);
      return { ...resource, inputs };
    });
  }
  const flagOf = (name: string, from: RegExp, to: string) => (inputs: Record<string, unknown>) => {
    const container = at(inputs, "spec", "template", "spec", "containers", 0);
    const before = container["args"] as string[];
    container["args"] = before.map((arg) => arg.replace(from, to)).filter((arg) => arg !== "");
    expect([name, container["args"]]).not.toEqual([name, before]);
  };
  const replicas = (count: number) => (inputs: Record<string, unknown>) => {
    at(inputs, "spec")["replicas"] = count;
  };

  test.each<readonly [what: string, policy: string, resource: string, change: () => readonly Resource[]]>([
    [
      "storage nodes that don't say how long",
      "retention-long-enough",
      "StatefulSet observability/victoriametrics-vmstorage",
      () => edited("StatefulSet", "victoriametrics-vmstorage", flagOf("gone", /^-retentionPeriod=.*/, "")),
    ],
    [
      "storage nodes that keep a week",
      "retention-long-enough",
      "StatefulSet observability/victoriametrics-vmstorage",
      () => edited("StatefulSet", "victoriametrics-vmstorage", flagOf("short", /(retentionPeriod)=.*/, "$1=7d")),
    ],
    [
      "one vmselect",
      "replicas-in-prod",
      "Deployment observability/victoriametrics-vmselect",
      () => edited("Deployment", "victoriametrics-vmselect", replicas(1)),
    ],
    [
      "one querier",
      "replicas-in-prod",
      "Deployment observability/loki-querier",
      () => edited("Deployment", "loki-querier", replicas(1)),
    ],
    [
      "a gateway that may shrink to one",
      "replicas-in-prod",
      "StatefulSet observability/collector-gateway",
      () =>
        edited("HorizontalPodAutoscaler", "collector-gateway", (inputs) => {
          at(inputs, "spec")["minReplicas"] = 1;
        }),
    ],
    [
      "a gateway without its autoscaler",
      "replicas-in-prod",
      "StatefulSet observability/collector-gateway",
      () => resources.filter((each) => !named("HorizontalPodAutoscaler", "collector-gateway")(each)),
    ],
    [
      "ingesters without their budget",
      "disruption-budgets",
      "StatefulSet observability/loki-ingester-b",
      () => resources.filter((each) => !named("PodDisruptionBudget", "loki-ingester")(each)),
    ],
    [
      "a budget for one zone of live stores alone",
      "disruption-budgets",
      "StatefulSet observability/tempo-live-store-zone-b",
      () =>
        edited("PodDisruptionBudget", "tempo-live-store", (inputs) => {
          at(inputs, "spec", "selector")["matchLabels"] = { "app.kubernetes.io/component": "live-store-zone-a" };
        }),
    ],
    [
      "a live store that is not said to be a copy of the other",
      "replicas-in-prod",
      "StatefulSet observability/tempo-live-store-zone-a",
      () =>
        edited("StatefulSet", "tempo-live-store-zone-a", (inputs) => {
          delete at(inputs, "metadata", "labels")["observability/zones-of"];
        }),
    ],
  ])("%s (%s)", (_what, policy, resource, change) => {
    expect(violationsOf(large, resources)).toEqual([]);
    const found = violationsOf(large, change());
    expect(found.map((each) => each.split(": ").slice(0, 2).join(" "))).toContain(`${policy} ${resource}`);
  });
});
