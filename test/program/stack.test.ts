import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../environment";
import { ObservabilityStack } from "../../stacks";
import { planStack } from "../../stacks/plan";
import { local, prod } from "../environment/support";

interface Registered {
  readonly type: string;
  readonly name: string;
  readonly provider: string;
  readonly inputs: Record<string, unknown>;
  readonly options: pulumi.CustomResourceOptions;
}

interface Run {
  readonly resources: readonly Registered[];
  readonly outputs: Record<string, unknown>;
}

/** Pulumi's mark on a secret value in what it sends to the engine. */
const secretMark = "4dabf18193072939515e22adb298388d";

/** What the stack asks of the engine, with the options it gives. */
async function run(environment: Environment, secrets: Record<string, pulumi.Input<string>> = {}): Promise<Run> {
  const asked = new Map<string, Omit<Registered, "options">>();
  const options = new Map<string, pulumi.CustomResourceOptions>();
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs, provider = "" }) => {
      asked.set(`${type} ${name}`, { type, name, provider, inputs: inputs as Record<string, unknown> });
      return { id: `${name}-id`, state: inputs as Record<string, unknown> };
    },
    call: ({ token }) => {
      throw new Error(`asks ${token}`);
    },
  });
  const record: pulumi.ResourceTransformation = ({ type, name, opts }) => {
    options.set(`${type} ${name}`, opts);
    return undefined;
  };
  const outputs = await pulumi.runtime.runInPulumiStack(() => {
    const provider = new kubernetes.Provider("given", { context: "shop" });
    const args = { environment, provider, secrets, generateSecret: (length: number) => "g".repeat(length) };
    const stack = new ObservabilityStack("observability", args, { transformations: [record] });
    return Promise.resolve(stack.outputs());
  });
  await pulumi.runtime.disconnect();
  const resources = [...asked].map(([key, each]) => ({ ...each, options: options.get(key) ?? {} }));
  return { resources, outputs: outputs as Record<string, unknown> };
}

const ofType = (resources: readonly Registered[], type: RegExp) => resources.filter((each) => type.test(each.type));

