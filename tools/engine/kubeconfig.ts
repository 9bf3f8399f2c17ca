import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parse } from "yaml";
import { nearest } from "../../environment/faults";
import { EngineError, messageOf } from "./errors";

/** `exec` of a user: a program that prints credentials (client.authentication.k8s.io). */
export interface ExecPlugin {
  readonly apiVersion?: string;
  readonly command: string;
  readonly args?: readonly string[] | null;
  readonly env?: readonly { readonly name: string; readonly value: string }[] | null;
  readonly installHint?: string;
  readonly interactiveMode?: "Never" | "IfAvailable" | "Always";
  readonly provideClusterInfo?: boolean;
}

export interface KubeUser {
  readonly token?: string;
  readonly tokenFile?: string;
  readonly username?: string;
  readonly password?: string;
  readonly "client-certificate"?: string;
  readonly "client-certificate-data"?: string;
  readonly "client-key"?: string;
  readonly "client-key-data"?: string;
  /** Whom this user stands in for, as by `kubectl --as`. */
  readonly as?: string;
  readonly "as-uid"?: string;
  readonly "as-groups"?: readonly string[];
  readonly "as-user-extra"?: Readonly<Record<string, readonly string[]>>;
  readonly exec?: ExecPlugin;
  readonly "auth-provider"?: { readonly name: string };
}

export interface KubeCluster {
  readonly server: string;
  readonly "certificate-authority"?: string;
  readonly "certificate-authority-data"?: string;
  readonly "insecure-skip-tls-verify"?: boolean;
  readonly "tls-server-name"?: string;
  readonly "proxy-url"?: string;
  readonly extensions?: readonly { readonly name: string; readonly extension?: unknown }[] | null;
}

/** An entry and the folder of the file it stands in: relative paths count from there. */
interface Entry<T> {
  readonly value: T;
  readonly folder: string;
}

/** Several files read as one, as kubectl does: of two entries with one name the first counts. */
export interface Kubeconfig {
  readonly files: readonly string[];
  readonly contexts: ReadonlyMap<string, Entry<{ readonly cluster: string; readonly user: string }>>;
  readonly clusters: ReadonlyMap<string, Entry<KubeCluster>>;
  readonly users: ReadonlyMap<string, Entry<KubeUser>>;
}

/** What one context leads to. */
export interface Connection {
  readonly context: string;
  readonly cluster: KubeCluster;
  readonly clusterFolder: string;
  readonly user: KubeUser;
  readonly userFolder: string;
}

/** The files that kubectl would read: those of KUBECONFIG, or `~/.kube/config`. */
export function kubeconfigFiles(environment: NodeJS.ProcessEnv = process.env): string[] {
  const listed = (environment["KUBECONFIG"] ?? "").split(path.delimiter).filter((file) => file !== "");
  return listed.length > 0 ? listed : [path.join(os.homedir(), ".kube", "config")];
}

/** @throws EngineError when no file exists or one is not a kubeconfig */
export function loadKubeconfig(files: readonly string[]): Kubeconfig {
  const there = files.filter((file) => fs.existsSync(file));
  if (there.length === 0) {
    throw new EngineError("there is no kubeconfig, so no cluster is known", {
      reason: `${files.join(", ")} ${files.length === 1 ? "does" : "do"} not exist`,
      fix: "set KUBECONFIG to your cluster's file, or have your cloud's command write it, e.g. aws eks update-kubeconfig",
    });
  }
  const [contexts, clusters, users] = [new Map(), new Map(), new Map()];
  for (const file of there) {
    const content = readYaml(file);
    const folder = path.dirname(path.resolve(file));
    for (const [into, list, key] of [
      [contexts, content.contexts, "context"],
      [clusters, content.clusters, "cluster"],
      [users, content.users, "user"],
    ] as const) {
      for (const entry of list ?? []) {
        if (!into.has(entry["name"])) into.set(entry["name"], { value: entry[key] ?? {}, folder });
      }
    }
  }
  return { files: there, contexts, clusters, users } as Kubeconfig;
}

type NamedList = readonly Readonly<Record<string, unknown>>[] | null | undefined;

function readYaml(file: string): { contexts?: NamedList; clusters?: NamedList; users?: NamedList } {
  const fix = "give the path of a kubeconfig file in KUBECONFIG";
  let content: unknown;
  try {
    content = parse(fs.readFileSync(file, "utf8"));
  } catch (error) {
    throw new EngineError(`${file} is not a kubeconfig`, { reason: messageOf(error).split("\n")[0] ?? "", fix });
  }
  if (content === null) return {};
  const lists = ["contexts", "clusters", "users"].map((key) => (content as Record<string, unknown>)[key] ?? []);
  if (typeof content !== "object" || !lists.every(Array.isArray)) {
    throw new EngineError(`${file} is not a kubeconfig`, { reason: "contexts, clusters and users must be lists", fix });
  }
  return content;
}

/** Cluster and user of a context. @throws EngineError that names the contexts there are */
export function connectionOf(kubeconfig: Kubeconfig, context: string): Connection {
  const where = kubeconfig.files.join(", ");
  const names = [...kubeconfig.contexts.keys()];
  const found = kubeconfig.contexts.get(context);
  if (found === undefined) {
    const guess = nearest(context, names);
    throw new EngineError(`there is no kube context "${context}" in ${where}`, {
      reason:
        names.length === 0
          ? "it has no contexts at all"
          : `there ${names.length === 1 ? "is" : "are"} ${names.join(", ")}`,
      fix: guess === undefined ? "name one of them, or add this cluster to the file" : `did you mean "${guess}"?`,
    });
  }
  const { cluster: clusterName, user: userName } = found.value;
  const cluster = kubeconfig.clusters.get(clusterName);
  if (cluster?.value.server === undefined) {
    throw new EngineError(`kube context "${context}" leads nowhere`, {
      reason: `cluster "${clusterName}" has no server in ${where}`,
      fix: "write this cluster's entry again with your cloud's command",
    });
  }
  // A context without a user is legal: the API server may let anybody in, or a proxy may stand before it.
  const user = kubeconfig.users.get(userName) ?? { value: {}, folder: "." };
  return {
    context,
    cluster: cluster.value,
    clusterFolder: cluster.folder,
    user: user.value,
    userFolder: user.folder,
  };
}
