import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parse } from "yaml";
import { EngineError } from "./errors";
import { projectRoot, readDocument } from "../stack-file";

/** Where the engine keeps what it knows of a deployment, and where it works. */
export interface Backend {
  /** Folder of the run's Pulumi.yaml and stack file. */
  readonly workFolder: string;
  /** For the CLI: PULUMI_BACKEND_URL and the passphrase, where they are ours to choose. */
  readonly envVars: Readonly<Record<string, string>>;
  /** Folder of a state kept on this machine; absent when the person's own backend has it. */
  readonly stateFolder?: string;
  /** One line for the person. */
  readonly note?: string;
}

export interface BackendRequest {
  /** Root of the folders, e.g. `~/.cache/observability/engine`. */
  readonly root: string;
  /** Which cluster: two clusters never share a folder, nor does a cluster with one that had its name before. */
  readonly identity: string;
  readonly env: string;
  /** State on this machine whatever the person is logged in to. */
  readonly own: boolean;
  /** May fall back to a state on this machine when nobody is logged in. */
  readonly mayFallBack: boolean;
}

/** Root of the engine's own folders, unless a target has its own. */
export function engineRoot(environment: NodeJS.ProcessEnv = process.env): string {
  const cache = environment["XDG_CACHE_HOME"] ?? path.join(os.homedir(), ".cache");
  return path.join(cache, "observability", "engine");
}

/**
 * Chooses the backend: the person's own as `pulumi login` set it; for `local` without a login, and always for the
 * hermetic node, a folder of this machine with a passphrase made for it.
 * @throws EngineError when dev or prod have no backend
 */
export function chooseBackend(
  request: BackendRequest,
  environment: NodeJS.ProcessEnv = process.env,
  root: string = projectRoot,
): Backend {
  const folder = path.join(request.root, request.identity.replace(/[^\w.-]/g, "_"));
  const workFolder = path.join(folder, `work-${request.env}`);
  if (!request.own && loggedIn(environment, root)) return { workFolder, envVars: {} };
  if (!request.own && !request.mayFallBack) {
    throw new EngineError(`no Pulumi backend to keep the state of "${request.env}" in`, {
      reason: "nobody is logged in, and this state is more than one machine's business",
      fix: "pulumi login s3://<bucket> (or pulumi login for Pulumi Cloud, pulumi login --local for this machine alone)",
    });
  }
  const stateFolder = path.join(folder, "state");
  fs.mkdirSync(stateFolder, { recursive: true, mode: 0o700 });
  return {
    workFolder,
    stateFolder,
    envVars: { PULUMI_BACKEND_URL: `file://${stateFolder}`, ...passphrase(folder, request.env, environment, root) },
    ...(request.own ? {} : { note: `nobody is logged in to a Pulumi backend: the state is kept in ${stateFolder}` }),
  };
}

/** Whether the CLI would find a backend without asking. */
function loggedIn(environment: NodeJS.ProcessEnv, root: string): boolean {
  if (environment["PULUMI_BACKEND_URL"] ?? environment["PULUMI_ACCESS_TOKEN"]) return true;
  const project = parse(fs.readFileSync(path.join(root, "Pulumi.yaml"), "utf8")) as { backend?: { url?: string } };
  if (project.backend?.url !== undefined) return true;
  const home = environment["PULUMI_HOME"] ?? path.join(os.homedir(), ".pulumi");
  const file = path.join(environment["PULUMI_CREDENTIALS_PATH"] ?? home, "credentials.json");
  if (!fs.existsSync(file)) return false;
  return Boolean((JSON.parse(fs.readFileSync(file, "utf8")) as { current?: string }).current);
}

/** The person's passphrase when they gave one; else one made once and kept beside the state, as readable as that. */
function passphrase(folder: string, env: string, environment: NodeJS.ProcessEnv, root: string): Record<string, string> {
  if (environment["PULUMI_CONFIG_PASSPHRASE"] !== undefined || environment["PULUMI_CONFIG_PASSPHRASE_FILE"]) return {};
  if (readDocument(env, root)["encryptionsalt"] !== undefined) {
    throw new EngineError(`Pulumi.${env}.yaml holds encrypted values, and there is no passphrase to read them`, {
      fix: "set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE to the one they were encrypted with",
    });
  }
  const file = path.join(folder, "passphrase");
  if (!fs.existsSync(file)) fs.writeFileSync(file, crypto.randomBytes(24).toString("base64url"), { mode: 0o600 });
  return { PULUMI_CONFIG_PASSPHRASE_FILE: file };
}
