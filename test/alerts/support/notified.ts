import http from "node:http";
import type net from "node:net";
import { until } from "./until";

type Labels = Readonly<Record<string, string>>;

/** Takes alerts as several Alertmanagers do, each at a path of its own, and answers every query with a single 1. */
export class Alertmanagers {
  /** Labels of the alerts that each was told of. */
  readonly told: ReadonlyMap<string, Labels[]>;
  private readonly server: http.Server;

  constructor(...names: readonly string[]) {
    this.told = new Map(names.map((name) => [name, []]));
    this.server = http.createServer((request, response) => void this.answer(request, response));
  }

  async listen(): Promise<void> {
    this.server.listen(0, "127.0.0.1");
    await until("the web hook listens", 20, () => Promise.resolve(this.server.listening ? true : undefined));
  }

  /** Where queries are answered. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as net.AddressInfo).port}`;
  }

  /** Where each takes alerts. */
  get urls(): string[] {
    return [...this.told.keys()].map((name) => `${this.url}/${name}`);
  }

  /** Labels of the first alert of a name that each was told of. @throws Error when one is not within a minute */
  async toldOf(alertname: string): Promise<(Labels | undefined)[]> {
    const firsts = () =>
      [...this.told.values()].map((alerts) => alerts.find((labels) => labels["alertname"] === alertname));
    await until(`everybody is told of ${alertname}`, 60, () =>
      Promise.resolve(firsts().every((first) => first !== undefined) ? true : undefined),
    );
    return firsts();
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const [, name = ""] = (request.url ?? "").split("/");
    const told = this.told.get(name);
    if (told === undefined) {
      const result = [{ metric: {}, value: [Math.floor(Date.now() / 1000), "1"] }];
      response.end(JSON.stringify({ status: "success", data: { resultType: "vector", result } }));
      return;
    }
    const alerts = JSON.parse(Buffer.concat(chunks).toString()) as { labels: Labels }[];
    told.push(...alerts.map(({ labels }) => labels));
    response.end();
  }
}
