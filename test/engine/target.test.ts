import * as fs from "node:fs";
import * as path from "node:path";
import { isDeployed, systemNames } from "../../environment";
import { checkContext, readEnvironment, resolveTarget } from "../../tools/engine/target";
import { hermeticSettings, kitReferences, prepareHermetic } from "../../tools/engine/hermetic";
import { cleanUp, kubeconfig, rejection, server, temporaryFolder } from "./support";

afterAll(cleanUp);

const before = process.env["KUBECONFIG"];
afterEach(() => {
  if (before === undefined) delete process.env["KUBECONFIG"];
  else process.env["KUBECONFIG"] = before;
});

function checkout(settings: string): string {
  const root = temporaryFolder();
  fs.writeFileSync(path.join(root, "Pulumi.yaml"), "name: observability\n");
  fs.writeFileSync(path.join(root, "Pulumi.local.yaml"), settings);
  return root;
}

const options = (root: string) => ({ prepare: true, progress: () => undefined, root });
const empty = "config: {}\n";

test("a context that answers becomes a target with the person's own files", async () => {
  const { url } = await server(({ url: asked }) => ({
    body: asked === "/version" ? { major: "1", minor: "33", gitVersion: "v1.33.1" } : { metadata: { uid: "u-1" } },
  }));
  const file = kubeconfig({ work: { cluster: { server: url } } });
  process.env["KUBECONFIG"] = `/does/not/exist${path.delimiter}${file}`;
  const target = await resolveTarget({ kind: "context", context: "work" }, "local", options(checkout(empty)));
  expect(target).toMatchObject({
    kind: "context",
    context: "work",
    kubeconfig: `/does/not/exist${path.delimiter}${file}`,
    kubernetes: "v1.33.1",
    identity: "u-1",
    settings: {},
    notes: [],
  });
  expect(target.toolFolder).toBeUndefined();
});

test("an environment that is bound to another cluster is refused before that cluster is asked anything", async () => {
  const { url, seen } = await server(() => ({}));
  process.env["KUBECONFIG"] = kubeconfig({ work: { cluster: { server: url } } });
  const root = checkout("config: {observability:kubeContext: home}\n");
  expect(await rejection(resolveTarget({ kind: "context", context: "work" }, "local", options(root)))).toBe(
    [
      'environment "local" belongs to another cluster than "work"; nothing was changed',
      "  reason: Pulumi.local.yaml says observability:kubeContext = home",
      "  fix: --context home, or choose another environment with --env",
    ].join("\n"),
  );
  expect(seen).toEqual([]);
  expect(() => checkContext(readEnvironment("local", {}, root), "home")).not.toThrow();
});

test("an environment that does not exist", async () => {
  const asked = resolveTarget({ kind: "context", context: "x" }, "lokal", options(checkout(empty)));
  expect(await rejection(asked)).toBe(
    [
      'environment "lokal" has 1 fault; nothing was deployed:',
      '  stack = "lokal"',
      "    there is no such environment; there are local, dev, prod",
      '    fix: did you mean "local"?',
    ].join("\n"),
  );
});

test.each(["/does/not/exist", "a file without it"])("no kind cluster: %s", async (file) => {
  process.env["KUBECONFIG"] = file.startsWith("/") ? file : kubeconfig({ other: { cluster: { server: "http://x" } } });
  expect(await rejection(resolveTarget({ kind: "kind" }, "local", options(checkout(empty))))).toBe(
    [
      'there is no kind cluster "observability" (kube context kind-observability)',
      "  fix: kind create cluster --name observability",
    ].join("\n"),
  );
});

describe("hermetic", () => {
  const environment = (more: object = {}) =>
    readEnvironment("local", { ...hermeticSettings(), ...more }, checkout(empty));

  test("images bear honest tags and get the references that the manifests name", () => {
    expect(kitReferences(environment())).toMatchObject({
      prometheus: "quay.io/prometheus/prometheus:v3.15.0",
      nodeExporter: "quay.io/prometheus/node-exporter:v1.12.1",
      tempo: "docker.io/grafana/tempo:2.6.0-ed943d7a56b2",
      node: `docker.io/library/node:${process.version.slice(1)}-hermetic`,
    });
  });

  test("every image of a deployed system can be made by the kit", () => {
    const deployed = systemNames.filter((name) => isDeployed(environment(), name));
    expect(deployed).not.toContain("grafana");
    // One image for each system; phoenix runs on the runtime of the event forwarder.
    expect(Object.keys(kitReferences(environment()))).toHaveLength(deployed.length);
  });

  test("a mirror and a system that is off are respected", () => {
    const references = kitReferences(
      environment({
        images: { mirror: "mirror.test:5000" },
        systems: { grafana: { enabled: false }, loki: { enabled: false } },
      }),
    );
    expect(references.prometheus).toBe("mirror.test:5000/prometheus/prometheus:v3.15.0");
    expect(references).not.toHaveProperty("loki");
  });

  test("an environment that stores in AWS cannot run there", async () => {
    const aws = { region: "us-west-2", account: "123456789012", identity: { kind: "pod-identity" } };
    const dev = readEnvironment("dev", { ...hermeticSettings(), cluster: "dev", aws }, checkout(empty));
    expect(await rejection(prepareHermetic(dev, () => undefined))).toBe(
      [
        '--hermetic cannot run the environment "dev"',
        "  reason: it stores in AWS, which is not on this machine",
        "  fix: --env local, or a cluster that reaches AWS: --context NAME",
      ].join("\n"),
    );
  });
});
