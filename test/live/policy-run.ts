import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as kubernetes from "@pulumi/kubernetes";
import { LocalWorkspace, PulumiCommand, type EngineEvent, type PulumiFn } from "@pulumi/pulumi/automation";
import { project } from "../../environment";
import { deepMerge } from "../../environment/merge";
import { policies } from "../../policies/index";
import { program } from "../../program";
import { projectRoot, type Settings } from "../../tools/stack-file";
import { writeWorkFolder } from "../../tools/engine/work-folder";
import { resolveTarget, type Target } from "../../tools/engine/target";
import { withFolder } from "../../tools/engine/toolchain";

/**
 * The policy pack in the real engine: `pulumi preview --policy-pack policies` on the environment `local`. It only ever
 * previews, with a state of its own and in namespaces that do not exist: what is deployed beside is left alone.
 */

const ENVIRONMENT = "local";
const ANALYZER = "pulumi-analyzer-policy-nodejs";
/** No namespace of this name exists: the API server is asked for nothing that the deployed stack has. */
const scratch: Settings = { namespace: "policy-run" };
/** An image that moves, of nobody known. */
const movingImage: Settings = { images: { overrides: { prometheus: "docker.io/somebody/prometheus:latest" } } };

interface Told {
  readonly policy: string;
  readonly level: string;
  /** `kubernetes:apps/v1:StatefulSet policy-run/prometheus` */
  readonly resource: string;
  readonly message: string;
}

interface Preview {
  readonly passed: boolean;
  readonly resources: number;
  readonly told: readonly Told[];
  /** What the engine said when it failed. */
  readonly output: string;
}

export interface PolicyRun {
  readonly ok: boolean;
  /** One line for a table: what was seen, or what was expected and not seen. */
  readonly figure: string;
}

/**
 * Previews the stack as it is, then with one mandatory violation that a resource policy sees, then with one that only
 * the whole stack shows. One preview at a time.
 * @param target @default the hermetic node, which must run
 * @throws EngineError when there is no cluster or no CLI
 */
