import * as fs from "node:fs";
import * as path from "node:path";
import { chooseBackend } from "../../tools/engine/backend";
import { cleanUp, messageOf, temporaryFolder } from "./support";

afterAll(cleanUp);

const home = () => ({ PULUMI_HOME: temporaryFolder() });

function checkout(project = "name: observability\n", stackFile?: string): string {
  const root = temporaryFolder();
  fs.writeFileSync(path.join(root, "Pulumi.yaml"), project);
  if (stackFile !== undefined) fs.writeFileSync(path.join(root, "Pulumi.local.yaml"), stackFile);
  return root;
}

const request = (own = false, mayFallBack = true) => ({
  root: temporaryFolder(),
  identity: "abc",
  env: "local",
  own,
  mayFallBack,
});

describe("the person's own backend", () => {
  test.each([
    ["by environment", () => ({ ...home(), PULUMI_BACKEND_URL: "s3://bucket" }), checkout],
    ["by token", () => ({ ...home(), PULUMI_ACCESS_TOKEN: "pul-1" }), checkout],
    ["by project", home, () => checkout("name: observability\nbackend: {url: 's3://bucket'}\n")],
    [
      "by login",
      () => {
        const variables = home();
        fs.writeFileSync(path.join(variables.PULUMI_HOME, "credentials.json"), '{"current":"s3://bucket"}');
        return variables;
      },
      checkout,
    ],
  ])("is used as it is: %s", (_, environment, root) => {
    const asked = request();
    expect(chooseBackend(asked, environment(), root())).toEqual({
      workFolder: path.join(asked.root, "abc", "work-local"),
      envVars: {},
    });
  });

  test("is left alone by the hermetic node", () => {
    const backend = chooseBackend(request(true), { ...home(), PULUMI_BACKEND_URL: "s3://bucket" }, checkout());
    expect(backend.envVars["PULUMI_BACKEND_URL"]).toBe(`file://${backend.stateFolder}`);
    expect(backend.note).toBeUndefined();
  });

  test("nobody is logged in, and the environment is not local", () => {
    expect(messageOf(() => chooseBackend({ ...request(false, false), env: "dev" }, home(), checkout()))).toBe(
      [
        'no Pulumi backend to keep the state of "dev" in',
        "  reason: nobody is logged in, and this state is more than one machine's business",
        "  fix: pulumi login s3://<bucket> (or pulumi login for Pulumi Cloud, pulumi login --local for this machine alone)",
      ].join("\n"),
    );
  });
});

describe("a state on this machine", () => {
  test("is said, with its folder", () => {
    const backend = chooseBackend(request(), home(), checkout());
    expect(backend.note).toBe(
      `nobody is logged in to a Pulumi backend: the state is kept in ${String(backend.stateFolder)}`,
    );
  });

  test("has a passphrase of its own that stays the same and that only its owner reads", () => {
    const asked = request();
    const passphrase = () => {
      const file = chooseBackend(asked, home(), checkout()).envVars["PULUMI_CONFIG_PASSPHRASE_FILE"] ?? "";
      expect(fs.statSync(file).mode & 0o777).toBe(0o600);
      return fs.readFileSync(file, "utf8");
    };
    const first = passphrase();
    expect(first.length).toBeGreaterThanOrEqual(32);
    expect(passphrase()).toBe(first);
  });

  test("takes the person's passphrase when there is one, an empty one included", () => {
    const { envVars } = chooseBackend(request(), { ...home(), PULUMI_CONFIG_PASSPHRASE: "" }, checkout());
    expect(Object.keys(envVars)).toEqual(["PULUMI_BACKEND_URL"]);
  });

  test("cannot read values that were encrypted with a passphrase nobody gives", () => {
    const root = checkout("name: observability\n", "encryptionsalt: v1:x\n");
    expect(messageOf(() => chooseBackend(request(), home(), root))).toBe(
      [
        "Pulumi.local.yaml holds encrypted values, and there is no passphrase to read them",
        "  fix: set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE to the one they were encrypted with",
      ].join("\n"),
    );
  });

  test("two clusters never share one", () => {
    const asked = request();
    const folder = (identity: string) => chooseBackend({ ...asked, identity }, home(), checkout()).stateFolder;
    expect(folder("a")).not.toBe(folder("b"));
    expect(folder("../../etc")).toBe(path.join(asked.root, ".._.._etc", "state"));
  });
});
