import type { Cluster } from "../../../tools/engine/cluster";

/** One HTTP service of the cluster, reached through the API server's proxy: it works with any kube context. */
export class Service {
  constructor(
    private readonly cluster: Cluster,
    readonly namespace: string,
    readonly name: string,
    readonly port: number,
    private readonly headers: Readonly<Record<string, string>> = {},
  ) {}

  /** Path of the proxy, before the service's own path. */
  get path(): string {
    return `/api/v1/namespaces/${this.namespace}/services/${this.name}:${this.port}/proxy`;
  }

  /** The body of an answer. @throws ApiError for every status from 300 on, with what the service said */
  async text(
    method: string,
    path: string,
    query: Readonly<Record<string, string>> = {},
    seconds = 30,
  ): Promise<string> {
    const search = new URLSearchParams(query).toString();
    const options = { seconds, headers: { ...this.headers } };
    return this.cluster.text(method, `${this.path}${path}${search === "" ? "" : `?${search}`}`, options);
  }

  async json<T>(method: string, path: string, query: Readonly<Record<string, string>> = {}, seconds = 30): Promise<T> {
    return JSON.parse(await this.text(method, path, query, seconds)) as T;
  }

  /** The status alone, whatever it is. */
  async status(method: string, path: string): Promise<number> {
    const answer = await this.cluster.request(method, `${this.path}${path}`, {
      seconds: 30,
      headers: { ...this.headers },
    });
    return answer.status;
  }

  /** A metric of the service's own `/metrics`, summed over its series; 0 when it has none. */
  async metric(name: string): Promise<number> {
    const lines = (await this.text("GET", "/metrics")).split("\n");
    const own = lines.filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
    return own.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" ") + 1)), 0);
  }
}
