import * as path from "node:path";
import type { Environment } from "../../environment";
import { environmentFlag, installed, swallowedFlags, typed, UsageError, type Command, type Flag } from "../cli";
import { imageSource, type ImageSource } from "../testbed/pull";
import type { Progress } from "../testbed/shell";
import { engineRoot } from "./backend";
import { Cluster } from "./cluster";
import { EngineError } from "./errors";
import { forgetOtherNodes, hermeticEngineRoot, hermeticSettings, type HermeticSettings } from "./hermetic";
import { namedReferences } from "./hermetic-images";
import { prepareHermetic, runningNode, toolFolder } from "./hermetic";
import { connectionOf, kubeconfigFiles, loadKubeconfig } from "./kubeconfig";
import { reach } from "./preflight";
import { readEnvironment, type Settings } from "../stack-file";

/** Which cluster was asked for: exactly one of the three. */
export type TargetRequest =
  { readonly kind: "context"; readonly context: string } | { readonly kind: "kind" } | { readonly kind: "hermetic" };

/** A cluster that answered, and how the engine gets at it. */
export interface Target {
  readonly kind: TargetRequest["kind"];
  readonly context: string;
  /** Value of KUBECONFIG for everything that is started. */
  readonly kubeconfig: string;
  readonly cluster: Cluster;
  /** `v1.36.3` */
  readonly kubernetes: string;
  /** Differs between a cluster and the next one of the same name. */
  readonly identity: string;
  /** Folder with `pulumi` and its plugins. @default those on PATH */
  readonly toolFolder?: string;
  /** Laid over the environment's own settings. */
  readonly settings: Settings;
  /** Root of the engine's folders. */
  readonly engineRoot: string;
  /** Lines for the person. */
  readonly notes: readonly string[];
}

const kindName = "observability";
const kindContext = `kind-${kindName}`;

/** The flags of every command that needs a cluster. */
export const targetFlags = {
  env: environmentFlag,
  context: { type: "string", value: "NAME", description: "a cluster that you have, by its kube context" },
  kind: { type: "boolean", description: `the kind cluster "${kindName}" (context ${kindContext}); not verified` },
  hermetic: {
    type: "boolean",
    description: "a Kubernetes node made on this machine from package registries; needs root",
  },
} as const satisfies Readonly<Record<string, Flag>>;

/** The target of a command line. @throws UsageError that shows all three when there is not exactly one */
export function requestedTarget(
  command: Command,
  values: { readonly context: string | undefined; readonly kind: boolean; readonly hermetic: boolean },
  environment: NodeJS.ProcessEnv = process.env,
): TargetRequest {
  const { context, kind, hermetic } = values;
  const asked: TargetRequest[] = [];
  if (context !== undefined) asked.push({ kind: "context", context });
  if (kind) asked.push({ kind: "kind" });
  if (hermetic && installed) throw new UsageError("--hermetic is of a checkout of the stack, which makes the node");
  if (hermetic) asked.push({ kind: "hermetic" });
  const [only] = asked;
  if (only !== undefined && asked.length === 1) return only;
  const swallowed = swallowedFlags(command, environment);
  const run = typed(command.name);
  const lines = [
    only === undefined
      ? `${run} needs a target; a cluster is never chosen silently:`
      : `${run} takes one target, not ${asked.length}:`,
    `  ${typed(command.name, "--context NAME")}   a cluster that you have, by its kube context`,
    `  ${typed(command.name, "--kind")}           the kind cluster "${kindName}": kind create cluster --name ${kindName}`,
    ...(installed
      ? []
      : [
          `  ${typed(command.name, "--hermetic")}       a Kubernetes node made on this machine from package registries; needs root`,
        ]),
  ];
  if (swallowed.length > 0) {
    const flags = swallowed.map((name) => `--${name}`).join(", ");
    lines.push(`npm kept ${flags} for itself: flags come after a lone --, as above`);
  }
  throw new UsageError(lines.join("\n"));
}

export interface ResolveOptions {
  /** Make the cluster ready (build, start, import) where that is ours to do; else it must run already. */
  readonly prepare: boolean;
  readonly progress: Progress;
  /** @default the checkout */
  readonly root?: string;
}

/**
 * Finds the cluster that was asked for and makes sure that it is there, answers, is new enough and is the one that the
 * environment belongs to.
 * @throws EngineError, EnvironmentError
 */
export async function resolveTarget(request: TargetRequest, env: string, options: ResolveOptions): Promise<Target> {
  if (request.kind === "hermetic") {
    const wanted = readEnvironment(env, {}, options.root);
    const source = await imageSource(namedReferences(wanted));
    const hermetic = hermeticSettings(wanted, source);
    return hermeticTarget(readEnvironment(env, hermetic.settings, options.root), source, hermetic, options);
  }
  const environment = readEnvironment(env, {}, options.root);
  const context = request.kind === "kind" ? kindContext : request.context;
  checkContext(environment, context);
  const files = kubeconfigFiles();
  if (request.kind === "kind") checkKind(files);
  const { cluster, version, identity } = await reach(new Cluster(connectionOf(loadKubeconfig(files), context)));
  return {
    kind: request.kind,
    context,
    kubeconfig: files.join(path.delimiter),
    cluster,
    kubernetes: version,
    identity,
    settings: {},
    engineRoot: engineRoot(),
    notes: request.kind === "kind" ? ["kind clusters are expected to work and have not been verified"] : [],
  };
}

async function hermeticTarget(
  environment: Environment,
  source: ImageSource,
  { settings, notes }: HermeticSettings,
  { prepare, progress }: ResolveOptions,
): Promise<Target> {
  const node = prepare ? await prepareHermetic(environment, source, progress) : await runningNode();
  if (node === undefined) {
    throw new EngineError("the hermetic node does not run", {
      fix: "npm run up -- --hermetic starts it and deploys the stack",
    });
  }
  const { cluster, version, identity } = await reach(Cluster.of(node.context, node.kubeconfig));
  forgetOtherNodes(identity);
  return {
    kind: "hermetic",
    ...node,
    cluster,
    kubernetes: version,
    identity,
    toolFolder: await toolFolder(progress),
    settings,
    engineRoot: hermeticEngineRoot(),
    notes,
  };
}

/** @throws EngineError when the environment is bound to another cluster */
export function checkContext({ name, kubeContext }: Environment, context: string): void {
  if (kubeContext === undefined || kubeContext === context) return;
  throw new EngineError(`environment "${name}" belongs to another cluster than "${context}"; nothing was changed`, {
    reason: `Pulumi.${name}.yaml says observability:kubeContext = ${kubeContext}`,
    fix: `--context ${kubeContext}, or choose another environment with --env`,
  });
}

function checkKind(files: readonly string[]): void {
  const missing = new EngineError(`there is no kind cluster "${kindName}" (kube context ${kindContext})`, {
    fix: `kind create cluster --name ${kindName}`,
  });
  try {
    if (loadKubeconfig(files).contexts.has(kindContext)) return;
  } catch (error) {
    if (!(error instanceof EngineError) || !error.message.startsWith("there is no kubeconfig")) throw error;
  }
  throw missing;
}
