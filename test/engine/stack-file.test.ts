import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { engineConfig, readEnvironment, stackNames } from "../../tools/stack-file";
import { refusal } from "../environment/support";

let root: string;
beforeEach(() => void (root = mkdtempSync(join(tmpdir(), "stack-file-"))));
afterEach(() => rmSync(root, { recursive: true }));

const written = (text: string, name = "dev") => {
  writeFileSync(join(root, `Pulumi.${name}.yaml`), text);
  return engineConfig(name, root);
};

describe("a stack file is read as the engine would hand it over", () => {
  test("objects and lists as JSON, the rest as text", () =>
    expect(
      written(`config:
  observability:cluster: dev
  observability:aws: { region: us-west-2, account: "123456789012" }
  observability:stages: [metrics]
  aws:region: eu-west-1
`),
    ).toEqual({
      "observability:cluster": "dev",
      "observability:aws": '{"region":"us-west-2","account":"123456789012"}',
      "observability:stages": '["metrics"]',
      "aws:region": "eu-west-1",
    }));

  test("a key without a namespace is the project's, an empty value is empty text", () =>
    expect(written("config:\n  cluster: dev\n  observability:domain:\n")).toEqual({
      "observability:cluster": "dev",
      "observability:domain": "",
    }));

  test("what only the engine can decrypt becomes a placeholder", () =>
    expect(
      written(
        "config:\n  observability:secrets:\n    slackUrl:\n      secure: v1:abc\n  observability:x:\n    secure: v1:d\n",
      ),
    ).toEqual({ "observability:secrets": '{"slackUrl":"<secret>"}', "observability:x": "<secret>" }));

  test("an empty file and one without config are environments without keys", () => {
    expect(written("")).toEqual({});
    expect(written("config: {}\n")).toEqual({});
    expect(written("encryptionsalt: v1:x\n")).toEqual({});
  });
});

describe("every command reads the same environment", () => {
  const local = (text: string) => {
    writeFileSync(join(root, "Pulumi.local.yaml"), text);
    return readEnvironment("local", {}, root);
  };

  test("also of keys without a namespace", () =>
    expect(local("config:\n  tenant: shop\n  loki: { ingestionRateMb: 7 }\n")).toMatchObject({
      tenant: "shop",
      loki: { ingestionRateMb: 7 },
    }));

  test("what this run says lies over the file", () => {
    local("config:\n  observability:loki: { replicationFactor: 1, ingestionRateMb: 7 }\n");
    expect(readEnvironment("local", { loki: { ingestionRateMb: 9 } }, root).loki).toEqual({
      replicationFactor: 1,
      ingestionRateMb: 9,
    });
  });

  test("a slip in the project's name is a fault", () =>
    expect(refusal(() => local("config:\n  observabilty:tenant: shop\n"))).toContain(
      'observabilty:tenant  (Pulumi.local.yaml:2:3)\n    is not a known key\n    fix: did you mean "observability:tenant"?',
    ));

  test("local needs no file, and has all its defaults", () =>
    expect(readEnvironment("local", {}, root)).toMatchObject({ name: "local", tenant: "phoenix" }));

  test("all there are is all that have a file, or local alone", () => {
    expect(stackNames(root)).toEqual(["local"]);
    for (const name of ["staging", "prod", "eu"]) written("config: {}\n", name);
    expect(stackNames(root)).toEqual(["prod", "eu", "staging"]);
  });
});

describe("a stack file that can't be read", () => {
  test("does not exist: the nearest that does", () => {
    written("config: {}\n", "prod");
    expect(refusal(() => engineConfig("prd", root))).toBe(
      'environment "prd" has 1 fault; nothing was deployed:\n  stack = prd\n    there is no Pulumi.prd.yaml\n    fix: did you mean "prod"?',
    );
  });

  test("does not exist: all there are", () => {
    written("config: {}\n", "prod");
    written("config: {}\n", "dev");
    expect(refusal(() => engineConfig("staging-eu", root))).toBe(
      'environment "staging-eu" has 1 fault; nothing was deployed:\n  stack = staging-eu\n    there is no Pulumi.staging-eu.yaml\n    fix: there are dev, prod',
    );
  });

  test("is not YAML: the place where it stops being it", () =>
    expect(refusal(() => written("config:\n  observability:aws: {region: x\n  observability:cluster: dev\n")))
      .toMatchInlineSnapshot(`
     "environment "dev" has 1 fault; nothing was deployed:
       Pulumi.dev.yaml
         is not YAML: Flow map in block collection must be sufficiently indented and end with a }
         fix: line 3, column 3"
    `));

  test("holds something else below config", () =>
    expect(refusal(() => written("config: dev\n"))).toBe(
      'environment "dev" has 1 fault; nothing was deployed:\n  Pulumi.dev.yaml\n    has no keys below config\n    fix: config: {observability:cluster: dev}',
    ));
});
