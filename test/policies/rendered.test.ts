import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import {
  evaluate,
  exemptionsOf,
  policyEnvironment,
  type Evaluation,
  type PolicyEnvironment,
  type Resource,
} from "../../policies/index";
import { noSecretsInPlainText } from "../../policies/secrets";
import { composition } from "../../stacks/systems";
import { renderProgram } from "../../tools/render/program";
import { engineConfig } from "../../tools/stack-file";

const root = join(__dirname, "..", "..");
// The real day, on purpose: an exemption that has expired fails this check until somebody decides it again.
const today = new Date().toISOString().slice(0, 10);
const exemptions = exemptionsOf(composition);

interface Rendered {
  readonly environment: PolicyEnvironment;
  readonly resources: readonly Resource[];
}

const rendered = new Map<string, Rendered>();
const of = (name: string): Rendered => {
  const found = rendered.get(name);
  if (found === undefined) throw new Error(`${name} was not rendered`);
  return found;
};

/** What prod carries at most, beside its own settings: 1M samples/s want one tier of metrics, Tempo 3 in pieces Kafka. */
const large = {
  load: { samples: "1M samples/s", logLines: "100k lines/s", spans: "10k spans/s" },
  retention: { metrics: "90d" },
  tempo: { kafka: { address: "kafka.kafka.svc:9092", topic: "tempo-spans" } },
};

