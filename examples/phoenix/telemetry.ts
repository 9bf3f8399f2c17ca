import { context, propagation, trace, type Context, type Meter, type Tracer } from "@opentelemetry/api";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-proto";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { MeterProvider, PeriodicExportingMetricReader, type IMetricReader } from "@opentelemetry/sdk-metrics";
import { BatchSpanProcessor, NodeTracerProvider, type SpanProcessor } from "@opentelemetry/sdk-trace-node";
import { emitter, resourceAttributesOf, spanAttributesOf, SpanRateLimit, type LogContext } from "../../emission";
import { agents, application, business } from "../../signals/sources/application";
import { serviceOf, type Role } from "./roles";
import type { Settings } from "./settings";

/** What travels with a request as W3C baggage, so that every role writes it on its spans and lines (E8). */
const travelling = ["correlation_id", "request_id", "user_id", "plan_id"] as const;
type Travelling = (typeof travelling)[number];

export interface Telemetry {
  readonly tracer: Tracer;
  readonly meters: ReturnType<typeof metersOf>;
  /** Sends what is held. */
  flush(): Promise<void>;
  /** Sends what is held, and ends. */
  shutdown(): Promise<void>;
}

/** Where signals go: to OTLP, or to a test. */
export interface Exporters {
  readonly readers: IMetricReader[];
  readonly spanProcessors: SpanProcessor[];
}

/** Every metric that phoenix emits, from the catalogue. */
const metersOf = (meter: Meter) => emitter(meter, { ...application, ...agents, ...business });

/** OTLP over HTTP every 15 seconds, the stack's own scrape interval; nothing where nobody takes it. */
export function otlpExporters(url: string | undefined): Exporters {
  if (url === undefined) return { readers: [], spanProcessors: [] };
  const to = (signal: string) => ({ url: `${url}/v1/${signal}`, timeoutMillis: 10_000 });
  return {
    readers: [
      new PeriodicExportingMetricReader({
        exporter: new OTLPMetricExporter(to("metrics")),
        exportIntervalMillis: 15_000,
        exportTimeoutMillis: 10_000,
      }),
    ],
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter(to("traces")))],
  };
}

/** OpenTelemetry's SDK for one role. */
export function startTelemetry(role: Role, settings: Settings, exporters: Exporters): Telemetry {
  const resource = resourceFromAttributes(
    resourceAttributesOf({
      "service.name": serviceOf(role),
      "service.version": settings.version,
      "service.instance.id": settings.instance,
      "deployment.environment.name": settings.environment,
    }),
  );
  const { environment, version } = settings;
  const identify: SpanProcessor = {
    onStart: (span, parent) => void span.setAttributes(spanAttributesOf({ environment, version, ...idsOf(parent) })),
    onEnd: () => undefined,
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
  const tracing = new NodeTracerProvider({
    resource,
    sampler: new SpanRateLimit(settings.spansPerSecond),
    spanProcessors: [identify, ...exporters.spanProcessors],
  });
  // Makes the context follow asynchronous calls, and W3C trace context and baggage the propagated ones.
  tracing.register();
  const metering = new MeterProvider({ resource, readers: exporters.readers });
  return {
    tracer: tracing.getTracer("phoenix", settings.version),
    meters: metersOf(metering.getMeter("phoenix", settings.version)),
    flush: async () => {
      await Promise.all([tracing.forceFlush(), metering.forceFlush()]);
    },
    shutdown: async () => {
      await Promise.allSettled([tracing.shutdown(), metering.shutdown()]);
    },
  };
}

/** The ids that travel with a context. */
export function idsOf(within: Context): { [K in Travelling]?: string } {
  const baggage = propagation.getBaggage(within);
  const found = travelling.flatMap((name) => {
    const value = baggage?.getEntry(name)?.value;
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(found);
}

/** A context in which more ids travel. */
export function withIds(within: Context, ids: { readonly [K in Travelling]?: string }): Context {
  const before = propagation.getBaggage(within) ?? propagation.createBaggage();
  const baggage = Object.entries(ids).reduce((all, [name, value]) => all.setEntry(name, { value }), before);
  return propagation.setBaggage(within, baggage);
}

/** What a log line takes from where it is written. */
export function logContext(): LogContext {
  const span = trace.getSpanContext(context.active());
  return {
    ...idsOf(context.active()),
    ...(span === undefined ? {} : { trace_id: span.traceId, span_id: span.spanId }),
  };
}
