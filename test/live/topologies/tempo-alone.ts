import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { MajorVersion } from "../../../signals";
import { hex, otlpGrpc, otlpHttp, push, type SpanIds } from "./otlp";
import { Processes } from "./process";
import { rendered, s3, soon, svc } from "./servers";

/** A span that Tempo said it took. */
export interface Taken extends SpanIds {
  /** When the answer came, in milliseconds since 1970. */
  readonly at: number;
}

/** Spans each second: one of a trace that gets no other, one of a trace that never rests. */
const PACE = 20;

/** One Tempo in one piece, as the environment `local` renders it; span metrics have nobody to go to, and are not made. */
export class TempoAlone {
  private readonly name: string;
  private readonly address: string;

  constructor(
    private readonly processes: Processes,
    private readonly majorVersion: MajorVersion,
  ) {
    this.name = `tempo-alone-${majorVersion}`;
    this.address = Processes.address(majorVersion === "3" ? 41 : 42);
  }

  /** Starts it on its volume, which outlives it. */
  async start(): Promise<void> {
    const config = {
      // In one piece its parts look for each other at the loopback address.
      server: { http_listen_address: this.address, grpc_listen_address: "127.0.0.1" },
      distributor: { receivers: { jaeger: null, zipkin: null } },
      metrics_generator: { storage: { remote_write: null } },
      overrides: { defaults: { metrics_generator: { processors: [] } } },
      ...(this.majorVersion === "2" ? { ingester: { lifecycler: { address: this.address } } } : {}),
    };
    const values = { tempo: { majorVersion: this.majorVersion }, systems: { tempo: { config } } };
    const text = rendered(values, "tempo", "tempo.yaml", {
      [`versitygw${svc}`]: s3,
      "0.0.0.0:4317": `${this.address}:${otlpGrpc}`,
      "0.0.0.0:4318": `${this.address}:${otlpHttp}`,
      "/var/tempo": this.volume,
    });
    const file = this.processes.write(`${this.name}.yaml`, text);
    const args = [`-config.file=${file}`, "-target=all"];
    await this.processes.start(this.name, `tempo-${this.majorVersion}`, args, `http://${this.address}:3200/ready`);
  }

  kill = () => this.processes.end(this.name, "SIGKILL");

  /** Ends it as Kubernetes does, by force after so many seconds. @returns seconds that it took */
  endIn = (seconds: number) => this.processes.endIn(this.name, seconds);

  /**
   * Sends spans at a steady rate until told to stop, each once.
   * @returns the spans that Tempo said it took, complete once `stop` has come back
   */
  sending(): { readonly taken: readonly Taken[]; readonly stop: () => Promise<void> } {
    const taken: Taken[] = [];
    const underWay = new Set<Promise<void>>();
    const restless = hex(16);
    const timer = setInterval(() => {
      const spans = [
        { traceId: hex(16), spanId: hex(8) },
        { traceId: restless, spanId: hex(8) },
      ];
      const sent = this.push(spans).then((ok) => {
        const at = Date.now();
        if (ok) taken.push(...spans.map((span) => ({ ...span, at })));
        underWay.delete(sent);
      });
      underWay.add(sent);
    }, 1000 / PACE);
    const stop = async () => {
      clearInterval(timer);
      await Promise.all(underWay);
    };
    return { taken, stop };
  }

  /** Waits until nothing more comes to light for some seconds. @returns what is not found by id */
  async missing(taken: readonly Taken[]): Promise<Taken[]> {
    const seek = async (left: readonly Taken[]) => {
      const found = new Set<string>();
      const traces = [...new Set(left.map(({ traceId }) => traceId))];
      while (traces.length > 0) {
        const some = await Promise.all(traces.splice(0, 10).map((traceId) => this.spansOf(traceId)));
        for (const spanId of some.flat()) found.add(spanId);
      }
      return left.filter(({ spanId }) => !found.has(spanId));
    };
    let left = await seek(taken);
    for (let unchanged = 0; left.length > 0 && unchanged < 3;) {
      await pause(2_000);
      const now = await seek(left);
      unchanged = now.length === left.length ? unchanged + 1 : 0;
      left = now;
    }
    return left;
  }

  /** What is away for so many seconds finds a log that is so much older: that is how Tempo reads its age. */
  age(seconds: number): number {
    const log = path.join(this.volume, this.majorVersion === "3" ? "live-store/traces" : "wal");
    const metas = fs
      .readdirSync(log)
      .map((block) => path.join(log, block, "meta.json"))
      .filter((file) => fs.existsSync(file));
    for (const file of metas) {
      const meta = JSON.parse(fs.readFileSync(file, "utf8")) as { startTime: string; endTime: string };
      const earlier = (time: string) => new Date(Date.parse(time) - seconds * 1000).toISOString();
      fs.writeFileSync(
        file,
        JSON.stringify({ ...meta, startTime: earlier(meta.startTime), endTime: earlier(meta.endTime) }),
      );
    }
    return metas.length;
  }

  private get volume(): string {
    return this.processes.volume(this.name);
  }

  /** Whether Tempo says that it took them. */
  private async push(spans: readonly SpanIds[]): Promise<boolean> {
    try {
      const answer = await push(this.address, "alone", spans);
      // An OTLP success may still refuse a part.
      return answer.status === 200 && !/"rejected\w+":"?[1-9]/.test(await answer.text());
    } catch {
      return false;
    }
  }

  /** Ids of the spans of a trace; none when Tempo does not know it. */
  private async spansOf(traceId: string): Promise<string[]> {
    const answer = await fetch(`http://${this.address}:3200/api/traces/${traceId}`, { signal: soon() });
    if (answer.status === 404) return [];
    if (!answer.ok) throw new Error(`Tempo answers ${answer.status}: ${(await answer.text()).slice(0, 200)}`);
    const { batches = [] } = (await answer.json()) as Trace;
    return batches.flatMap(({ scopeSpans }) =>
      scopeSpans.flatMap(({ spans }) => spans.map(({ spanId }) => Buffer.from(spanId, "base64").toString("hex"))),
    );
  }
}

interface Trace {
  readonly batches?: readonly { readonly scopeSpans: readonly { readonly spans: readonly { spanId: string }[] }[] }[];
}
