import * as fs from "node:fs";
import * as path from "node:path";
import {
  controlPlaneParts,
  imageReference,
  images,
  isDeployed,
  systemNames,
  type Environment,
  type ImageName,
} from "../../environment";
import { buildTools } from "../kit/build";
import type { ImageName as KitImageName } from "../kit/image-table";
import { importImages } from "../kit/images";
import { nodeStatus, startNode } from "../kit/node";
import { cacheRoot, kubeconfigPath } from "../kit/paths";
import type { Progress } from "../kit/shell";
import { EngineError } from "./errors";
import type { Settings } from "./stack-file";

/** Our word for an image to the kit's; what is missing here cannot be built from package registries. */
const kitImages: Readonly<Record<string, KitImageName>> = {
  prometheus: "prometheus",
  alertmanager: "alertmanager",
  victoriametrics: "victoriametrics",
  vmagent: "vmagent",
  vmalert: "vmalert",
  loki: "loki",
  "tempo-2": "tempo",
  collector: "collector",
  "node-exporter": "nodeExporter",
  "kube-state-metrics": "kubeStateMetrics",
  versitygw: "versitygw",
  node: "node",
};

/** What the images really are, where they are not what the default tag says. */
const honestTags: Readonly<Record<string, string>> = {
  // Tempo 2.10 is served by no registry of packages: this is the last commit that is, and the tag names it.
  "tempo-2": "docker.io/grafana/tempo:2.6.0-ed943d7a56b2",
  node: `docker.io/library/node:${process.version.replace(/^v/, "")}-hermetic`,
};

export const grafanaNote =
  "Grafana is left out: its image cannot be had from package registries. Any other cluster gets it.";

/** What differs on the hermetic node from what the stack file says. */
export function hermeticSettings(): Settings {
  const overrides = Object.fromEntries(Object.entries(honestTags).filter(([name]) => name in images));
  // The kit's control plane listens on the node's address: each part's metrics can be scraped.
  const controlPlane = [...controlPlaneParts];
  return {
    tempo: { dialect: "2" },
    controlPlane,
    images: { overrides },
    systems: {
      grafana: { enabled: false },
      // This machine has no systemd: its collector would fail at each scrape.
      "node-exporter": { config: { flags: { "collector.systemd": false } } },
    },
  };
}

/** Root of the engine's folders for the hermetic node. */
export const hermeticEngineRoot = (): string => path.join(cacheRoot(), "engine");

/** The kubeconfig of the node when it runs and is ready; undefined otherwise. Nothing is started. */
export async function runningNode(): Promise<{ kubeconfig: string; context: string } | undefined> {
  const { ready, kubeconfig, context } = await nodeStatus();
  return ready ? { kubeconfig, context } : undefined;
}

/** Builds what is missing, starts the node unless it runs, imports the images that the environment's manifests name. */
export async function prepareHermetic(
  environment: Environment,
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
  const imported = await importImages(kitReferences(environment), progress);
  if (imported.length > 0) progress(`${imported.length} images imported`);
  return { kubeconfig: kubeconfigPath(), context };
}

/** The API server traces one request in ten of its own: enough to be found within seconds. */
const apiServerTracing = { samplingRatePerMillion: 100_000 };

/** References that the manifests of an environment name, by the kit's word for the image. */
export function kitReferences(environment: Environment): Partial<Record<KitImageName, string>> {
  const { mirror, overrides } = environment.images;
  const references: Partial<Record<KitImageName, string>> = {};
  for (const [name, kitName] of Object.entries(kitImages)) {
    if (!(name in images) || !isNamed(environment, name)) continue;
    references[kitName] = imageReference(name as ImageName, mirror, { ...overrides });
  }
  return references;
}

/** Whether an environment's manifests name an image: that of a system which is deployed, or one of no system. */
function isNamed(environment: Environment, image: string): boolean {
  const system = systemNames.find((name) => name === image.replace(/^tempo-2$/, "tempo"));
  return system === undefined || isDeployed(environment, system);
}

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
