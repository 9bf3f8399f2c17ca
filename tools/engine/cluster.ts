import * as http from "node:http";
import * as https from "node:https";
import { createInterface } from "node:readline";
import type { Pod } from "kubernetes-types/core/v1";
import type { ListMeta, Status } from "kubernetes-types/meta/v1";
import { credentialsOf, material, type Credentials } from "./credentials";
import { EngineError } from "./errors";
import { connectionOf, kubeconfigFiles, loadKubeconfig, type Connection } from "./kubeconfig";

/** The API server's answer to `/version`. */
export interface ServerVersion {
  readonly major: string;
  /** Some clouds write a plus sign behind it. */
  readonly minor: string;
  readonly gitVersion: string;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

export interface RequestOptions {
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  /** @default application/json */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** @default 15 */
  readonly seconds?: number;
}

export interface LogOptions {
  readonly container?: string;
  readonly previous?: boolean;
  readonly tailLines?: number;
  readonly sinceSeconds?: number;
}

/** The API server refused: `status` is HTTP's code, `kubeReason` Kubernetes' word for it (`NotFound`). */
export class ApiError extends EngineError {
  constructor(
    readonly status: number,
    readonly kubeReason: string,
    summary: string,
    reason: string,
  ) {
    super(summary, { reason });
  }
}

/** Asks again for credentials this long before they end: clocks differ a little. */
const EXPIRY_MARGIN = 60_000;

/**
 * A cluster by its kube context, through Kubernetes' REST API. Only what the commands and the live suite need: paths
 * are written as in the API's reference, types come from `kubernetes-types`.
 */
export class Cluster {
  readonly server: URL;
  private credentials: Promise<Credentials> | undefined;
  private agent: http.Agent | undefined;

  constructor(readonly connection: Connection) {
    const { server } = connection.cluster;
    if (!URL.canParse(server)) {
      throw new EngineError(`the server of kube context "${connection.context}" is no URL: ${server}`);
    }
    const proxy = connection.cluster["proxy-url"];
    if (proxy !== undefined) {
      throw new EngineError(`kube context "${connection.context}" is reached through the proxy ${proxy}`, {
        reason: "this command speaks to the API server directly",
        fix: "open a tunnel, and use a context whose server is the tunnel's end",
      });
    }
    this.server = new URL(server);
  }

  /** The cluster of a context; `kubeconfig` as in KUBECONFIG. @default the files that kubectl reads */
  static of(context: string, kubeconfig?: string): Cluster {
    const files = kubeconfigFiles(kubeconfig === undefined ? process.env : { KUBECONFIG: kubeconfig });
    return new Cluster(connectionOf(loadKubeconfig(files), context));
  }

  get context(): string {
    return this.connection.context;
  }

  /** One request; the answer whatever its status. @throws the socket's own error when nobody answers */
  async request(method: string, path: string, options: RequestOptions = {}): Promise<Answer> {
    const answer = await this.send(method, path, options);
    const { exec, tokenFile } = this.connection.user;
    if (answer.status !== 401 || (exec ?? tokenFile) === undefined) return answer;
    // A token may end before it said it would: once more with a fresh one.
    this.forgetCredentials();
    return this.send(method, path, options);
  }

  /** Reads an object or a list. @throws ApiError */
  async get<T>(path: string, options: RequestOptions = {}): Promise<T> {
    return this.json<T>("GET", path, options);
  }

