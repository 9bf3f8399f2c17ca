import type { LogLine } from "../clients/logs";
import type { Metrics } from "../clients/metrics";
import type { Live, LiveCheck } from "../context";
import { demoNamespace } from "../demo";
import { expect } from "../report";
import { ORDERS, type Order } from "../senders/shop";
import { until } from "../wait";

/** Batches, tail sampling and the aggregation of StatsD take up to about 25 s together. */
const PATIENCE = 60;

export const applications: LiveCheck = {
  id: 4,
  what: "application input, by the official client of each protocol",
  smoke: true,
  async run(live) {
    const check = live.report.check(this.id);
    const correlationId = live.id;
    const send = <T>(route: string) => live.app("checkout").json<T>("POST", route, { correlation_id: correlationId });

    await check.step("OTLP traces (gRPC to the gateway, HTTP to the node's agent), by id and by TraceQL", async () => {
      const order = await send<Order>("/order");
      live.found.order = { ...order, correlationId };
      const spans = await until("complete trace", PATIENCE, async () => {
        const all = (await live.tempo.byId(order.traceId)) ?? [];
        return order.spanIds.every((id) => all.some(({ spanId }) => spanId === id)) ? all : undefined;
      });
      const services = [...new Set(spans.map(({ service }) => service))].sort().join(", ");
      expect(services === "checkout, payment", `its services are ${services}`);
      for (const { service, resource } of spans) {
        expect(resource["cluster"] === live.environment.cluster, `a span of ${service} has no label cluster`);
      }
      const unnamed = podsOf(spans.map(({ service, resource }) => ({ service, pod: resource["k8s.pod.name"] })));
      await foundByTraceql(live, order.traceId);
      return `trace ${order.traceId}: ${spans.length} spans of ${services}${unnamed}`;
    });

    await check.step("OTLP metrics in Prometheus and VictoriaMetrics", async () => {
      const expression = `e2e_orders_total{correlation_id="${correlationId}"}`;
      return inBoth(live, expression, (value) => value === ORDERS);
    });

    await check.step("OTLP logs, by LogQL, correlation id and trace id", async () => {
      const order = live.found.order;
      if (order === undefined) throw new Error("no order was placed");
      const lines = await foundLines(live, `| correlation_id="${correlationId}" | trace_id="${order.traceId}"`, 2);
      const senders = lines.map(({ labels }) => ({
        service: labels["service_name"] ?? "",
        pod: labels["k8s_pod_name"],
      }));
      for (const wanted of ["checkout", "payment"]) {
        expect(
          senders.some(({ service }) => service === wanted),
          `no line of ${wanted}`,
        );
      }
      const unnamed = podsOf(senders);
      return `${lines.map(({ line }) => line).join(", ")}${unnamed}`;
    });

    await check.step("a pod's line on stdout, with its own correlation id as a field", async () => {
      const selector = `{k8s_namespace_name="${demoNamespace}", k8s_container_name="checkout"}`;
      const lines = await foundLines(live, `| correlation_id="${correlationId}" |= "on stdout"`, 1, selector);
      return lines[0]?.line ?? "";
    });

    for (const [protocol, name] of [
      ["jaeger", "Jaeger thrift_http (jaeger-client)"],
      ["zipkin", "Zipkin v2 (zipkin-transport-http)"],
    ] as const) {
      await check.step(`${name}, by id and by TraceQL`, async () => {
        const { traceId } = await send<{ traceId: string }>(`/${protocol}`);
        live.found.traceIds[protocol] = traceId;
        const spans = await until(`trace ${traceId}`, PATIENCE, () => live.tempo.byId(traceId));
        const marked = spans.some(({ attributes }) => attributes["correlation_id"] === correlationId);
        expect(marked, "no span has the correlation id");
        await foundByTraceql(live, traceId);
        return `trace ${traceId}: ${spans.length} spans of ${spans[0]?.service}`;
      });
    }

    await check.step("StatsD (hot-shots) in Prometheus and VictoriaMetrics", async () => {
      const { sent } = await send<{ sent: number }>("/statsd");
      const labels = `correlation_id="${correlationId}"`;
      const counter = await inBoth(
        live,
        `{__name__=~"e2e_statsd_orders(_total)?",${labels}}`,
        (value) => value > 0 && value <= sent,
      );
      await inBoth(live, `{__name__=~"e2e_statsd_queue_depth",${labels}}`, (value) => value === 7);
      return `${sent} increments sent, counter ${counter}`;
    });

    await check.step("Fluentd forward (fluent-logger), acknowledged and in Loki", async () => {
      await send("/fluentd");
      const lines = await foundLines(live, `| correlation_id="${correlationId}" | fluent_tag="app.e2e"`, 2);
      return lines.map(({ line }) => line).join(", ");
    });
  },
};

/**
 * Whether Kubernetes' metadata names the pod that sent, which must never be another one. It may be missing where the
 * node's port is used: many clusters translate the sender's address there, and then nobody can know.
 * @returns what to say about those without, empty when all are named
 */
function podsOf(senders: readonly { readonly service: string; readonly pod: string | undefined }[]): string {
  for (const { service, pod } of senders) {
    if (pod === undefined && service !== "checkout") continue;
    expect(pod?.startsWith(`${service}-`) === true, `what ${service} sent has the pod "${pod}"`);
  }
  const unnamed = new Set(senders.filter(({ pod }) => pod === undefined).map(({ service }) => service));
  return unnamed.size === 0
    ? ""
    : `; without a pod's name, for the node's port hides the sender: ${[...unnamed].join(", ")}`;
}

async function foundByTraceql(live: Live, traceId: string): Promise<void> {
  const query = `{ span.correlation_id = "${live.id}" }`;
  await until(`trace ${traceId} by ${query}`, PATIENCE, async () => {
    const ids = await live.tempo.search(query, 3600);
    return ids.includes(traceId) ? ids : undefined;
  });
}

/** Lines of this run after the stream selector; at least as many as are expected. */
async function foundLines(
  live: Live,
  pipeline: string,
  count: number,
  selector = '{service_name=~".+"}',
): Promise<LogLine[]> {
  return until(`${count} lines of ${selector} ${pipeline}`, PATIENCE, async () => {
    const lines = await live.loki.query(`${selector} ${pipeline}`, live.since);
    return lines.length >= count ? lines : undefined;
  });
}

/** The value of a single series, once it is right in both stores. */
async function inBoth(live: Live, expression: string, right: (value: number) => boolean): Promise<string> {
  const ask = (name: string, api: Metrics) =>
    until(`right value of ${expression} in ${name}`, PATIENCE, async () => {
      const samples = await api.query(expression);
      if (samples.length > 1) throw new Error(`${samples.length} series instead of one`);
      const value = samples[0]?.value;
      if (value !== undefined && !right(value)) throw new Error(`it is ${value}`);
      return value;
    });
  const near = await ask("Prometheus", live.prometheus);
  const far = await ask("VictoriaMetrics", live.victoriametrics);
  return `${near} in Prometheus, ${far} in VictoriaMetrics`;
}
