import * as fs from "node:fs";
import * as path from "node:path";
import {
  ConcurrentUpdateError,
  LocalWorkspace,
  PulumiCommand,
  type OutputMap,
  type PulumiFn,
  type Stack,
} from "@pulumi/pulumi/automation";
import { project, type Environment } from "../../environment";
import { deepMerge } from "../../environment/merge";
import { chooseBackend, type Backend } from "./backend";
import { EngineError } from "./errors";
import { explain, isDead, lockHolder, type Operation } from "./failures";
import type { Interrupt } from "./interrupt";
import { EventReader, type Change, type ProgressEvent } from "./progress";
import { projectRoot, readEnvironment, type Settings } from "../stack-file";
import { writeWorkFolder } from "./work-folder";
import { checkState, protectedResources, type State } from "./state";
import type { Target } from "./target";
import { findToolchain, withFolder, type PluginName } from "./toolchain";

export type { Operation } from "./failures";

export interface RunOptions {
  readonly onProgress?: (event: ProgressEvent) => void;
  /** Fails when the run would change anything. */
  readonly expectNoChanges?: boolean;
  /** Laid over the environment's settings for this run, e.g. one changed limit. */
  readonly settings?: Settings;
  /** Where Ctrl-C goes. @default the run cannot be cancelled */
  readonly interrupt?: Interrupt;
  /** @default the program of this project */
  readonly program?: PulumiFn;
  /** Folder of Pulumi.yaml and the stack files. @default the checkout */
  readonly root?: string;
  /** Lines about what is found and mended before the run. @default silent */
  readonly note?: (line: string) => void;
}

export interface RunResult {
  /** How many resources by what was done to them: `{same: 90, update: 2}`. */
  readonly changes: Readonly<Record<string, number>>;
  /** From the call to the end of the run, in seconds. */
  readonly seconds: number;
  /** The program's outputs; secret ones read `[secret]`. Empty for destroy and preview. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Every resource that something was done to (or would be, in a preview), in order. */
  readonly changed: readonly Change[];
}

/**
 * Runs the engine on an environment and a cluster. The program runs in this process; the CLI drives it.
 * @throws EngineError with what a person needs to know; EnvironmentError with every fault of the settings
 */
export async function run(
  target: Target,
  env: string,
  operation: Operation,
  options: RunOptions = {},
): Promise<RunResult> {
  const begin = Date.now();
  const root = options.root ?? projectRoot;
  const over = deepMerge(deepMerge(target.settings, options.settings ?? {}), { kubeContext: target.context });
  const environment = readEnvironment(env, over, root);
  findToolchain(pluginsOf(environment), target.toolFolder);
  const backend = backendOf(target, environment, root);
  if (backend.note !== undefined) options.note?.(backend.note);
  writeWorkFolder(backend.workFolder, env, over, root);
  const reader = new EventReader(options.onProgress);
  const kubeconfigBefore = process.env["KUBECONFIG"];
  // For whatever the program itself does with the cluster; the provider gets it through the CLI.
  process.env["KUBECONFIG"] = target.kubeconfig;
  try {
    const stack = await openStack(target, env, backend, operation, options);
    if (stack === undefined) return { changes: {}, seconds: (Date.now() - begin) / 1000, outputs: {}, changed: [] };
    const work = async () => {
      await prepareStack(stack, target, operation, options);
      return perform(stack, operation, reader, options);
    };
    const outputs = await work().catch((error: unknown) => retryAfterDeadLock(env, backend, error, work, options));
    const { changed, summary: changes } = reader;
    return { changes, seconds: (Date.now() - begin) / 1000, outputs: values(outputs), changed };
  } catch (error) {
    const cancelled = options.interrupt?.requested ?? false;
    throw explain(error, { operation, env, backend, reader, cancelled });
  } finally {
    options.interrupt?.watch(() => false);
    if (kubeconfigBefore === undefined) delete process.env["KUBECONFIG"];
    else process.env["KUBECONFIG"] = kubeconfigBefore;
  }
}

/** Plugins that an environment's program needs. */
function pluginsOf({ storage }: Environment): PluginName[] {
  return storage.kind === "aws" ? ["kubernetes", "aws"] : ["kubernetes"];
}

/** Where a target's state and work folder are. */
export function backendOf(target: Target, { name, profile }: Environment, root: string = projectRoot): Backend {
  return chooseBackend(
    {
      root: target.engineRoot,
      identity: target.identity,
      env: name,
      own: target.kind === "hermetic",
      mayFallBack: profile === "local",
    },
    process.env,
    root,
  );
}