export async function checkPolicies(target?: Target): Promise<PolicyRun> {
  const cluster = target ?? (await runningNode());
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "policy-run-"));
  try {
    const preview = (settings: Settings, addition?: () => void) => run(cluster, folder, settings, addition);
    const clean = await preview({});
    const image = await preview(movingImage);
    const namespace = await preview({}, () => new kubernetes.core.v1.Namespace("bare", bareNamespace));
    const faults = [
      ...(clean.passed ? [] : [`the stack as it is does not pass: ${summary(clean)}`]),
      ...unjudged(clean),
      ...missing(image, "images-pinned", "StatefulSet policy-run/prometheus"),
      ...missing(image, "images-from-known-publishers", "StatefulSet policy-run/prometheus"),
      ...missing(namespace, "namespaces-deny-by-default", "Namespace bare"),
    ];
    if (faults.length > 0) return { ok: false, figure: faults.join("; ") };
    const figure = `${clean.resources} resources pass ${policies.length} policies; refused: ${summary(image)}; ${summary(namespace)}`;
    return { ok: true, figure };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

const runningNode = () =>
  resolveTarget({ kind: "hermetic" }, ENVIRONMENT, { prepare: false, progress: () => undefined });

/** Complete but for the policy that denies by default. */
const bareNamespace = {
  metadata: {
    name: "policy-run-bare",
    labels: {
      "app.kubernetes.io/part-of": project,
      "app.kubernetes.io/managed-by": "pulumi",
      "pod-security.kubernetes.io/enforce": "restricted",
    },
  },
};

const mandatory = ({ told }: Preview) => told.filter(({ level }) => level === "mandatory");

/** A value that only the deployment knows stops a policy, and the engine tells it as an advice: that is no pass. */
const unjudged = ({ told }: Preview): string[] =>
  told
    .filter(({ message }) => message.includes("can't run policy"))
    .map(({ policy }) => `${policy} could not be judged`);

const summary = (preview: Preview): string =>
  mandatory(preview)
    .map(({ policy, resource }) => `${policy} by ${resource}`)
    .join(", ") || preview.output.split("\n").slice(-5).join(" ");

/** What is missing from the expectation that a preview fails by one policy, and names one resource. */
function missing(preview: Preview, policy: string, resource: string): string[] {
  const said = mandatory(preview).some((each) => each.policy === policy && each.resource.endsWith(`:${resource}`));
  if (!preview.passed && said) return [];
  return [
    `${policy} ${preview.passed ? "let" : "did not name"} ${resource}${preview.passed ? " pass" : `: ${summary(preview)}`}`,
  ];
}

async function run(target: Target, folder: string, settings: Settings, addition?: () => void): Promise<Preview> {
  const work = fs.mkdtempSync(path.join(folder, "work-"));
  const own = deepMerge(deepMerge({ ...target.settings }, scratch), { ...settings, kubeContext: target.context });
  writeWorkFolder(work, ENVIRONMENT, own);
  const { toolFolder } = target;
  const pulumiCommand = await PulumiCommand.get(toolFolder === undefined ? {} : { root: path.dirname(toolFolder) });
  const stackProgram: PulumiFn = async () => {
    const outputs = await program();
    addition?.();
    return outputs;
  };
  const told: Told[] = [];
  const stack = await LocalWorkspace.createStack(
    { stackName: ENVIRONMENT, projectName: project, program: stackProgram },
    {
      workDir: work,
      pulumiCommand,
      envVars: {
        KUBECONFIG: target.kubeconfig,
        PATH: searchPath(target, folder),
        PULUMI_BACKEND_URL: `file://${work}`,
        PULUMI_CONFIG_PASSPHRASE: "a preview keeps no secrets",
        PULUMI_SKIP_UPDATE_CHECK: "true",
      },
    },
  );
  const onEvent = ({ policyEvent }: EngineEvent) => {
    if (policyEvent === undefined) return;
    const { policyName, enforcementLevel, resourceUrn = "", message } = policyEvent;
    told.push({ policy: policyName, level: enforcementLevel, resource: resourceOf(resourceUrn), message });
  };
  try {
    const { changeSummary } = await stack.preview({ policyPacks: [path.join(projectRoot, "policies")], onEvent });
    const resources = Object.values(changeSummary).reduce((sum, count) => sum + (count ?? 0), 0);
    return { passed: true, resources, told, output: "" };
  } catch (error) {
    const { commandResult } = error as { commandResult?: { stdout: string; stderr: string } };
    // Nothing of the engine's: a fault of this program.
    if (commandResult === undefined) throw error;
    return { passed: false, resources: 0, told, output: `${commandResult.stdout}${commandResult.stderr}`.trim() };
  }
}

/** PATH for the engine: the target's tools, and the analyzer where it is not installed. */
function searchPath({ toolFolder }: Target, folder: string): string {
  const given = toolFolder === undefined ? (process.env["PATH"] ?? "") : withFolder(toolFolder);
  const installed = given.split(path.delimiter).some((each) => fs.existsSync(path.join(each, ANALYZER)));
  return installed ? given : withFolder(analyzerFolder(folder), { PATH: given });
}

/** `urn:pulumi:local::observability::parent$kubernetes:core/v1:Namespace::bare` → `kubernetes:core/v1:Namespace bare` */
function resourceOf(urn: string): string {
  const [, , types = "", ...name] = urn.split("::");
  return `${types.slice(types.lastIndexOf("$") + 1)} ${name.join("::")}`;
}

/**
 * A folder with the program by which the engine starts a policy pack. It comes with an installed CLI; one built from
 * its Go module lacks it, though all it does is to start a script of the npm package.
 */
function analyzerFolder(folder: string): string {
  const bin = path.join(folder, "bin");
  const file = path.join(bin, ANALYZER);
  const script = path.join(path.dirname(require.resolve("@pulumi/pulumi/package.json")), "cmd", "run-policy-pack");
  fs.mkdirSync(bin, { recursive: true });
  fs.writeFileSync(file, `#!/bin/sh\nexec "${process.execPath}" "${script}" "$@"\n`, { mode: 0o755 });
  return bin;
}

async function main(): Promise<void> {
  const { ok, figure } = await checkPolicies();
  console.log(`${ok ? "passed" : "FAILED"}: ${figure}`);
  process.exitCode = ok ? 0 : 1;
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
