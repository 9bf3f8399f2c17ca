import { randomBytes } from "node:crypto";
import type { Cluster } from "../../../tools/engine/cluster";
import { expect } from "../report";
import { Service } from "./service";

interface Attribute {
  readonly key: string;
  readonly value: object;
}

/** Attributes as OTLP has them; all are text here. */
const attributes = (values: Readonly<Record<string, string>>): Attribute[] =>
  Object.entries(values).map(([key, stringValue]) => ({ key, value: { stringValue } }));

export const newId = (bytes: 8 | 16): string => randomBytes(bytes).toString("hex");

const nanoseconds = (milliseconds: number) => String(BigInt(Math.round(milliseconds)) * 1_000_000n);

export interface SpanToSend {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  /** How long it took, in milliseconds. */
  readonly milliseconds: number;
  /** When it ended, in milliseconds since 1970. @default now */
  readonly end?: number;
  readonly failed?: boolean;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** What applications send to the gateway: OTLP over HTTP, in JSON. */
export class Otlp {
  private readonly gateway: Service;

  constructor(
    private readonly cluster: Cluster,
    namespace: string,
    private readonly service: string,
  ) {
    this.gateway = new Service(cluster, namespace, "collector-gateway", 4318);
  }

  async spans(spans: readonly SpanToSend[]): Promise<void> {
    const now = Date.now();
    const sent = spans.map(
      ({ traceId, spanId, parentSpanId, name, milliseconds, end = now, failed, attributes: more = {} }) => ({
        traceId,
        spanId,
        ...(parentSpanId === undefined ? {} : { parentSpanId }),
        name,
        kind: 2,
        startTimeUnixNano: nanoseconds(end - milliseconds),
        endTimeUnixNano: nanoseconds(end),
        status: { code: failed ? 2 : 0 },
        attributes: attributes(more),
      }),
    );
    await this.send("traces", { resourceSpans: [{ resource: this.resource, scopeSpans: [{ spans: sent }] }] });
  }

  async line(text: string, of: Readonly<Record<string, string>> = {}, at = Date.now()): Promise<void> {
    const record = { timeUnixNano: nanoseconds(at), body: { stringValue: text }, attributes: attributes(of) };
    await this.send("logs", { resourceLogs: [{ resource: this.resource, scopeLogs: [{ logRecords: [record] }] }] });
  }

  /** A gauge's value of now. */
  async gauge(name: string, value: number): Promise<void> {
    const point = { timeUnixNano: nanoseconds(Date.now()), asDouble: value };
    const metric = { name, gauge: { dataPoints: [point] } };
    await this.send("metrics", {
      resourceMetrics: [{ resource: this.resource, scopeMetrics: [{ metrics: [metric] }] }],
    });
  }

  private get resource() {
    return { attributes: attributes({ "service.name": this.service }) };
  }

  private async send(signal: "logs" | "metrics" | "traces", body: object): Promise<void> {
    const { partialSuccess = {} } = await this.cluster.post<{ partialSuccess?: Record<string, unknown> }>(
      `${this.gateway.path}/v1/${signal}`,
      body,
      { seconds: 30 },
    );
    const refused = Object.entries(partialSuccess).filter(
      ([key, count]) => key.startsWith("rejected") && Number(count) > 0,
    );
    expect(refused.length === 0, `the gateway refuses some ${signal}: ${JSON.stringify(partialSuccess)}`);
  }
}
