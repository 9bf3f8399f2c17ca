import { column, page, query, row, stat, table, timeSeries, variable, type Row } from "../../dashboards/language";
import { place } from "../../dashboards/language/layout";
import { panel } from "../../dashboards/language/panel";
import { logs, matches, node, lineRate, scrape, sum } from "../../signals";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/timeseries";

const says = "What it shows, and what bad looks like.";
const load = query(node.node_load1, "{{instance}}");
const graph = (title: string, width: "third" | "half" | "full" = "third") => timeSeries(title, says, [load], { width });
const write = (rows: readonly Row[], variables = [variable("cluster", scrape.up, "cluster")]) =>
  page({ uid: "overview", title: "T", description: says, folder: "F", variables, rows });

describe("what can't be a page is refused", () => {
  it.each([
    [
      "a variable that nothing defines, in a query",
      () =>
        write([
          row("R", [timeSeries("Load", says, [query(node.node_load1.where({ instance: matches("$host") }), "")])]),
        ]),
      'page "overview" reads variable "host" in panel "Load", which nothing defines\n  fix: one of cluster, prometheus_datasource, or define it',
    ],
    [
      "a variable that nothing defines, in a link",
      () => write([row("R", [stat("Load", says, load, { links: [{ title: "x", to: "logs", keep: ["service"] }] })])]),
      'page "overview" reads variable "service" in a link of panel "Load", which nothing defines\n  fix: one of cluster, prometheus_datasource, or define it',
    ],
    [
      "a variable that nothing defines, in another variable",
      () =>
        write(
          [row("R", [graph("Load")])],
          [variable("node", node.node_load1.where({ cluster: matches("$cluster") }), "node")],
        ),
      'page "overview" reads variable "cluster" in variable "node", which nothing defines\n  fix: one of node, prometheus_datasource, or define it',
    ],
    [
      "two panels of one title in a row",
      () => write([row("R", [graph("Load"), graph("Load")])]),
      'page "overview" has no ids apart for "R/Load" and "R/Load"\n  fix: another title for one of them',
    ],
    [
      "a panel without a query",
      () => panel(() => new PanelBuilder(), "Load", says, [], {}),
      'panel "Load" has no query\n  fix: give it at least one',
    ],
    [
      "a panel without a data source",
      () => timeSeries("Load", says, [query(node.node_load1, "", { source: "graphite" as "prometheus" })]),
      'panel "Load" has no data source: graphite is none\n  fix: one of prometheus, victoriametrics, alert-history, loki, tempo, alertmanager',
    ],
    [
      "a panel that asks several data sources",
      () =>
        timeSeries("Load", says, [
          query(sum(node.node_load1).as("lines per second"), ""),
          query(sum(lineRate(logs({ service_name: "x" }))), ""),
        ]),
      'panel "Load" asks several data sources: prometheus, loki\n  fix: one panel for each',
    ],
  ])("%s", (_name, make, message) => {
    expect(make).toThrow(new Error(message));
  });
});

describe("panels find their place", () => {
  const at = (rows: readonly Row[]) =>
    place("overview", rows).flatMap(({ panels }) =>
      panels.map(({ panel: { title }, gridPos }) => [title, gridPos.x, gridPos.y]),
    );

  it("from left to right, and in the next line what would leave the 24 columns", () => {
    expect(at([row("R", [graph("a"), graph("b", "half"), graph("c", "half"), graph("d", "full")])])).toEqual([
      ["a", 0, 1],
      ["b", 8, 1],
      ["c", 0, 9],
      ["d", 0, 17],
    ]);
  });

  it("below the tallest of the line before, and each row below the one before", () => {
    const tall = timeSeries("tall", says, [load], { height: 12 });
    expect(at([row("R", [graph("a"), tall, graph("b", "full")]), row("S", [graph("c")])])).toEqual([
      ["a", 0, 1],
      ["tall", 8, 1],
      ["b", 0, 13],
      ["c", 0, 22],
    ]);
  });

  it("and keep their ids when others come before them", () => {
    const ids = (rows: readonly Row[]) =>
      Object.fromEntries(
        place("overview", rows).flatMap(({ panels }) => panels.map(({ panel: { title }, id }) => [title, id])),
      );
    const before = ids([row("R", [graph("a")])]);
    expect(ids([row("Q", [graph("x")]), row("R", [graph("y"), graph("a")])])["a"]).toBe(before["a"]);
  });
});

describe("a panel's form follows from its query", () => {
  it("its unit and its thresholds", () => {
    const built = stat("Free", says, query(node.node_memory_MemFree_bytes, "")).build();
    expect(built.fieldConfig?.defaults.unit).toBe("bytes");
    expect(built.fieldConfig?.defaults.thresholds?.steps).toEqual([{ value: null, color: "green" }]);
  });

  it("the columns of a table have each their own", () => {
    const built = table("T", says, [
      column("Load", load),
      column("Free", query(node.node_memory_MemFree_bytes, "")),
    ]).build();
    const overrides = built.fieldConfig?.overrides.map(({ matcher, properties }) => [
      matcher.options as string,
      ...properties.slice(0, 2).map(({ value }) => value as string),
    ]);
    expect(overrides).toEqual([
      ["Value #A", "Load", "short"],
      ["Value #B", "Free", "bytes"],
    ]);
    expect(
      (built.targets as unknown as { format: string; instant: boolean }[]).map(({ format, instant }) => [
        format,
        instant,
      ]),
    ).toEqual([
      ["table", true],
      ["table", true],
    ]);
  });

  it("an exemplar query asks for exemplars", () => {
    const built = timeSeries("T", says, [query(node.node_load1, "", { exemplars: true })]).build();
    expect(built.targets).toMatchObject([{ exemplar: true, range: true }]);
  });
});
