/** What an application emits, typed by the catalogue: metrics, the log line, attributes of spans. */
export {
  emitter,
  type CounterMeter,
  type Emitter,
  type EmitterOptions,
  type GaugeMeter,
  type HistogramMeter,
  type LabelValues,
  type SetGauge,
} from "./metrics";
export { logger, logLine, type LogContext, type LogEntry, type Logger, type LogLevel, type LogLine } from "./logs";
export {
  resourceAttributesOf,
  spanAttributesOf,
  type ResourceAttributeValues,
  type SpanAttributeValues,
} from "./spans";
export { SpanRateLimit } from "./rate-limit";
export { otlpFault, otlpUnit } from "./translation";
