import * as fs from "node:fs";
import * as path from "node:path";

import { imagesOf } from "../../environment";
import { composition } from "../../stacks/systems";
import { ctrArguments } from "./containerd";
import { presentImages } from "./images";
import { RUNTIME } from "./paths";
import { KitError, runAsync, type Progress } from "./shell";

/** Where the servers' images come from: official ones from their registries, or made on this machine. */
export type ImageSource = "pull" | "build";

/** Forces a source where the probe would decide otherwise: `pull` or `build`. */
const VARIABLE = "OBSERVABILITY_KIT_IMAGES";

/** How long a registry may take to answer the probe, in milliseconds. */
const PATIENCE = 4_000;

/** A pull of one image may take so long, in milliseconds. */
const PULL = 600_000;

/** The running node's images came from there; gone with the node. */
const decision = path.join(RUNTIME, "images-from");

/** References of all pinned images. */
const pinned = (): string[] =>
  Object.values(imagesOf(composition)).map(({ repository, tag }) => `${repository}:${tag}`);

/**
 * Decides where images come from: by OBSERVABILITY_KIT_IMAGES, else as the running node has it, else by asking the
 * registries that the references name, four seconds at most.
 * @throws KitError when the variable says something else than `pull` or `build`
 */
export async function imageSource(references: readonly string[] = pinned()): Promise<ImageSource> {
  const forced = process.env[VARIABLE];
  if (forced === "pull" || forced === "build") return forced;
  if (forced) throw new KitError(`${VARIABLE} is "${forced}"; it takes pull or build`);
  if (fs.existsSync(decision)) return fs.readFileSync(decision, "utf8") === "pull" ? "pull" : "build";
  const answered = await Promise.all([...new Set(references.map(registryOf))].map((url) => answers(url)));
  return answered.every(Boolean) ? "pull" : "build";
}

/** Keeps the decision for as long as the node runs: what pulled its images goes on pulling. */
export function rememberSource(source: ImageSource): void {
  fs.writeFileSync(decision, source);
}

/** The address at which a registry says what it is. Docker Hub's references name another host than the one that answers. */
export function registryOf(reference: string): string {
  const host = reference.split("/")[0] ?? "";
  return `https://${host === "docker.io" ? "registry-1.docker.io" : host}/v2/`;
}

/** Whether a registry is there: it answers, be it that it wants to know who asks. */
export async function answers(url: string): Promise<boolean> {
  try {
    const { status } = await fetch(url, { signal: AbortSignal.timeout(PATIENCE), redirect: "manual" });
    return status === 200 || status === 401;
  } catch {
    return false;
  }
}

/** Pulls what the node does not have yet. Not by the kubelet, so that nobody's readiness waits for a slow line. */
export async function pullImages(references: readonly string[], progress: Progress): Promise<void> {
  const present = presentImages();
  for (const reference of references.filter((each) => !present.has(each))) {
    progress(`pulling ${reference}`);
    const { code, stderr } = await runAsync("ctr", ctrArguments("images", "pull", reference), { timeout: PULL });
    if (code !== 0) {
      throw new KitError(`pulling ${reference} failed: ${stderr.trim()}\n${VARIABLE}=build makes images instead.`);
    }
  }
}
