import type { LiveCheck } from "../context";
import { expect } from "../report";
import { until } from "../wait";

/** Tempo's generator writes every 15 s, after the decision of the sampler. */
const PATIENCE = 90;

export const correlation: LiveCheck = {
  id: 6,
  what: "from a metric to its trace, and from service to service",
  smoke: true,
  async run(live) {
    const check = live.report.check(this.id);
    await check.step("an exemplar in Prometheus names a trace that Tempo returns", async () => {
      const expression = 'traces_spanmetrics_latency_bucket{service="checkout"}';
      const { traceId, spans } = await until(`exemplar of ${expression} with a trace`, PATIENCE, async () => {
        const exemplars = await live.prometheus.exemplars(expression, 3600);
        for (const { labels } of exemplars) {
          const traceId = labels["traceID"] ?? labels["trace_id"] ?? "";
          const spans = traceId === "" ? undefined : await live.tempo.byId(traceId);
          if (spans !== undefined) return { traceId, spans };
        }
        return undefined;
      });
      expect(
        spans.some(({ service }) => service === "checkout"),
        `trace ${traceId} has no span of checkout`,
      );
      return `trace ${traceId}: ${spans.length} spans`;
    });
    await check.step("the service graph names both services", async () => {
      const expression = 'traces_service_graph_request_total{client="checkout",server="payment"}';
      const samples = await until(`series of ${expression}`, PATIENCE, async () => {
        const found = await live.prometheus.query(expression);
        return found.length > 0 ? found : undefined;
      });
      return `checkout → payment: ${samples[0]?.value ?? 0} requests`;
    });
  },
};
