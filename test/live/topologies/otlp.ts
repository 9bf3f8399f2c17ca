import { randomBytes } from "node:crypto";
import { soon } from "./servers";

/** The node's own agent answers on OTLP's ports at every address of the machine. */
export const otlpGrpc = 24317;
export const otlpHttp = 24318;

export interface SpanIds {
  readonly traceId: string;
  readonly spanId: string;
}

/** Sends spans of a millisecond that end now, by OTLP over HTTP. */
export function push(address: string, name: string, spans: readonly SpanIds[]): Promise<Response> {
  const end = BigInt(Date.now()) * 1_000_000n;
  const times = { startTimeUnixNano: String(end - 1_000_000n), endTimeUnixNano: String(end) };
  const resource = { attributes: [{ key: "service.name", value: { stringValue: "topologies" } }] };
  const all = spans.map((ids) => ({ ...ids, ...times, name, kind: 2 }));
  const body = JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: all }] }] });
  const headers = { "Content-Type": "application/json" };
  return fetch(`http://${address}:${otlpHttp}/v1/traces`, { method: "POST", headers, body, signal: soon() });
}

/** A random id. */
export const hex = (bytes: number) => randomBytes(bytes).toString("hex");
