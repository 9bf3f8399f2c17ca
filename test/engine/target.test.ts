import * as fs from "node:fs";
import * as path from "node:path";
import { imagesOf, isDeployed } from "../../environment";
import { checkContext, resolveTarget } from "../../tools/engine/target";
import { readEnvironment } from "../../tools/stack-file";
import { hermeticSettings, prepareHermetic } from "../../tools/engine/hermetic";
import { kitReferences, namedReferences } from "../../tools/engine/hermetic-images";
import { cleanUp, kubeconfig, rejection, server, temporaryFolder } from "./support";
import { composition, systemNames } from "../../stacks/systems";

afterAll(cleanUp);

const images = imagesOf(composition);
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
      "  stack = lokal",
      "    there is no Pulumi.lokal.yaml",
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
  const given = process.env["OBSERVABILITY_KIT_GIVEN"];
  let folder: string;
  beforeEach(() => void (process.env["OBSERVABILITY_KIT_GIVEN"] = folder = temporaryFolder()));
  afterAll(() => {
    if (given === undefined) delete process.env["OBSERVABILITY_KIT_GIVEN"];
    else process.env["OBSERVABILITY_KIT_GIVEN"] = given;
  });
  const give = (name: string, says: string) =>
    fs.writeFileSync(path.join(folder, name), `#!/bin/sh\necho '${says}'\n`, { mode: 0o755 });
  const settingsOf = (own: string) => hermeticSettings(readEnvironment("local", {}, checkout(own)), "build");
  const environment = (own = empty) => readEnvironment("local", settingsOf(own).settings, checkout(own));

  test("a given program of the pinned version gets the very reference that the manifests name", () => {
    give("loki", `loki, version ${images.loki.tag}`);
    give("tempo-3", "tempo, version 3.0.9");
    expect(settingsOf(empty).notes).toEqual(["grafana is left out: its images can be pulled, but not made here"]);
    expect(kitReferences(environment())).toMatchObject({
      "node-exporter": "quay.io/prometheus/node-exporter:v1.12.1",
      loki: `docker.io/grafana/loki:${images.loki.tag}`,
      tempo: "docker.io/grafana/tempo:3.0.9",
      node: `docker.io/library/node:${process.version.slice(1)}-hermetic`,
    });
  });

  test("a system whose program nobody gave is left out by name, and what is left can be made", () => {
    const { notes } = settingsOf(empty);
    expect(notes.map((note) => note.split(" is left out: ")[0]).sort()).toEqual(["grafana", "loki", "tempo"]);
    expect(notes.join()).toContain(`https://github.com/grafana/loki/releases/tag/v${images.loki.tag}`);
    const deployed = systemNames.filter((name) => isDeployed(environment(), name));
    for (const name of ["grafana", "loki", "tempo"]) expect(deployed).not.toContain(name);
    // One image for each system; phoenix runs on the runtime of the event forwarder.
    expect(Object.keys(kitReferences(environment()))).toHaveLength(deployed.length);
  });

  test("the line of Tempo that the stack file chooses is the one that is needed", () => {
    const two = 'config: {observability:tempo: {majorVersion: "2"}}\n';
    give("tempo-3", "tempo, version 3.0.3");
    expect(settingsOf(two).notes.join()).toContain("tempo is left out: tempo-2 2.10.8 is a given program");
    give("tempo-2", "tempo, version 2.10.8");
    expect(kitReferences(environment(two))).toMatchObject({ "tempo-2": "docker.io/grafana/tempo:2.10.8" });
  });

  test("a program of another version is one readable error", () => {
    give("loki", "loki, version 2.9.17");
    expect(() => settingsOf(empty)).toThrow(`The given program loki: it is 2.9.17, needed is ${images.loki.tag}.`);
  });

  test("a mirror and a system that is off are respected", () => {
    give("loki", `loki, version ${images.loki.tag}`);
    const off =
      "config: {observability:images: {mirror: mirror.test:5000}, observability:systems: {loki: {enabled: false}}}";
    const references = kitReferences(environment(off));
    expect(references["node-exporter"]).toBe("mirror.test:5000/prometheus/node-exporter:v1.12.1");
    expect(references).not.toHaveProperty("loki");
  });

  test("where images are pulled, every system runs, and under the official names", () => {
    const { settings, notes } = hermeticSettings(readEnvironment("local", {}, checkout(empty)), "pull");
    const pulled = readEnvironment("local", settings, checkout(empty));
    expect(notes).toEqual([]);
    expect(systemNames.filter((name) => isDeployed(pulled, name))).toContain("grafana");
    expect(namedReferences(pulled).sort()).toEqual(
      namedReferences(readEnvironment("local", {}, checkout(empty))).sort(),
    );
  });

  test("an image that the kit cannot make is refused, instead of pods that wait for ever", () => {
    const withGrafana = readEnvironment("local", {}, checkout(empty));
    expect(() => kitReferences(withGrafana)).toThrow(
      `the hermetic node cannot make docker.io/grafana/grafana:${images.grafana.tag}, quay.io/kiwigrid/k8s-sidecar:1.30.3`,
    );
  });

  test("an environment that stores in AWS cannot run there", async () => {
    const dev = readEnvironment("dev");
    expect(await rejection(prepareHermetic(dev, "build", () => undefined))).toBe(
      [
        '--hermetic cannot run the environment "dev"',
        "  reason: it stores in AWS, which is not on this machine",
        "  fix: --env local, or a cluster that reaches AWS: --context NAME",
      ].join("\n"),
    );
  });
});
