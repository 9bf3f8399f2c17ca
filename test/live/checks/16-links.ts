import type { LogLine } from "../clients/logs";
import type { Span } from "../clients/traces";
import type { Live, LiveCheck } from "../context";
import { expect } from "../report";
import type { Order } from "../senders/shop";
import { until } from "../wait";
import { interpolate, macrosFor, timeRange } from "../../../tools/grafana/interpolate";
import { derivedLink, linkQuery, provisioned, spanWindow } from "../../../tools/grafana/provisioned";

/** The sampler's decision, the generator's next write, and a batch of logs. */
const PATIENCE = 120;

/** Each link between Grafana's data sources, followed once by its real ids, as the provisioning defines it (F13, D6). */
export const links: LiveCheck = {
  id: 16,
  what: "Grafana's links lead from signal to signal",
  smoke: false,
  async run(live) {
    const check = live.report.check(this.id);
    const defined = provisioned(live.environment);
    const { traceId, spans } = await order(live);

    await check.step("exemplar → trace", async () => {
      const expression = 'traces_spanmetrics_latency_bucket{service="checkout"}';
      return until(`exemplar of ${expression} whose trace is there`, PATIENCE, async () => {
        for (const { labels } of await live.prometheus.exemplars(expression, 3600)) {
          const link = defined.exemplars.find(({ name }) => labels[name] !== undefined);
          if (link === undefined) continue;
          expect(link.datasourceUid === "tempo", `label ${link.name} leads to ${link.datasourceUid}`);
          const trace = await live.tempo.byId(labels[link.name] ?? "");
          if (trace !== undefined)
            return `${link.name}=${labels[link.name]}: ${trace.length} spans in ${link.datasourceUid}`;
        }
        return undefined;
      });
    });

    await check.step("trace → logs, from a span of each service", async () => {
      const found = spans.map((span) => logsOf(live, defined.tracesToLogs, span, traceId));
      return (await Promise.all(found)).join("\n");
    });

    await check.step("log line → trace", async () => {
      const query = `{service_name="checkout"} | trace_id="${traceId}"`;
      const [line] = await until(`line of ${query}`, PATIENCE, async () =>
        atLeastOne(await live.loki.query(query, live.since)),
      );
      const link = defined.derivedFields
        .map((field) => derivedLink(field, line.labels))
        .find((each) => each !== undefined);
      expect(link !== undefined, `no derived field matches the line's labels ${Object.keys(line.labels).join(", ")}`);
      const trace = await live.tempo.byId(link.query);
      expect(trace !== undefined, `${link.datasourceUid} has no trace ${link.query}`);
      return `${line.line} → ${link.datasourceUid} ${link.query}: ${trace.length} spans`;
    });

    await check.step("trace → metrics", async () => {
      const { tags, queries, datasourceUid, ...shifts } = defined.tracesToMetrics;
      const [span] = spans;
      expect(span !== undefined && queries.length > 0, "there is no span or no query");
      const texts: string[] = [];
      for (const { name, query } of queries) {
        const text = linkQuery(query, tags, span, traceId);
        const points = await until(
          `answer to ${text}`,
          PATIENCE,
          async () => {
            // One request is no rate: its counters begin with it.
            await live.app("checkout").json<Order>("POST", "/order", { correlation_id: live.id });
            const { start, end } = spanWindow(span, shifts);
            const range = { from: start, to: Math.min(end, Date.now()) };
            const macros = macrosFor(24, range, live.environment.scrapeInterval.seconds * 1000);
            const expression = interpolate(text, "prometheus", [], macros);
            const found = await rangeOf(live, datasourceUid, expression, range, macros.interval);
            return found > 0 ? found : undefined;
          },
          5,
        );
        texts.push(`${name}: ${points} series of ${text}`);
      }
      return texts.join("\n");
    });

    await check.step("service map: the services of the trace are joined by an edge", async () => {
      const macros = macrosFor(24, timeRange({ from: "now-1h", to: "now" }, Date.now()), 15_000);
      const query = interpolate(
        "sum by (client, server) (rate(traces_service_graph_request_total[$__range]))",
        "prometheus",
        [],
        macros,
      );
      const names = new Set(spans.map(({ service }) => service));
      return until(`edge between ${[...names].join(" and ")}`, PATIENCE, async () => {
        const { data } = await live
          .dataSource(defined.serviceMapSource)
          .json<{ data: { result: { metric: Record<string, string> }[] } }>("GET", "/api/v1/query", { query });
        const edge = data.result.find(
          ({ metric }) => names.has(metric["client"] ?? "") && names.has(metric["server"] ?? ""),
        );
        return edge && `${edge.metric["client"]} → ${edge.metric["server"]}, of ${data.result.length} edges`;
      });
    });
  },
};

/** An order of this run, its trace whole. */
async function order(live: Live): Promise<{ traceId: string; spans: readonly Span[] }> {
  // One of now: the links lead to a few minutes around its spans, and those of an old order have had their time.
  const placed = await live.app("checkout").json<Order>("POST", "/order", { correlation_id: live.id });
  const spans = await until(`trace ${placed.traceId}`, PATIENCE, async () => {
    const all = (await live.tempo.byId(placed.traceId)) ?? [];
    return placed.spanIds.every((id) => all.some(({ spanId }) => spanId === id)) ? all : undefined;
  });
  return { traceId: placed.traceId, spans };
}

async function logsOf(
  live: Live,
  link: ReturnType<typeof provisioned>["tracesToLogs"],
  span: Span,
  traceId: string,
): Promise<string> {
  const query = linkQuery(link.query, link.tags, span, traceId);
  const { start, end } = spanWindow(span, link);
  const lines = await until(`line of ${query}`, PATIENCE, async () => {
    const found = await live.loki.query(query, start);
    return atLeastOne(found.filter(({ time }) => Number(BigInt(time) / 1_000_000n) <= end));
  });
  return `${span.service} ${span.name}: ${lines.length} lines of ${query}`;
}

const atLeastOne = (lines: readonly LogLine[]): readonly [LogLine, ...LogLine[]] | undefined => {
  const [first, ...rest] = lines;
  return first && [first, ...rest];
};

/** How many series an expression has over a range. @param step milliseconds */
async function rangeOf(
  live: Live,
  source: string,
  query: string,
  { from, to }: { readonly from: number; readonly to: number },
  step: number,
): Promise<number> {
  const parameters = { query, start: String(from / 1000), end: String(to / 1000), step: String(step / 1000) };
  const { data } = await live
    .dataSource(source)
    .json<{ data: { result: { values: [number, string][] }[] } }>("GET", "/api/v1/query_range", parameters);
  return data.result.filter(({ values }) => values.some(([, value]) => !Number.isNaN(Number(value)))).length;
}
