import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readStackFile } from "../../tools/render/program";
import { refusal } from "../environment/support";

let root: string;
beforeEach(() => void (root = mkdtempSync(join(tmpdir(), "stack-file-"))));
afterEach(() => rmSync(root, { recursive: true }));

const written = (text: string, name = "dev") => {
  writeFileSync(join(root, `Pulumi.${name}.yaml`), text);
  return readStackFile(root, name);
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

describe("a stack file that can't be read", () => {
  test("does not exist: the nearest that does", () => {
    written("config: {}\n", "prod");
    expect(refusal(() => readStackFile(root, "prd"))).toBe(
      'environment "prd" has 1 fault; nothing was deployed:\n  stack = prd\n    there is no Pulumi.prd.yaml\n    fix: did you mean "prod"?',
    );
  });

  test("does not exist: all there are", () => {
    written("config: {}\n", "prod");
    written("config: {}\n", "dev");
    expect(refusal(() => readStackFile(root, "staging-eu"))).toBe(
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
