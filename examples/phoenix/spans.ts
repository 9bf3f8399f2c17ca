import { context, SpanStatusCode, trace, type Context, type Span, type SpanKind } from "@opentelemetry/api";
import { spanAttributesOf, type SpanAttributeValues } from "../../emission";
import { typeOf } from "./errors";
import type { Telemetry } from "./telemetry";

/** Runs a step inside a span that ends with it, failed if the step throws. */
export async function inSpan<T>(
  { tracer }: Telemetry,
  name: string,
  kind: SpanKind,
  attributes: SpanAttributeValues,
  step: (span: Span) => Promise<T>,
  within: Context = context.active(),
): Promise<T> {
  const span = tracer.startSpan(name, { kind, attributes: spanAttributesOf(attributes) }, within);
  try {
    return await context.with(trace.setSpan(within, span), () => step(span));
  } catch (error) {
    span.setAttributes(spanAttributesOf({ "error.type": typeOf(error) }));
    span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : String(error) });
    throw error;
  } finally {
    span.end();
  }
}
