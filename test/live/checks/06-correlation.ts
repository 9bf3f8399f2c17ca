import type { Service } from "kubernetes-types/core/v1";
import { provisioned } from "../../../tools/grafana/provisioned";
import { streamedSearch } from "../clients/traces-stream";
import type { Live, LiveCheck } from "../context";
import { expect, Skipped } from "../report";
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
    await check.step("a search streams from the address of Grafana's data source, as Grafana asks it", async () => {
      const url = await reachable(live, "tempo");
      const traceql = '{ resource.service.name = "checkout" }';
      const found = await until(`answers to ${traceql}`, PATIENCE, async () => {
        const ids = await streamedSearch(url, traceql, 3600);
        return ids.length > 0 ? ids : undefined;
      });
      return `${found.length} traces over gRPC at port ${url.port}`;
    });
  },
};

/** The URL of a data source, its host name replaced by the service's address: the node resolves no names of services. */
async function reachable(live: Live, uid: string): Promise<URL> {
  if (!live.hermetic) throw new Skipped("needs a way to the service's address");
  const url = provisioned(live.environment).urls.get(uid);
  expect(url !== undefined, `no data source is called ${uid}`);
  const [name = "", namespace = ""] = url.hostname.split(".");
  const service = await live.cluster.get<Service>(`/api/v1/namespaces/${namespace}/services/${name}`);
  const address = service.spec?.clusterIP;
  expect(address !== undefined && address !== "None", `service ${name} has no address of its own`);
  return new URL(`${url.protocol}//${address}:${url.port}`);
}
