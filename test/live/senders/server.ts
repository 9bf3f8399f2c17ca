import { createServer, type IncomingMessage } from "node:http";

/** What an application of the suite answers: handlers by method and path, such as `POST /order`. */
export type Routes = Readonly<Record<string, (request: AppRequest) => unknown>>;

export interface AppRequest {
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** An answer that is no JSON, or no success. */
export class Answer {
  constructor(
    readonly status: number,
    readonly text: string,
    readonly type = "text/plain; version=0.0.4",
  ) {}
}

/** The port that every application of the suite listens on. */
export const APP_PORT = 8080;

/**
 * Serves the routes until SIGTERM; what a handler returns is answered as JSON, what it throws as a 500 with the message.
 * `GET /` answers 200: the readiness probe.
 */
export function serve(routes: Routes, port = APP_PORT): void {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://app");
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString();
      void answer(routes, `${request.method} ${url.pathname}`, {
        query: url.searchParams,
        headers: request.headers,
        body,
      })
        .then(({ status, text, type }) => response.writeHead(status, { "content-type": type }).end(text))
        .catch((error: unknown) => response.destroy(error as Error));
    });
  });
  server.listen(port, () => log("info", "listening", { port }));
  process.on("SIGTERM", () => {
    log("info", "ending");
    server.close(() => process.exit(0));
    server.closeAllConnections();
  });
}

async function answer(routes: Routes, name: string, request: AppRequest): Promise<Answer> {
  if (name === "GET /") return new Answer(200, "ready");
  const handler = routes[name];
  if (!handler) return new Answer(404, `no route ${name}`);
  try {
    const result = await handler(request);
    return result instanceof Answer ? result : new Answer(200, JSON.stringify(result ?? {}), "application/json");
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    log("error", message, { route: name });
    return new Answer(500, message);
  }
}

/** One JSON line on stdout, as the log agent of the stack reads it. */
export function log(level: "info" | "error", message: string, fields: Record<string, unknown> = {}): void {
  console.log(JSON.stringify({ timestamp: new Date().toISOString(), level, message, ...fields }));
}

/** What a program leaves on stdout that crashed. */
export function panic(): void {
  console.log("panic: runtime error: invalid memory address or nil pointer dereference");
}

/** A query parameter that must be there. @throws Error naming it */
export function parameter({ query }: AppRequest, name: string): string {
  const value = query.get(name);
  if (!value) throw new Error(`the query parameter ${name} is missing`);
  return value;
}
