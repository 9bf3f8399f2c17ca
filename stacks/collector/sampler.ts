import { deepMerge, urlOf, type Environment } from "../../environment";
import { loadOf } from "../../environment/sizing";
import { tempoExporter } from "./gateway";
import { extensions, memoryLimiter, otlpReceiver, serviceOf } from "./pieces";
import { samplerQueue } from "./queues";

/**
 * Traces that wait for their decision: those of thirty seconds, three times as long as each waits, were every span a trace
 * of its own. The oldest would be decided early, on what had come of them.
 */
function tracesHeld(environment: Environment): number {
  const spans = loadOf(environment).spans.perSecond / environment.systems.collector.replicas;
  return Math.max(100_000, Math.ceil(spans) * 30);
}

/**
 * The sampler: sees traces whole and keeps what matters. Errors and slow traces always, of the rest a share. Traces
 * wait in memory until they are decided: that much a crash can lose (docs/decisions).
 */
export function samplerConfig(environment: Environment): object {
  const { ratio, slowerThan, minimumDuration, keptPerSecond } = environment.sampling;
  const share = { name: "share", type: "probabilistic", probabilistic: { sampling_percentage: ratio * 100 } };
  const longEnough = {
    name: "long-enough",
    type: "latency",
    latency: { threshold_ms: Math.round((minimumDuration?.seconds ?? 0) * 1000) },
  };
  // The last one counts only what the others let through.
  const atMost = {
    name: "at-most",
    type: "rate_limiting",
    rate_limiting: { spans_per_second: Math.max(1, Math.round(keptPerSecond.perSecond)) },
  };
  const chosen = [...(minimumDuration === undefined ? [] : [longEnough]), share, atMost];
  const rest = { name: "rest", type: "and", and: { and_sub_policy: chosen } };
  const config = {
    extensions,
    receivers: { otlp: otlpReceiver },
    processors: {
      memory_limiter: memoryLimiter,
      tail_sampling: {
        decision_wait: "10s",
        num_traces: tracesHeld(environment),
        policies: [
          { name: "errors", type: "status_code", status_code: { status_codes: ["ERROR"] } },
          { name: "slow", type: "latency", latency: { threshold_ms: Math.round(slowerThan.seconds * 1000) } },
          rest,
        ],
      },
    },
    exporters: {
      "otlp_grpc/tempo": tempoExporter(
        environment,
        urlOf(environment, "tempo", "write") ?? "",
        "sampled",
        samplerQueue(environment),
      ),
    },
    service: serviceOf({
      traces: { receivers: ["otlp"], processors: ["memory_limiter", "tail_sampling"], exporters: ["otlp_grpc/tempo"] },
    }),
  };
  return deepMerge(config, environment.systems.collector.config.sampler ?? {});
}
