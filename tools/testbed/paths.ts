import * as os from "node:os";
import * as path from "node:path";

/** Where the kit's own sources are: Go modules are copied from here, never built in place. */
export const MODULES = path.join(__dirname, "modules");

/** Root of everything the kit makes; outside the checkout, so that a fresh clone starts warm. */
export function cacheRoot(environment: NodeJS.ProcessEnv = process.env): string {
  const configured = environment["OBSERVABILITY_KIT_CACHE"];
  return configured ? path.resolve(configured) : path.join(os.homedir(), ".cache", "observability-kit");
}

/** Folder of the node's durable state: keys, kubeconfig, images, logs, volumes. */
export function nodeRoot(...parts: string[]): string {
  return path.join(cacheRoot(), "node", ...parts);
}

/**
 * Sockets and mounts of the running node. Not below the cache: a Unix socket's path ends at 107 characters, and a
 * cache folder may be deep.
 */
export const RUNTIME = "/run/observability-kit";
export const CONTAINERD_SOCKET = `${RUNTIME}/containerd.sock`;

/** The kubeconfig that every other tool uses. */
export function kubeconfigPath(): string {
  return nodeRoot("kubeconfig");
}
