import type { Environment } from "../../environment";
import { spanAttributes } from "../../signals";

/** What pages and links read stays when a span has more than it may have. */
const first = Object.entries(spanAttributes).flatMap(([name, { scope }]) => (scope === "span" ? [name] : []));

/**
 * Holds every span to `sampling.limits`, whoever sent it. Of events and links the Collector can't take some away: it sees
 * none of the links, and does not know the place of an event (v0.160: "no 'event_index' property has been set").
 */
export function spanLimits({ sampling: { limits } }: Environment): Record<string, object> {
  const { attributes } = limits;
  return {
    "transform/span-limits": {
      error_mode: "ignore",
      trace_statements: [
        `limit(span.attributes, ${attributes}, ${JSON.stringify(first)})`,
        `limit(spanevent.attributes, ${attributes}, [])`,
      ],
    },
  };
}

/** The same limits for an application, as the environment variables that every SDK of OpenTelemetry reads. */
export function sdkLimits({ sampling: { limits } }: Environment): Record<string, string> {
  const { attributes, events, links } = limits;
  return {
    OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: String(attributes),
    OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT: String(attributes),
    OTEL_LINK_ATTRIBUTE_COUNT_LIMIT: String(attributes),
    OTEL_SPAN_EVENT_COUNT_LIMIT: String(events),
    OTEL_SPAN_LINK_COUNT_LIMIT: String(links),
  };
}
