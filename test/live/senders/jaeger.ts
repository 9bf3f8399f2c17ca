import { initTracer } from "jaeger-client";

/**
 * Sends one trace of two spans as Jaeger thrift over HTTP with Jaeger's own client.
 * @returns the trace id in 32 hex digits
 * @throws Error with what the client's sender complained about
 */
export async function sendJaeger(host: string, correlationId: string): Promise<string> {
  const complaints: string[] = [];
  const tracer = initTracer(
    {
      serviceName: "legacy-jaeger",
      sampler: { type: "const", param: 1 },
      reporter: { collectorEndpoint: `http://${host}:14268/api/traces` },
    },
    { traceId128bit: true, logger: { info: () => undefined, error: (message) => complaints.push(message) } },
  );
  const parent = tracer.startSpan("import", { tags: { correlation_id: correlationId, "span.kind": "server" } });
  const child = tracer.startSpan("read-file", { childOf: parent, tags: { correlation_id: correlationId } });
  child.finish();
  parent.finish();
  const traceId = parent.context().traceIdStr;
  await new Promise<void>((resolve) => tracer.close(resolve));
  if (complaints.length > 0) throw new Error(`Jaeger's client: ${complaints.join("; ")}`);
  return traceId.padStart(32, "0");
}
