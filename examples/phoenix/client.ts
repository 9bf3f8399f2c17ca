import { Agent, request } from "node:http";
import { context, propagation, SpanKind } from "@opentelemetry/api";
import { spanAttributesOf } from "../../emission";
import { Failure } from "./errors";
import { serviceOf, type Role } from "./roles";
import type { Settings } from "./settings";
import { inSpan } from "./spans";
import type { Telemetry } from "./telemetry";

const connections = new Agent({ keepAlive: true });

/** How long a call may take, in milliseconds: more than a plan may need in all. */
const TIMEOUT = 10_000;

export interface Call {
  readonly to: Role;
  readonly method: "GET" | "POST";
  readonly path: string;
  /** The path as a pattern, for the span's name. @default the path */
  readonly route?: string;
  readonly body?: unknown;
}

/**
 * Calls another role in a client span; trace context and baggage go along as W3C headers.
 * @throws Failure for a 5xx answer, a refused connection, or none in time
 */
export function call(
  telemetry: Telemetry,
  settings: Settings,
  { to, method, path, route = path, body }: Call,
): Promise<{ status: number; body: unknown }> {
  const attributes = { "http.request.method": method, "http.route": route, "server.address": serviceOf(to) };
  return inSpan(telemetry, `${method} ${route}`, SpanKind.CLIENT, attributes, async (span) => {
    const headers: Record<string, string> = { "content-type": "application/json" };
    propagation.inject(context.active(), headers);
    const { status, text } = await exchange(settings.host(to), settings.port(to), method, path, headers, body);
    span.setAttributes(spanAttributesOf({ "http.response.status_code": status }));
    const answer = JSON.parse(text) as { message?: string; type?: Failure["type"] };
    if (status >= 500)
      throw new Failure(answer.type ?? "internal", `${serviceOf(to)} answered ${status}: ${answer.message ?? ""}`);
    return { status, body: answer };
  });
}

function exchange(
  host: string,
  port: number,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body: unknown,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const unavailable = (error: Error) =>
      reject(error instanceof Failure ? error : new Failure("unavailable", `${host}: ${error.message}`, 503));
    const sent = request({ host, port, method, path, headers, agent: connections, timeout: TIMEOUT }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", unavailable);
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() || "{}" }),
      );
    });
    sent.on("timeout", () => sent.destroy(new Failure("timeout", `${host} took more than ${TIMEOUT} ms`, 504)));
    sent.on("error", unavailable);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