/** Opens the stack, and makes it when something is to be deployed; undefined where none is and none is needed. */
async function openStack(
  target: Target,
  env: string,
  backend: Backend,
  operation: Operation,
  options: RunOptions,
): Promise<Stack | undefined> {
  const folder = target.toolFolder;
  const pulumiCommand = await PulumiCommand.get(folder === undefined ? {} : { root: path.dirname(folder) });
  const workspace = {
    workDir: backend.workFolder,
    pulumiCommand,
    envVars: {
      ...backend.envVars,
      KUBECONFIG: target.kubeconfig,
      PULUMI_SKIP_UPDATE_CHECK: "true",
      ...(folder === undefined ? {} : { PATH: withFolder(folder) }),
    },
  };
  const program: PulumiFn = options.program ?? (async () => (await import("../../program.js")).program());
  const args = { stackName: env, projectName: project, program };
  if (operation === "up" || operation === "preview") return LocalWorkspace.createOrSelectStack(args, workspace);
  return LocalWorkspace.selectStack(args, workspace).catch((error: unknown) => {
    if (error instanceof Error && error.name === "StackNotFoundError") return undefined;
    throw error;
  });
}

/** Looks at what an earlier run left: another cluster's objects, an interrupted run, protected resources. */
async function prepareStack(stack: Stack, target: Target, operation: Operation, options: RunOptions): Promise<void> {
  const state = (await stack.exportStack()) as State;
  checkState(state, stack.name, target.context);
  if (operation === "destroy") refuseProtected(stack.name, state);
  const pending = state.deployment.pending_operations ?? [];
  if (pending.length === 0 || operation === "refresh" || operation === "preview") return;
  const what = `${pending.length} resource${pending.length === 1 ? "" : "s"}`;
  // Of these, nobody knows whether they exist: the engine asks the cluster, else it would make them a second time.
  await stack.refresh({ clearPendingCreates: true, runProgram: false });
  options.note?.(`an earlier run was interrupted while it changed ${what}: compared with the cluster, and going on`);
}

function refuseProtected(env: string, state: State): void {
  const kept = protectedResources(state);
  if (kept.length === 0) return;
  throw new EngineError(`"${env}" holds protected resources; nothing was deleted`, {
    reason: kept.map(({ kind, name }) => `${kind} ${name}`).join(", "),
    fix: `set observability:storage.protect to false and run up once; then down deletes them and their data`,
  });
}

async function perform(
  stack: Stack,
  operation: Operation,
  reader: EventReader,
  { interrupt, expectNoChanges }: RunOptions,
): Promise<OutputMap> {
  interrupt?.watch(() => reader.cancelled);
  const common = {
    onEvent: (event: Parameters<EventReader["read"]>[0]) => reader.read(event),
    ...(interrupt ? { signal: interrupt.signal } : {}),
  };
  const expect = expectNoChanges === undefined ? {} : { expectNoChanges };
  switch (operation) {
    case "up":
      return (await stack.up({ ...common, ...expect })).outputs;
    case "preview":
      await stack.preview({ ...common, ...expect });
      return {};
    case "refresh":
      await stack.refresh({ ...common, ...expect, runProgram: false });
      return stack.outputs();
    case "destroy":
      await stack.destroy({ ...common, runProgram: false });
      await stack.workspace.removeStack(stack.name);
      return {};
  }
}

/** A lock of ours whose process is gone (killed, power cut) holds up nobody: it is taken away and the run made again. */
async function retryAfterDeadLock(
  env: string,
  backend: Backend,
  error: unknown,
  work: () => Promise<OutputMap>,
  { note }: RunOptions,
): Promise<OutputMap> {
  const holder = error instanceof ConcurrentUpdateError ? lockHolder(error.message) : undefined;
  if (holder === undefined || backend.stateFolder === undefined || !isDead(holder)) throw error;
  note?.(`the lock of an ended run is taken away (${holder.text})`);
  const locks = path.join(backend.stateFolder, ".pulumi", "locks", "organization", project, env);
  fs.rmSync(locks, { recursive: true, force: true });
  return work();
}

function values(outputs: OutputMap): Record<string, unknown> {
  const shown = Object.entries(outputs).map(([name, { value, secret }]) => [
    name,
    secret ? "[secret]" : (value as unknown),
  ]);
  return Object.fromEntries(shown) as Record<string, unknown>;
}
