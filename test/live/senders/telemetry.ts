import { DiagLogLevel, diag, type Meter, type Tracer } from "@opentelemetry/api";
import type { Logger } from "@opentelemetry/api-logs";
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-proto";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-proto";
import { OTLPTraceExporter as GrpcTraceExporter } from "@opentelemetry/exporter-trace-otlp-grpc";
import { OTLPTraceExporter as HttpTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchLogRecordProcessor, LoggerProvider } from "@opentelemetry/sdk-logs";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";

export interface Telemetry {
  readonly tracer: Tracer;
  readonly meter: Meter;
  readonly logger: Logger;
  /** Sends what is held. @throws Error with what the receiver did not take since the last call */
  flush(): Promise<void>;
}

interface Exporter<Items> {
  export(items: Items, done: (result: { code: number; error?: Error }) => void): void;
}

/**
 * OpenTelemetry's own SDK, sending metrics and logs as OTLP protobuf over HTTP, and traces over gRPC or HTTP.
 * @param host the Collector gateway
 */
export function startTelemetry(serviceName: string, host: string, traces: "grpc" | "http"): Telemetry {
  // What an exporter could not deliver is otherwise only logged.
  const failures: string[] = [];
  const note = (message: string, ...rest: unknown[]) => void failures.push([message, ...rest.map(String)].join(" "));
  diag.setLogger({ error: note, warn: note, info: () => 0, debug: () => 0, verbose: () => 0 }, DiagLogLevel.WARN);
  const watched = <Items, T extends Exporter<Items>>(exporter: T): T => {
    const send = exporter.export.bind(exporter);
    exporter.export = (items, done) =>
      send(items, (result) => {
        if (result.code !== 0) failures.push(`${exporter.constructor.name}: ${result.error?.message ?? "refused"}`);
        done(result);
      });
    return exporter;
  };
  const resource = resourceFromAttributes({
    "service.name": serviceName,
    "service.version": "1.0.0",
    "deployment.environment.name": "e2e",
  });
  const http = (signal: string) => ({ url: `http://${host}:4318/v1/${signal}`, timeoutMillis: 10_000 });
  const spans =
    traces === "grpc"
      ? watched(new GrpcTraceExporter({ url: `http://${host}:4317`, timeoutMillis: 10_000 }))
      : watched(new HttpTraceExporter(http("traces")));
  const tracing = new NodeTracerProvider({ resource, spanProcessors: [new BatchSpanProcessor(spans)] });
  // Makes the context follow asynchronous calls and the W3C trace context the propagated one.
  tracing.register();
  const logging = new LoggerProvider({
    resource,
    processors: [new BatchLogRecordProcessor({ exporter: watched(new OTLPLogExporter(http("logs"))) })],
  });
  const metering = new MeterProvider({
    resource,
    readers: [
      new PeriodicExportingMetricReader({
        exporter: watched(new OTLPMetricExporter(http("metrics"))),
        exportIntervalMillis: 15_000,
        exportTimeoutMillis: 10_000,
      }),
    ],
  });
  return {
    tracer: tracing.getTracer("e2e"),
    meter: metering.getMeter("e2e"),
    logger: logging.getLogger("e2e"),
    flush: async () => {
      failures.length = 0;
      await Promise.all([tracing.forceFlush(), logging.forceFlush(), metering.forceFlush()]);
      if (failures.length > 0) throw new Error(`OTLP: ${[...new Set(failures)].join("; ")}`);
    },
  };
}
