import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { EngineError, messageOf } from "./errors";
import type { Connection, ExecPlugin, KubeUser } from "./kubeconfig";

/** What a request needs to be let in. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly cert?: Buffer;
  readonly key?: Buffer;
  /** When they stop being good, in milliseconds since 1970. @default they don't */
  readonly expires?: number;
}

/** A plugin may open a browser to log in; one that says nothing this long is stuck. */
const EXEC_SECONDS = 60;

/** A value that stands in the kubeconfig itself (base64) or in a file beside it. */
export function material(data: string | undefined, file: string | undefined, folder: string): Buffer | undefined {
  if (data !== undefined) return Buffer.from(data, "base64");
  if (file === undefined) return undefined;
  const full = path.resolve(folder, file);
  try {
    return fs.readFileSync(full);
  } catch (error) {
    throw new EngineError(`the kubeconfig names a file that cannot be read: ${full}`, { reason: messageOf(error) });
  }
}

/** The credentials of a context's user; an exec plugin is run. @throws EngineError when they cannot be had */
export async function credentialsOf(connection: Connection, seconds = EXEC_SECONDS): Promise<Credentials> {
  const { user, userFolder, context } = connection;
  if (user["auth-provider"] !== undefined) {
    throw new EngineError(`kube context "${context}" logs in by auth-provider "${user["auth-provider"].name}"`, {
      reason: "Kubernetes 1.26 removed auth providers in favour of exec plugins",
      fix: "write this cluster's entry again with a newer version of your cloud's command",
    });
  }
  const others = impersonation(user);
  if (user.exec !== undefined) {
    const { headers, ...rest } = await execCredentials(connection, user.exec, seconds);
    return { headers: { ...headers, ...others }, ...rest };
  }
  const cert = material(user["client-certificate-data"], user["client-certificate"], userFolder);
  const key = material(user["client-key-data"], user["client-key"], userFolder);
  const token = user.token ?? material(undefined, user.tokenFile, userFolder)?.toString().trim();
  const basic = user.username && `Basic ${Buffer.from(`${user.username}:${user.password ?? ""}`).toString("base64")}`;
  const authorization = token === undefined ? basic : `Bearer ${token}`;
  return {
    headers: { ...(authorization ? { authorization } : {}), ...others },
    ...(cert ? { cert } : {}),
    ...(key ? { key } : {}),
  };
}

/** Without these headers a user that stands in for another would have more rights here than for kubectl. */
function impersonation(user: KubeUser): Credentials["headers"] {
  const { as, "as-uid": uid, "as-groups": groups = [], "as-user-extra": extra = {} } = user;
  return {
    ...(as ? { "impersonate-user": as } : {}),
    ...(uid ? { "impersonate-uid": uid } : {}),
    ...(groups.length > 0 ? { "impersonate-group": [...groups] } : {}),
    ...Object.fromEntries(
      Object.entries(extra).map(([key, values]) => [`impersonate-extra-${encodeURIComponent(key)}`, [...values]]),
    ),
  };
}

interface ExecCredential {
  readonly kind?: string;
  readonly status?: {
    readonly token?: string;
    readonly clientCertificateData?: string;
    readonly clientKeyData?: string;
    readonly expirationTimestamp?: string;
  };
}

async function execCredentials(connection: Connection, plugin: ExecPlugin, seconds: number): Promise<Credentials> {
  const line = shown([plugin.command, ...(plugin.args ?? [])]);
  const failed = (reason: string, fix: string) =>
    new EngineError(`logging in to kube context "${connection.context}" failed: ${line}`, { reason, fix });
  const said = await runPlugin(connection, plugin, seconds).catch((error: NodeJS.ErrnoException) => {
    const missing = error.code === "ENOENT";
    throw failed(
      missing ? `${plugin.command} is not on PATH` : error.message,
      missing ? (plugin.installHint ?? `install ${plugin.command}`) : "run this command yourself to see what it wants",
    );
  });
  let credential: ExecCredential;
  try {
    credential = JSON.parse(said) as ExecCredential;
  } catch {
    throw failed("it printed no ExecCredential (JSON)", "run this command yourself to see what it prints");
  }
  const { token, clientCertificateData, clientKeyData, expirationTimestamp } = credential.status ?? {};
  if (token === undefined && clientCertificateData === undefined) {
    throw failed("its ExecCredential holds neither token nor certificate", "log in again");
  }
  return {
    headers: token ? { authorization: `Bearer ${token}` } : {},
    ...(clientCertificateData ? { cert: Buffer.from(clientCertificateData) } : {}),
    ...(clientKeyData ? { key: Buffer.from(clientKeyData) } : {}),
    ...(expirationTimestamp ? { expires: Date.parse(expirationTimestamp) } : {}),
  };
}

/** A command to be read by people: values of flags such as `--client-secret` are left out. */
function shown(words: readonly string[]): string {
  const flag = /^--?[\w-]*(secret|password|passphrase|token|key)$/i;
  return words
    .map((word, index) => {
      const [name = "", ...value] = word.split("=");
      if (value.length > 0) return flag.test(name) ? `${name}=…` : word;
      return flag.test(words[index - 1] ?? "") && !word.startsWith("-") ? "…" : word;
    })
    .join(" ");
}

/** What a plugin that wants it learns of the cluster, in the words of client.authentication.k8s.io. */
function clusterInfo({ cluster, clusterFolder }: Connection): object {
  const ca = material(cluster["certificate-authority-data"], cluster["certificate-authority"], clusterFolder);
  const own = cluster.extensions?.find(({ name }) => name === "client.authentication.k8s.io/exec");
  return {
    server: cluster.server,
    "tls-server-name": cluster["tls-server-name"],
    "insecure-skip-tls-verify": cluster["insecure-skip-tls-verify"],
    "certificate-authority-data": ca?.toString("base64"),
    config: own?.extension,
  };
}

/** Runs the plugin as client-go does: a command with a slash counts from the kubeconfig's folder. */
function runPlugin(connection: Connection, plugin: ExecPlugin, seconds: number): Promise<string> {
  const interactive = plugin.interactiveMode !== "Never" && process.stdin.isTTY === true;
  const info = {
    apiVersion: plugin.apiVersion ?? "client.authentication.k8s.io/v1",
    kind: "ExecCredential",
    spec: {
      interactive,
      ...(plugin.provideClusterInfo ? { cluster: clusterInfo(connection) } : {}),
    },
  };
  const command = plugin.command.includes("/") ? path.resolve(connection.userFolder, plugin.command) : plugin.command;
  const extra = Object.fromEntries((plugin.env ?? []).map(({ name, value }) => [name, value]));
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...(plugin.args ?? [])], {
      env: { ...process.env, ...extra, KUBERNETES_EXEC_INFO: JSON.stringify(info) },
      stdio: [interactive ? "inherit" : "ignore", "pipe", "pipe"],
    });
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`no answer within ${seconds} s`));
    }, seconds * 1000);
    let [stdout, stderr] = ["", ""];
    child.stdout?.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(timer);
      if (code === 0) resolve(stdout);
      else reject(new Error(stderr.trim() || `exit code ${String(code)}`));
    });
  });
}