/** prod as its stack file has it and with the largest load. */
async function renderLarge() {
  const folder = mkdtempSync(join(tmpdir(), "large-"));
  try {
    const own = Object.fromEntries(Object.entries(large).map(([key, value]) => [`observability:${key}`, value]));
    const config = { ...engineConfig("prod", root), ...own };
    writeFileSync(join(folder, "Pulumi.prod.yaml"), stringify({ config }));
    return await renderProgram(folder, "prod");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

beforeAll(async () => {
  // jest's structuredClone makes the lists of another realm, which Pulumi takes for objects; Node's own does not.
  jest.spyOn(globalThis, "structuredClone").mockImplementation((value) => JSON.parse(JSON.stringify(value)) as never);
  for (const name of ["local", "dev", "prod"]) {
    const { environment, resources } = await renderProgram(root, name);
    rendered.set(name, { environment: policyEnvironment(environment), resources });
  }
  const { environment, resources } = await renderLarge();
  rendered.set("the largest prod", { environment: policyEnvironment(environment), resources });
  jest.restoreAllMocks();
}, 60_000);

const judge = ({ environment, resources }: Rendered): Evaluation =>
  evaluate(resources, { environment, today, exemptions });

describe.each(["local", "dev", "prod", "the largest prod"])("%s as it is rendered", (name) => {
  test("violates no mandatory policy", () => {
    const { violations } = judge(of(name));
    expect(violations.filter(({ severity }) => severity === "mandatory").map(({ message }) => message)).toEqual([]);
  });

  test("holds no file in which a planted key goes unseen", () => {
    const key = ["AKIA", "IOSFODNN7EXAMPLE"].join("");
    const { resources, environment } = of(name);
    const configMaps = resources.filter(({ type }) => type === "kubernetes:core/v1:ConfigMap");
    expect(configMaps.length).toBeGreaterThan(5);
    for (const configMap of configMaps) {
      const data = Object.entries((configMap.inputs["data"] ?? {}) as Record<string, string>);
      for (const [file, content] of data) {
        const planted = { ...configMap, inputs: { ...configMap.inputs, data: { [file]: `${content}\n${key}` } } };
        const [found] = noSecretsInPlainText.check(planted, environment);
        expect(found?.problem).toMatch(/^holds an AWS access key in data/);
        expect(found?.problem).toContain(file);
      }
    }
  });
});

test("prod violates nothing, not even what is only told", () => {
  const { violations } = judge(of("prod"));
  expect(violations.map(({ policy, resource }) => `${policy} ${resource}`)).toEqual([]);
});

test("no exemption is idle: each lets all its subjects through in some environment", () => {
  const exempted = [...rendered.values()].flatMap((each) => judge(each).exempted);
  for (const exemption of exemptions) {
    const problems = exempted.filter((each) => each.exemption === exemption).map(({ problem }) => problem);
    expect({ exemption, used: new Set(problems).size }).toEqual({ exemption, used: exemption.subjects.length });
  }
});

describe("a change of the rendered prod that must not pass", () => {
  type Change = (resource: Resource) => Resource | undefined;
  const without =
    (kind: string, name: string): Change =>
    (resource) =>
      resource.type.endsWith(`:${kind}`) && resource.name === name ? undefined : resource;
  const edited =
    (kind: string, name: string, edit: (inputs: Record<string, unknown>) => void): Change =>
    (resource) => {
      if (!resource.type.endsWith(`:${kind}`) || resource.name !== name) return resource;
      const inputs = structuredClone(resource.inputs) as Record<string, unknown>;
      edit(inputs);
      return { ...resource, inputs };
    };
  const at = (value: unknown, ...path: (string | number)[]): Record<string, unknown> =>
    path.reduce((inner, key) => (inner as Record<string | number, unknown>)[key], value) as Record<string, unknown>;
  const loki = "observability/loki";

  test.each<readonly [what: string, policy: string, resource: string, change: Change]>([
    [
      "no default deny",
      "namespaces-deny-by-default",
      "Namespace observability",
      without("NetworkPolicy", "observability/default-deny"),
    ],
    ["no budget", "disruption-budgets", `StatefulSet ${loki}`, without("PodDisruptionBudget", loki)],
    [
      "no public access block",
      "buckets-private",
      "Bucket storage-logs",
      without("BucketPublicAccessBlock", "storage-logs"),
    ],
    [
      "no encryption",
      "buckets-encrypted",
      "Bucket storage-traces",
      without("BucketServerSideEncryptionConfiguration", "storage-traces"),
    ],
    ["plain HTTP", "buckets-tls-only", "Bucket storage-logs", without("BucketPolicy", "storage-logs")],
    [
      "no lifecycle",
      "buckets-with-lifecycle",
      "Bucket storage-logs",
      without("BucketLifecycleConfiguration", "storage-logs"),
    ],
    ["no tags", "cloud-tagged", "Role storage-loki", without("aws", "storage-aws")],
    [
      "one more host path",
      "pods-off-the-host",
      "DaemonSet observability-agents/collector-agent",
      edited("DaemonSet", "observability-agents/collector-agent", (inputs) => {
        (at(inputs, "spec", "template", "spec")["volumes"] as object[]).push({
          name: "docker",
          hostPath: { path: "/var/run" },
        });
      }),
    ],
    [
      "no limit of memory",
      "containers-sized",
      `StatefulSet ${loki}`,
      edited("StatefulSet", loki, (inputs) => {
        delete at(inputs, "spec", "template", "spec", "containers", 0)["resources"];
      }),
    ],
    [
      "a token for nothing",
      "tokens-only-where-used",
      `StatefulSet ${loki}`,
      edited("StatefulSet", loki, (inputs) => {
        at(inputs, "spec", "template", "spec")["automountServiceAccountToken"] = true;
      }),
    ],
    [
      "one replica",
      "replicas-in-prod",
      `StatefulSet ${loki}`,
      edited("StatefulSet", loki, (inputs) => {
        at(inputs, "spec")["replicas"] = 1;
      }),
    ],
    [
      "short retention",
      "retention-long-enough",
      "StatefulSet observability/victoriametrics",
      edited("StatefulSet", "observability/victoriametrics", (inputs) => {
        const container = at(inputs, "spec", "template", "spec", "containers", 0);
        container["args"] = (container["args"] as string[]).map((arg) => arg.replace(/(retentionPeriod)=.*/, "$1=7d"));
      }),
    ],
    [
      "a wide role",
      "iam-without-wildcards",
      "RolePolicy storage-loki",
      edited("RolePolicy", "storage-loki", (inputs) => {
        Object.assign(inputs, { policy: (inputs["policy"] as string).replace("s3:GetObject", "s3:*") });
      }),
    ],
    [
      "no TLS",
      "doors-intended",
      "Ingress observability/grafana",
      edited("Ingress", "observability/grafana", (inputs) => {
        at(inputs, "spec")["tls"] = [];
      }),
    ],
    [
      "nobody's object",
      "objects-labelled",
      `Service ${loki}`,
      edited("Service", loki, (inputs) => {
        delete at(inputs, "metadata")["labels"];
      }),
    ],
  ])("%s (%s)", (_what, policy, resource, change) => {
    const prod = of("prod");
    const before = judge(prod).violations.map(({ message }) => message);
    const resources = prod.resources.flatMap((each) => change(each) ?? []);
    const found = judge({ ...prod, resources }).violations.filter(({ message }) => !before.includes(message));
    expect(new Set(found.map((each) => `${each.policy} ${each.resource}`))).toContain(`${policy} ${resource}`);
    expect(new Set(found.map((each) => each.policy))).toEqual(new Set([policy]));
  });
});
