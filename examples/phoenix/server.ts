import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { context, propagation, SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { spanAttributesOf, type Logger } from "../../emission";
import { Failure, typeOf } from "./errors";
import { inSpan } from "./spans";
import { idsOf, withIds, type Telemetry } from "./telemetry";

/** What a handler is asked. */
export interface Asked {
  /** Values of the route's `{…}` parts. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** @throws Failure with status 400 when the body is no JSON */
  json(): unknown;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Handlers by method and pattern: `GET /plans/{id}`. */
export type Routes = Readonly<Record<string, (asked: Asked) => Promise<Answer>>>;

interface Route {
  readonly method: string;
  readonly pattern: string;
  readonly match: RegExp;
  readonly handle: Routes[string];
}

const routeOf = ([name, handle]: [string, Routes[string]]): Route => {
  const [method = "", pattern = ""] = name.split(" ");
  return { method, pattern, handle, match: new RegExp(`^${pattern.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`) };
};

/** The most that a request may carry, in bytes. */
const MOST_BYTES = 64 * 1024;

/**
 * An HTTP server whose requests are measured (C1), traced and logged. `GET /healthz` answers aside from all that.
 * @throws Error when the port is taken
 */
export function serve(port: number, routes: Routes, telemetry: Telemetry, log: Logger): Promise<Server> {
  const known = Object.entries(routes).map(routeOf);
  const { meters } = telemetry;
  let connections = 0;
  const server = createServer((request, response) => {
    if (request.url === "/healthz") return void response.end("ok");
    const begin = performance.now();
    const url = new URL(request.url ?? "/", "http://phoenix");
    const route = known.find(({ method, match }) => method === request.method && match.test(url.pathname));
    const labels = { route: route?.pattern ?? "unknown", method: request.method ?? "" };
    const name = `${labels.method} ${labels.route}`;
    const header = (key: string) => request.headers[key]?.toString();
    const remote = propagation.extract(context.active(), request.headers);
    const ids = idsOf(remote);
    const within = withIds(remote, {
      correlation_id: ids.correlation_id ?? header("x-correlation-id") ?? randomUUID(),
      request_id: header("x-request-id") ?? randomUUID(),
    });
    const attributes = {
      "http.request.method": labels.method,
      "http.route": labels.route,
      "url.path": url.pathname,
    };
    void inSpan(
      telemetry,
      name,
      SpanKind.SERVER,
      attributes,
      async (span) => {
        let size = 0;
        const { status, body } = await readBody(request)
          .then((sent) => {
            size = sent.length;
            return handled(route, url, sent);
          })
          .catch((error: unknown) => failed(error, name, log));
        const text = Buffer.from(JSON.stringify(body));
        const seconds = (performance.now() - begin) / 1000;
        meters.requests_total.add(1, { ...labels, status: String(status) });
        meters.request_duration_seconds.record(seconds, { ...labels, status: String(status) });
        meters.request_size_bytes.record(size, labels);
        meters.response_size_bytes.record(text.length, labels);
        span.setAttributes(spanAttributesOf({ "http.response.status_code": status }));
        if (status >= 500) {
          const type = (body as { type?: string }).type ?? "internal";
          meters.request_errors_total.add(1, { ...labels, type });
          span.setAttributes(spanAttributesOf({ "error.type": type }));
          span.setStatus({ code: SpanStatusCode.ERROR });
        }
        log.info(`${name} ${status}`, {
          duration_ms: Math.round(seconds * 1000),
          metadata: { status },
          tags: ["access"],
        });
        response.writeHead(status, { "content-type": "application/json" }).end(text);
      },
      within,
    ).catch((error: unknown) => response.destroy(error as Error));
  });
  server.on("connection", (socket) => {
    connections += 1;
    socket.on("close", () => (connections -= 1));
  });
  meters.open_connections.observe((set) => set(connections));
  // Without errors so far the series are there, with 0: a rate needs a value before the first one.
  for (const { pattern, method } of known)
    meters.request_errors_total.add(0, { route: pattern, method, type: "internal" });
  return new Promise((resolve, reject) => server.once("error", reject).listen(port, () => resolve(server)));
}

async function handled(route: Route | undefined, url: URL, sent: Buffer): Promise<Answer> {
  if (route === undefined) return { status: 404, body: { message: `there is no ${url.pathname}` } };
  const parameters = route.match.exec(url.pathname)?.groups ?? {};
  const json = () => {
    try {
      return JSON.parse(sent.toString()) as unknown;
    } catch {
      throw new Failure("refused", "the body is no JSON", 400);
    }
  };
  return route.handle({ parameters, query: url.searchParams, json });
}

function failed(error: unknown, name: string, log: Logger): Answer {
  const status = error instanceof Failure ? error.status : 500;
  const message = error instanceof Error ? error.message : String(error);
  if (status >= 500) log.error(`${name} failed: ${message}`, { metadata: { type: typeOf(error) }, tags: ["error"] });
  return { status, body: { message, type: typeOf(error) } };
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new Failure("refused", `more than ${MOST_BYTES} bytes`, 413);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Ends a server: no new connections, those that idle are closed, what is being answered is answered. */
export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}