  /** Reads an object; undefined when there is none. */
  async find<T>(path: string, options: RequestOptions = {}): Promise<T | undefined> {
    try {
      return await this.get<T>(path, options);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** The items of a collection, all pages. `query` takes labelSelector, fieldSelector. */
  async list<T>(path: string, query: NonNullable<RequestOptions["query"]> = {}): Promise<T[]> {
    const items: T[] = [];
    let next: string | undefined;
    do {
      const page: { items?: T[]; metadata?: ListMeta } = await this.get(path, {
        query: { limit: 500, ...query, continue: next },
      });
      items.push(...(page.items ?? []));
      next = page.metadata?.continue;
    } while (next);
    return items;
  }

  async post<T>(path: string, body: unknown, options: RequestOptions = {}): Promise<T> {
    return this.json<T>("POST", path, { ...options, body });
  }

  /** Server-side apply: makes the object or changes it to what is given. */
  async apply<T>(path: string, body: object, query: NonNullable<RequestOptions["query"]> = {}): Promise<T> {
    const contentType = "application/apply-patch+yaml";
    const all = { fieldManager: "observability", force: true, ...query };
    return this.json<T>("PATCH", path, { body, contentType, query: all });
  }

  async patch<T>(path: string, body: object, contentType = "application/merge-patch+json"): Promise<T> {
    return this.json<T>("PATCH", path, { body, contentType });
  }

  /** Deletes an object. @returns false when there was none */
  async delete(path: string, options: RequestOptions = {}): Promise<boolean> {
    try {
      await this.json("DELETE", path, options);
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return false;
      throw error;
    }
  }

  /** What a container wrote. */
  async logs(namespace: string, pod: string, { ...query }: LogOptions = {}): Promise<string> {
    return this.text("GET", `/api/v1/namespaces/${namespace}/pods/${pod}/log`, { query });
  }

  /** Follows logs or a watch line by line until it ends or `signal` is aborted. */
  async stream(
    path: string,
    query: NonNullable<RequestOptions["query"]>,
    onLine: (line: string) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const response = await this.open("GET", path, { query, seconds: 0 }, signal);
    if ((response.statusCode ?? 0) >= 300) throw this.refusal("GET", path, await drained(response));
    try {
      for await (const line of createInterface({ input: response })) onLine(line);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /** One request whose answer is text. @throws ApiError */
  async text(method: string, path: string, options: RequestOptions = {}): Promise<string> {
    const answer = await this.request(method, path, options);
    if (answer.status >= 300) throw this.refusal(method, path, answer);
    return answer.text;
  }

  async version(seconds = 10): Promise<ServerVersion> {
    return this.get<ServerVersion>("/version", { seconds });
  }

  async pods(namespace: string, labelSelector?: string): Promise<Pod[]> {
    return this.list<Pod>(`/api/v1/namespaces/${namespace}/pods`, { labelSelector });
  }

  private async json<T>(method: string, path: string, options: RequestOptions): Promise<T> {
    return JSON.parse(await this.text(method, path, options)) as T;
  }

  private refusal(method: string, path: string, answer: Answer): ApiError {
    let status: Status = {};
    try {
      status = JSON.parse(answer.text) as Status;
    } catch {
      // Servers behind the API's proxy, and proxies before the API, don't answer with a Status.
    }
    const reason = status.message ?? (answer.text.trim().slice(0, 2000) || "no explanation");
    return new ApiError(answer.status, status.reason ?? "", `${method} ${path} answered ${answer.status}`, reason);
  }

  private async send(method: string, path: string, options: RequestOptions): Promise<Answer> {
    return drained(await this.open(method, path, options));
  }

  private async open(
    method: string,
    path: string,
    { query = {}, body, contentType = "application/json", headers, seconds = 15 }: RequestOptions,
    signal?: AbortSignal,
  ): Promise<http.IncomingMessage> {
    const credentials = await this.ready();
    const url = new URL(this.server);
    const [pathname = "", search = ""] = path.split("?");
    url.pathname = url.pathname.replace(/\/$/, "") + pathname;
    url.search = search;
    for (const [key, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(key, String(value));
    }
    const content =
      body === undefined || typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    const options: http.RequestOptions = {
      method,
      ...(this.agent ? { agent: this.agent } : {}),
      timeout: seconds * 1000,
      ...(signal ? { signal } : {}),
      headers: {
        accept: "application/json, */*",
        ...(content === undefined ? {} : { "content-type": contentType, "content-length": Buffer.byteLength(content) }),
        ...credentials.headers,
        ...headers,
      },
    };
    return new Promise((resolve, reject) => {
      const request = (url.protocol === "http:" ? http : https).request(url, options, resolve);
      request.on("timeout", () => request.destroy(new Error(`no answer within ${seconds} s`)));
      request.on("error", reject);
      request.end(content);
    });
  }

  private async ready(): Promise<Credentials> {
    const known = await this.credentials;
    if (known?.expires !== undefined && known.expires - EXPIRY_MARGIN < Date.now()) this.forgetCredentials();
    this.credentials ??= credentialsOf(this.connection);
    const credentials = await this.credentials.catch((error: unknown) => {
      this.credentials = undefined;
      throw error;
    });
    if (this.server.protocol === "https:") this.agent ??= this.secureAgent(credentials);
    return credentials;
  }

  private secureAgent({ cert, key }: Credentials): https.Agent {
    const { cluster, clusterFolder } = this.connection;
    const ca = material(cluster["certificate-authority-data"], cluster["certificate-authority"], clusterFolder);
    const name = cluster["tls-server-name"];
    return new https.Agent({
      keepAlive: true,
      rejectUnauthorized: cluster["insecure-skip-tls-verify"] !== true,
      ...(ca ? { ca } : {}),
      ...(cert ? { cert } : {}),
      ...(key ? { key } : {}),
      ...(name ? { servername: name } : {}),
    });
  }

  private forgetCredentials(): void {
    this.credentials = undefined;
    this.agent?.destroy();
    this.agent = undefined;
  }
}

async function drained(response: http.IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() };
}
