import { Annotation, BatchRecorder, ExplicitContext, jsonEncoder, option, Tracer } from "zipkin";
import { HttpLogger } from "zipkin-transport-http";

/** The transport tells of each request; its types leave that out. */
interface Events {
  once(event: "success" | "error", listener: (what: unknown) => void): void;
  on(event: "error", listener: (what: unknown) => void): void;
}

/** How long the transport may take for its one request, in seconds. */
const LIMIT = 15;

/**
 * Sends one server span as Zipkin v2 JSON with Zipkin's own client and transport.
 * @returns the trace id in 32 hex digits
 * @throws Error with what the transport complained about
 */
export async function sendZipkin(host: string, correlationId: string): Promise<string> {
  const logger = new HttpLogger({
    endpoint: `http://${host}:9411/api/v2/spans`,
    jsonEncoder: jsonEncoder.JSON_V2,
    httpInterval: 100,
  });
  const answered = new Promise<void>((resolve, reject) => {
    const events = logger as unknown as Events;
    events.once("success", () => resolve());
    events.on("error", (error) => reject(new Error(`Zipkin's client: ${String(error)}`)));
    setTimeout(() => reject(new Error(`Zipkin's client: no answer within ${LIMIT} s`)), LIMIT * 1000).unref();
  });
  // The transport's own timer does not keep a process alive, and a pod's server does; a lone run needs this one.
  const awake = setInterval(() => undefined, 100);
  const tracer = new Tracer({
    ctxImpl: new ExplicitContext(),
    recorder: new BatchRecorder({ logger }),
    localServiceName: "legacy-zipkin",
    traceId128Bit: true,
  });
  const id = tracer.createRootId(new option.Some(true));
  tracer.letId(id, () => {
    tracer.recordServiceName("legacy-zipkin");
    tracer.recordRpc("render");
    tracer.recordBinary("correlation_id", correlationId);
    tracer.recordAnnotation(new Annotation.ServerRecv());
    tracer.recordAnnotation(new Annotation.ServerSend());
  });
  try {
    await answered;
  } finally {
    clearInterval(awake);
  }
  return id.traceId.padStart(32, "0");
}
