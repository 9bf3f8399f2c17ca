import * as fs from "node:fs";
import * as path from "node:path";
import { controlPlaneParts, type Environment } from "../../environment";
import { buildTools } from "../testbed/build";
import { importImages } from "../testbed/images";
import { nodeStatus, startNode } from "../testbed/node";
import { cacheRoot, kubeconfigPath } from "../testbed/paths";
import { pullImages, rememberSource, type ImageSource } from "../testbed/pull";
import type { Progress } from "../testbed/shell";
import { EngineError } from "./errors";
import { kitReferences, madeImages, namedReferences } from "./hermetic-images";
import type { Settings } from "../stack-file";

/** What differs on the hermetic node from what the stack file says, and lines for the person about it. */
export interface HermeticSettings {
  readonly settings: Settings;
  readonly notes: readonly string[];
}

/** @param environment as the stack file says it */
export function hermeticSettings(environment: Environment, source: ImageSource): HermeticSettings {
  const { overrides, leftOut } = source === "pull" ? { overrides: {}, leftOut: {} } : madeImages(environment);
  return {
    settings: {
      // The kit's control plane listens on the node's address: each part's metrics can be scraped.
      controlPlane: [...controlPlaneParts],
      images: { overrides },
      systems: Object.fromEntries(Object.keys(leftOut).map((system) => [system, { enabled: false }])),
    },
    notes: Object.values(leftOut),
  };
}

/** Root of the engine's folders for the hermetic node. */
export const hermeticEngineRoot = (): string => path.join(cacheRoot(), "engine");

/** The kubeconfig of the node when it runs and is ready; undefined otherwise. Nothing is started. */
export async function runningNode(): Promise<{ kubeconfig: string; context: string } | undefined> {
  const { ready, kubeconfig, context } = await nodeStatus();
  return ready ? { kubeconfig, context } : undefined;
}

/** Builds what is missing, starts the node unless it runs, pulls or makes the images that the environment's manifests name. */
export async function prepareHermetic(
  environment: Environment,
  source: ImageSource,
  progress: Progress,
): Promise<{ kubeconfig: string; context: string }> {
  if (environment.storage.kind === "aws") {
    throw new EngineError(`--hermetic cannot run the environment "${environment.name}"`, {
      reason: "it stores in AWS, which is not on this machine",
      fix: "--env local, or a cluster that reaches AWS: --context NAME",
    });
  }
  await toolFolder(progress);
  const { context } = (await runningNode()) ?? (await startNode({ tracing: apiServerTracing, progress }));
  rememberSource(source);
  if (source === "pull") {
    await pullImages(namedReferences(environment), progress);
  } else {
    const imported = await importImages(kitReferences(environment), progress);
    if (imported.length > 0) progress(`${imported.length} images imported`);
  }
  return { kubeconfig: kubeconfigPath(), context };
}

/** The API server traces one request in ten of its own: enough to be found within seconds. */
const apiServerTracing = { samplingRatePerMillion: 100_000 };

/**
 * A folder with the kit's `pulumi` and Kubernetes plugin side by side, built when they are missing: the CLI finds a
 * plugin on PATH, and the Automation API wants a CLI that PATH finds.
 */
export async function toolFolder(progress: Progress): Promise<string> {
  const built = await buildTools(["pulumi", "pulumi-resource-kubernetes"], progress);
  const folder = path.join(hermeticEngineRoot(), "cli", "bin");
  fs.mkdirSync(folder, { recursive: true });
  for (const [name, file] of Object.entries(built)) {
    const link = path.join(folder, name);
    if (fs.existsSync(link) && fs.readlinkSync(link) === file) continue;
    fs.rmSync(link, { force: true });
    fs.symlinkSync(file, link);
  }
  return folder;
}

/** Removes what the engine knew of nodes before this one: each start of the node is a new cluster. */
export function forgetOtherNodes(identity: string | undefined): void {
  const root = hermeticEngineRoot();
  if (!fs.existsSync(root)) return;
  for (const name of fs.readdirSync(root)) {
    if (name !== "cli" && name !== identity) fs.rmSync(path.join(root, name), { recursive: true, force: true });
  }
}