describe("prod", () => {
  let result: Run;
  beforeAll(async () => {
    const receivers = [{ kind: "slack", name: "oncall", channel: "#alerts", urlSecret: "slackUrl" }];
    const environment = prod({ alerting: { receivers }, secrets: ["slackUrl"], domain: "o11y.example.com" });
    result = await run(environment, { slackUrl: pulumi.secret("https://hooks.example.com/T0") });
  });

  test("every Kubernetes resource goes to the cluster that was given, never to the ambient one", () => {
    const resources = ofType(result.resources, /^kubernetes:(?!.*provider)/);
    expect(resources.length).toBeGreaterThan(80);
    for (const { name, provider } of resources) {
      expect([name, provider]).toEqual([name, expect.stringContaining("pulumi:providers:kubernetes::given")]);
    }
  });

  test("every AWS resource goes to the account that was named", () => {
    const resources = ofType(result.resources, /^aws:/);
    expect(resources.length).toBeGreaterThan(10);
    for (const { name, provider } of resources) {
      expect([name, provider]).toEqual([name, expect.stringContaining("pulumi:providers:aws::storage-aws")]);
    }
  });

  test("every planned object is asked for, and no other", () => {
    const receivers = [{ kind: "slack", name: "oncall", channel: "#alerts", urlSecret: "slackUrl" }];
    const plan = planStack(prod({ alerting: { receivers }, secrets: ["slackUrl"], domain: "o11y.example.com" }));
    const name = ({ kind, metadata }: { kind?: string; metadata?: { namespace?: string; name?: string } }) =>
      `${kind ?? ""} ${metadata?.namespace ?? ""}/${metadata?.name ?? ""}`;
    const planned = [
      ...[...plan.namespaces, ...plan.systems.flatMap(({ rendered }) => rendered), ...plan.exposure].map((object) =>
        name(object as object),
      ),
      ...plan.systems.flatMap(({ secrets }) => secrets.map((metadata) => name({ kind: "Secret", metadata }))),
    ];
    const asked = ofType(result.resources, /^kubernetes:/).map(({ inputs }) => name(inputs));
    expect(asked.sort()).toEqual(planned.sort());
  });

  test("what secrets hold reaches the engine marked as secret, and nothing else does in the clear", () => {
    const secrets = ofType(result.resources, /:Secret$/);
    expect(secrets.map(({ name }) => name).sort()).toEqual([
      "observability/alertmanager-receivers",
      "observability/grafana-admin",
    ]);
    for (const { inputs } of secrets)
      expect(inputs["stringData"]).toMatchObject({ [secretMark]: expect.any(String) as string });
    const others = result.resources.filter(({ type }) => !type.endsWith(":Secret"));
    expect(JSON.stringify(others.map(({ inputs }) => inputs))).not.toMatch(/hooks\.example\.com|gggggggg/);
  });

  test("a password that was made up is not made up again by the next update, one that is set follows its setting", () => {
    const changes = (name: string) =>
      result.resources.find(({ type, name: own }) => type.endsWith(":Secret") && own.endsWith(name))?.options
        .ignoreChanges;
    expect(changes("grafana-admin")).toEqual(["stringData", "data"]);
    expect(changes("alertmanager-receivers")).toBeUndefined();
  });

  test("the engine refuses to delete namespaces, with them the volumes, and buckets", () => {
    const kept = result.resources
      .filter(({ options }) => options.protect === true)
      .map(({ type, name }) => `${type} ${name}`);
    expect(kept).toEqual(
      expect.arrayContaining([
        "kubernetes:core/v1:Namespace observability",
        "kubernetes:core/v1:Namespace observability-agents",
        "aws:s3/bucket:Bucket storage-logs",
        "aws:s3/bucket:Bucket storage-traces",
      ]),
    );
  });

  test("a workload that never gets ready fails the update after the time that the environment gives it", () => {
    const workloads = ofType(result.resources, /:(StatefulSet|Deployment|DaemonSet)$/);
    expect(workloads.length).toBeGreaterThan(8);
    for (const { options } of workloads) expect(options.customTimeouts).toEqual({ create: "600s", update: "600s" });
  });

  test("its outputs say where everything is", () => {
    expect(result.outputs).toMatchObject({
      namespace: "observability",
      grafanaUrl: "https://grafana.o11y.example.com",
      otlpGrpcEndpoint: "collector-gateway.observability.svc:4317",
      otlpHttpEndpoint: "http://collector-gateway.observability.svc:4318",
      buckets: { logs: "123456789012-prod-logs", traces: "123456789012-prod-traces" },
      systems: { prometheus: "3.16.0", loki: "3.7.6" },
    });
  });
});

describe("local", () => {
  test("protects nothing and asks nothing of AWS", async () => {
    const { resources } = await run(local());
    expect(resources.filter(({ options }) => options.protect === true)).toEqual([]);
    expect(ofType(resources, /aws/)).toEqual([]);
  });

  test("its outputs leave out what there is not", async () => {
    const environment = local({
      stages: ["metrics"],
      systems: { collector: { enabled: false } },
      domain: "example.com",
    });
    const { outputs } = await run(environment);
    expect(Object.keys(outputs).sort()).toEqual(["buckets", "namespace", "systems"]);
  });

  test("Grafana that exists keeps its own address, also beside a domain", async () => {
    const existingUrl = "https://dashboards.example.com";
    const environment = local({ domain: "example.com", systems: { grafana: { existingUrl } } });
    expect((await run(environment)).outputs["grafanaUrl"]).toBe(existingUrl);
  });

  test("a secret that a receiver names and nobody gave stops the program", async () => {
    const receivers = [{ kind: "slack", name: "oncall", channel: "#alerts", urlSecret: "slackUrl" }];
    const environment = local({ stages: ["alerts"], alerting: { receivers }, secrets: ["slackUrl"] });
    await pulumi.runtime.setMocks({
      newResource: ({ name }) => ({ id: name, state: {} }),
      call: () => ({}),
    });
    const provider = new kubernetes.Provider("given", { context: "shop" });
    expect(() => new ObservabilityStack("observability", { environment, provider })).toThrow(
      'environment "local" names the secret "slackUrl", which was not given',
    );
  });
});
