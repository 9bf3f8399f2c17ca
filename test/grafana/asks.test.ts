import { dashboards } from "../../dashboards";
import { asksOf, askOfVariable, type View } from "../../tools/grafana/asks";
import { nameOf, queriesOf, type DashboardModel, type PanelQuery, type Target } from "../../tools/grafana/model";
import { parseEnvironment } from "../../stacks/environment";

const models = dashboards(parseEnvironment("local", {})).map(({ model }) => model as DashboardModel);
const [overview] = models;
if (overview === undefined) throw new Error("there are no dashboards");
const range = { from: 1_000_000_000, to: 1_003_600_000 };
const viewOf = ({ templating }: DashboardModel): View => ({
  range,
  scrapeInterval: 15_000,
  serviceMapSource: "prometheus",
  selected: templating.list
    .filter(({ type }) => type === "query")
    .map((variable) => ({ variable, selection: variable.includeAll ? "$__all" : "one" })),
});
const ask = (type: string, target: Partial<Target>) =>
  asksOf(
    {
      dashboard: overview,
      row: "R",
      collapsed: false,
      panel: { type: "timeseries", title: "P", gridPos: { w: 8 } },
      target: { refId: "A", datasource: { type, uid: type }, ...target },
    } satisfies PanelQuery,
    viewOf(overview),
  );

it("every query of every page can be asked, of a data source that there is", () => {
  const asks = models.flatMap((model) =>
    queriesOf(model).flatMap((query) => asksOf(query, viewOf(model)).map((each) => [nameOf(query), each] as const)),
  );
  expect(asks.filter(([, { text }]) => text.includes("$")).map(([name]) => name)).toEqual([]);
  expect(new Set(asks.map(([, { source }]) => source))).toEqual(
    new Set(["prometheus", "victoriametrics", "alert-history", "loki", "tempo"]),
  );
});

it("every variable of every page can be asked for its values", () => {
  const asks = models.flatMap((model) =>
    model.templating.list
      .filter(({ type }) => type === "query")
      .map((variable) => askOfVariable(model, variable, viewOf(model))),
  );
  expect(asks.length).toBeGreaterThan(models.length);
  expect(asks.filter(({ parameters }) => JSON.stringify(parameters).includes("$"))).toEqual([]);
});

describe("asks as the data source's plugin does", () => {
  it("Prometheus for the latest moment", () => {
    expect(ask("prometheus", { expr: "up", instant: true })).toMatchObject([
      { source: "prometheus", path: "/api/v1/query", parameters: { query: "up", time: "1003600" } },
    ]);
  });

  it("Prometheus over a range, with exemplars", () => {
    const window = { query: "up", start: "1000000", end: "1003600" };
    expect(ask("prometheus", { expr: "up", exemplar: true })).toMatchObject([
      { path: "/api/v1/query_range", parameters: { ...window, step: "15" } },
      { path: "/api/v1/query_exemplars", parameters: window },
    ]);
  });

  it("Loki: $__auto is the step, but the whole range where one moment is asked for", () => {
    const of = (queryType: string) => ask("loki", { expr: 'rate({a="b"} [$__auto])', queryType })[0];
    expect(of("range")).toMatchObject({ path: "/loki/api/v1/query_range", text: 'rate({a="b"} [15s])' });
    expect(of("instant")).toMatchObject({ path: "/loki/api/v1/query", text: 'rate({a="b"} [3600s])' });
  });

  it("Tempo for traces, and Prometheus for the service map", () => {
    expect(ask("tempo", { query: "{status = error}", queryType: "traceql", limit: 50 })).toMatchObject([
      { source: "tempo", path: "/api/search", parameters: { q: "{status = error}", limit: "50", start: "1000000" } },
    ]);
    expect(ask("tempo", { queryType: "serviceMap" }).map(({ source, text }) => [source, text])).toEqual([
      ["prometheus", "sum by (client, server) (rate(traces_service_graph_request_total[3600s]))"],
      ["prometheus", "sum by (client, server) (rate(traces_service_graph_request_server_seconds_sum[3600s]))"],
    ]);
  });
});

describe("sees whether there is something to see", () => {
  const shows = (type: string, target: Partial<Target>, answer: unknown) => ask(type, target)[0]?.shows(answer);
  const vector = (...values: string[]) => ({
    data: { resultType: "vector", result: values.map((value) => ({ value: [0, value] })) },
  });

  it.each([
    ["a number", vector("0"), true],
    ["nothing", vector(), false],
    ["only what is no number", vector("NaN", "NaN"), false],
    ["a number beside what is none", vector("NaN", "1"), true],
  ])("%s", (_what, answer, expected) => {
    expect(shows("prometheus", { expr: "up", instant: true }, answer)).toBe(expected);
  });

  it("lines, traces", () => {
    const streams = (result: unknown[]) => ({ data: { resultType: "streams", result } });
    expect(shows("loki", { expr: "{}", queryType: "range" }, streams([{}]))).toBe(true);
    expect(shows("loki", { expr: "{}", queryType: "range" }, streams([]))).toBe(false);
    expect(shows("tempo", { query: "{}" }, { traces: [{}] })).toBe(true);
    expect(shows("tempo", { query: "{}" }, {})).toBe(false);
  });
});
