import { untilTrue } from "../wait";
import { hex, otlpGrpc, otlpHttp, push } from "./otlp";
import { Processes } from "./process";
import { rendered, s3, soon, svc } from "./servers";

const parts = {
  distributor: 31,
  "ingester-0": 32,
  "ingester-1": 33,
  "ingester-2": 34,
  "ingester-3": 35,
  querier: 36,
  "query-frontend": 37,
  compactor: 38,
} as const;
export type TempoPart = keyof typeof parts;

const address = (part: TempoPart) => Processes.address(parts[part]);

/** Tempo 2 with its parts apart, each on an address of its own; span metrics are another matter, and not made here. */
export class TempoParts {
  constructor(private readonly processes: Processes) {}

  async start(part: TempoPart): Promise<void> {
    const own = address(part);
    const ring = { instance_addr: own, instance_id: part };
    const config = {
      server: { http_listen_address: own, grpc_listen_address: own },
      memberlist: { bind_addr: [own], advertise_addr: own },
      ingester: { lifecycler: { address: own, id: part } },
      compactor: { ring },
      // Each id is looked for in so many parts, and all of them ask one querier.
      query_frontend: { trace_by_id: { query_shards: 2 } },
      distributor: { ring, receivers: { jaeger: null, zipkin: null } },
      overrides: { defaults: { metrics_generator: { processors: [] } } },
    };
    const values = { tempo: { majorVersion: "2" }, systems: { tempo: { mode: "distributed", config } } };
    const text = rendered(values, "tempo", "tempo.yaml", {
      [`tempo-ingester-headless${svc}`]: address("ingester-0"),
      [`tempo-query-frontend-headless${svc}`]: address("query-frontend"),
      [`versitygw${svc}`]: s3,
      "0.0.0.0:4317": `${own}:${otlpGrpc}`,
      "0.0.0.0:4318": `${own}:${otlpHttp}`,
      "/var/tempo": this.processes.volume(`tempo-${part}`),
    });
    const file = this.processes.write(`tempo-${part}.yaml`, text);
    const args = [`-config.file=${file}`, `-target=${part.replace(/-\d$/, "")}`];
    await this.processes.start(`tempo-${part}`, "tempo-2", args, `http://${own}:3200/ready`, 240);
  }

  end = (part: TempoPart, signal: "SIGKILL" | "SIGTERM") => this.processes.end(`tempo-${part}`, signal, 300);

  /** Sends traces of one span each until the distributor has taken all. @returns their ids */
  async send(name: string, count: number): Promise<string[]> {
    const spans = Array.from({ length: count }, () => ({ traceId: hex(16), spanId: hex(8) }));
    await untilTrue("writes through the distributor", 90, async () => {
      const answer = await push(address("distributor"), name, spans);
      return answer.status === 200 || `${answer.status}: ${(await answer.text()).slice(0, 200)}`;
    });
    return spans.map(({ traceId }) => traceId);
  }

  /** Waits until each trace is answered by its id. */
  async holds(ids: readonly string[]): Promise<void> {
    let missing = [...ids];
    await untilTrue(`${ids.length} traces`, 180, async () => {
      for (const asked = [...missing]; asked.length > 0;) {
        const some = asked.splice(0, 5);
        const answers = await Promise.all(some.map((id) => this.ask(id)));
        missing = missing.filter((id) => !answers.some((answer) => answer.id === id && answer.status === 200));
        const other = answers.find(({ status }) => status !== 200);
        if (other !== undefined) return `${missing.length} missing; ${other.id}: ${other.status} ${other.text}`;
      }
      return true;
    });
  }

  private async ask(id: string) {
    const answer = await fetch(`http://${address("query-frontend")}:3200/api/traces/${id}`, { signal: soon() });
    return { id, status: answer.status, text: (await answer.text()).slice(0, 200) };
  }
}
