import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(__dirname, "..", "..");
const sources = [
  "docs/runbooks",
  "alerts",
  "dashboards",
  "emission",
  "environment",
  "examples",
  "policies",
  "packs",
  "signals",
  "stacks",
  "tools",
  "index.ts",
  "program.ts",
];
const project = [
  "package.json",
  "tsconfig.json",
  "Pulumi.yaml",
  "Pulumi.local.yaml",
  "Pulumi.dev.yaml",
  "Pulumi.prod.yaml",
];
const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

/** A checkout of its own: what stands in build/ of this one is somebody's. */
function checkout(): string {
  const folder = mkdtempSync(join(tmpdir(), "start-"));
  folders.push(folder);
  for (const name of [...sources, ...project]) cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  return folder;
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function npmStart(folder: string, ...flags: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile("npm", ["start", "--silent", "--", ...flags], { cwd: folder, timeout: 110_000 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr: stderr.replace(/^npm warn.*\n/gm, "") }),
    );
  });
}

let right: string, broken: string;
let rendered: Ended, unknown: Ended, refused: Ended;
// At once: most of the time is Node reading Pulumi's modules.
beforeAll(async () => {
  [right, broken] = [checkout(), checkout()];
  mkdirSync(join(broken, "build", "local"), { recursive: true });
  writeFileSync(join(broken, "build", "local", "summary.json"), "of an earlier run");
  writeFileSync(join(broken, "Pulumi.dev.yaml"), "config:\n  observability:clutser: dev\n");
  writeFileSync(join(broken, "Pulumi.prod.yaml"), "config:\n  observability:cluster: prod\n");
  [rendered, unknown, refused] = await Promise.all([
    npmStart(right, "--env", "local"),
    npmStart(broken, "--env", "nope"),
    npmStart(broken),
  ]);
}, 120_000);

test("npm start renders an environment without a cluster, an account or a CLI", () => {
  const { code, stdout, stderr } = rendered;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(/^local · cluster local\n[^]*\n {2}\d+ files in build\/local, [0-9a-f]{12}\n/);
  expect(existsSync(join(right, "build/local/manifests/loki.yaml"))).toBe(true);
  expect(existsSync(join(right, "build/prod"))).toBe(false);
});

test("an environment that does not exist is an error that a person can read", () => {
  const { code, stdout, stderr } = unknown;
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toBe(
    'environment "nope" has 1 fault; nothing was deployed:\n  stack = nope\n    there is no Pulumi.nope.yaml\n    fix: there are dev, local, prod\n',
  );
});

test("broken stack files give all their faults, and what stood in build/ stays, of the right ones too", () => {
  const { code, stdout, stderr } = refused;
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toBe(`environment "dev" has 3 faults; nothing was deployed:
  observability:cluster
    is missing
    fix: pulumi config set observability:cluster <name of the cluster: it stands on every signal>
  observability:clutser  (Pulumi.dev.yaml:2:3)
    is not a known key
    fix: did you mean "cluster"?
  observability:aws
    is missing: buckets need a region, an account and how pods get their roles
    fix: in Pulumi.dev.yaml: observability:aws: {region: us-west-2, account: "123456789012", identity: {kind: pod-identity}}
environment "prod" has 2 faults; nothing was deployed:
  observability:aws
    is missing: buckets need a region, an account and how pods get their roles
    fix: in Pulumi.prod.yaml: observability:aws: {region: us-west-2, account: "123456789012", identity: {kind: pod-identity}}
  observability:alerting.receivers = []
    prod has nobody to tell: no alert would reach a person
    fix: add one, for example {kind: slack, name: oncall, channel: "#alerts", urlSecret: slackUrl}
`);
  expect(readFileSync(join(broken, "build", "local", "summary.json"), "utf8")).toBe("of an earlier run");
  expect(existsSync(join(broken, "build", "dev"))).toBe(false);
});
