import { dashboards, pages } from "../../dashboards";
import { page, type Page } from "../../dashboards/language";
import { urlOf } from "../../dashboards/language/links";
import type { Environment, Pack } from "../../environment";
import {
  attributesOf,
  logFieldsOf,
  logFields,
  metadataLabels,
  selectorsOf,
  spanAttributes,
  streamLabels,
  unitFormats,
} from "../../signals";
import { covers, exclusions } from "./exclusions";
import { findings } from "../../dashboards/lint";
import { parseEnvironment } from "../../stacks/environment";
import { catalogue } from "../../stacks/systems";
import { clashes, strayLinks } from "../../stacks/clashes";

const local = parseEnvironment("local", {});
const tiers = [{ keep: "1d" }, { resolution: "5m", keep: "7d" }];
const environments: readonly (readonly [string, Environment])[] = [
  ["local", local],
  ["local with Tempo 2", parseEnvironment("local", { tempo: { majorVersion: "2" } })],
  ["local with two tiers", parseEnvironment("local", { retention: { metrics: tiers } })],
  ["local with two Alertmanagers", parseEnvironment("local", { systems: { alertmanager: { replicas: 2 } } })],
];
const all = environments.flatMap(([, environment]) => pages(environment));
const queries = all.flatMap((page) =>
  page.rows.flatMap((row) =>
    row.panels.flatMap((panel) =>
      panel.queries.map((query) => ({ page, row, panel, query, text: query.expression.toString() })),
    ),
  ),
);

interface PanelModel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource?: { readonly uid: string };
  /** Of a collapsed row. */
  readonly panels?: readonly PanelModel[];
  readonly targets?: readonly { readonly refId: string; readonly datasource: { readonly uid: string } }[];
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
}
interface Model {
  readonly uid: string;
  readonly editable: boolean;
  readonly panels: readonly PanelModel[];
  readonly templating: {
    readonly list: readonly {
      readonly name: string;
      readonly type: string;
      readonly refresh?: number;
      readonly label?: string;
    }[];
  };
}
type Place = PanelModel["gridPos"];
const overlap = (a: Place, b: Place) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
const model = (page: Page) => page.model() as unknown as Model;
const onPages = all.map((page) => [page.uid, model(page)] as const);

const pageUids = [
  ...["overview", "system-performance", "application-performance", "business-metrics", "agent-health"],
  ...["kubernetes-cluster", "kubernetes-namespace", "kubernetes-workload", "logs", "traces", "slos", "capacity"],
  ...["prometheus", "victoriametrics", "vmagent", "vmalert", "loki", "tempo", "grafana", "alertmanager", "collector"],
  ...["node-exporter", "kube-state-metrics"],
];

it.each(environments)("links of panels and alerts lead to pages that there are, in %s", (_name, environment) => {
  expect(strayLinks(environment)).toEqual([]);
});

it.each(environments)("no two owners claim one name, in %s", (_name, environment) => {
  expect(clashes(environment)).toEqual([]);
});

describe("every page that the requirements name is there", () => {
  it("in an environment with everything on", () => {
    expect(
      [...new Set(environments.flatMap(([, environment]) => dashboards(environment)).map(({ uid }) => uid))].sort(),
    ).toEqual([...pageUids].sort());
  });

  it("but not the pages of systems that are off, nor panels and links that need them", () => {
    const without = parseEnvironment("local", {
      systems: { loki: { enabled: false } },
      stages: ["metrics", "traces", "alerts", "dashboards"],
    });
    const shown = pages(without);
    const uids = shown.map(({ uid }) => uid);
    expect(uids).not.toContain("logs");
    expect(uids).not.toContain("loki");
    const panels = shown.flatMap(({ rows }) => rows.flatMap((row) => row.panels));
    expect(panels.filter((panel) => panel.queries.some(({ source }) => source === "loki"))).toEqual([]);
    expect(panels.flatMap(({ links }) => links).filter(({ to }) => !uids.includes(to))).toEqual([]);
    expect(JSON.stringify(shown.map((page) => page.model()))).not.toContain("/d/logs");
  });

  it("gives new objects each time, equal to those before", () => {
    const [first, second] = [dashboards(local), dashboards(local)];
    expect(first).toEqual(second);
    expect(first[0]?.model).not.toBe(second[0]?.model);
  });

  it("refuses two dashboards with one uid", () => {
    const shown = (uid: string, title: string) => ({
      page: () => page({ uid, title, description: "x", folder: "x", variables: [], rows: [] }),
    });
    const twice: Pack = { name: "twice", pages: [shown("a", "A"), shown("b", "B"), shown("a", "A again")] };
    const environment = { ...local, composition: { ...local.composition, packs: [twice] } };
    expect(() => pages(environment)).toThrow(
      new Error('uid "a" belongs to several dashboards: "A", "A again"\n  fix: a uid of its own for each'),
    );
  });
});

describe("queries", () => {
  it("read only metrics and labels that are catalogued", () => {
    for (const { text, query } of queries) {
      if (query.source === "loki" || query.source === "tempo") continue;
      for (const { series, labels } of selectorsOf(text)) catalogue.require(series, labels);
    }
  });

  it.each(environments)("of %s wait for no metric that the other line of Tempo has", (_name, environment) => {
    const texts = pages(environment).flatMap(({ rows }) =>
      rows.flatMap(({ panels }) =>
        panels.flatMap(({ queries: of }) =>
          of
            .filter(({ source }) => source !== "loki" && source !== "tempo")
            .map(({ expression }) => expression.toString()),
        ),
      ),
    );
    const series = texts.flatMap((text) => selectorsOf(text).map((selector) => selector.series));
    expect(series).toContain("tempodb_blocklist_length");
    expect(series.filter((name) => catalogue.lacks(environment.tempo.majorVersion, name))).toEqual([]);
  });

  it("read only fields and attributes that are catalogued", () => {
    const fields = new Set<string>([...streamLabels, ...metadataLabels, ...Object.keys(logFields), "__error__"]);
    const attributes = new Set(Object.entries(spanAttributes).map(([name, { scope }]) => `${scope}.${name}`));
    const ofLogs = queries.filter(({ query }) => query.source === "loki").flatMap(({ text }) => logFieldsOf(text));
    const ofTraces = queries.filter(({ query }) => query.source === "tempo").flatMap(({ text }) => attributesOf(text));
    expect(ofLogs.filter((name) => !fields.has(name))).toEqual([]);
    expect(ofTraces.filter((name) => !attributes.has(name))).toEqual([]);
    expect([ofLogs.length > 0, ofTraces.length > 0]).toEqual([true, true]);
  });

  it("name in their legends only labels that they have", () => {
    const loose = queries.filter(({ query }) => {
      const labels: readonly string[] = "labels" in query.expression ? (query.expression.labels as string[]) : [];
      return [...query.legend.matchAll(/\{\{(\w+)\}\}/g)].some(([, label = ""]) => !labels.includes(label));
    });
    expect(loose.map(({ page, panel, query }) => `${page.uid}/${panel.title}: ${query.legend}`)).toEqual([]);
  });

  it("over weeks ask the long-term storage", () => {
    const weeks = queries.filter(
      ({ text, query }) => query.source === "prometheus" && /\[(\d+w|([3-9]|\d{2,})d)[\]:]/.test(text),
    );
    expect(weeks.map(({ page, panel }) => `${page.uid}/${panel.title}`)).toEqual([]);
  });

  /** 002, 6.2: title, kind of panel (`graph` is a time series today), expressions. */
  it.each([
    ["system-performance", "CPU Usage", "timeseries", ["rate(process_cpu_seconds_total[5m])"]],
    ["system-performance", "Memory Usage", "timeseries", ["process_resident_memory_bytes"]],
    ["system-performance", "Disk IO", "timeseries", ["rate(disk_io_reads[5m])", "rate(disk_io_writes[5m])"]],
    ["application-performance", "Request Rate", "timeseries", ["rate(requests_total[5m])"]],
    ["application-performance", "Error Rate", "timeseries", ["rate(request_errors_total[5m])"]],
    ["application-performance", "Latency", "heatmap", ["rate(request_duration_seconds_bucket[5m])"]],
  ])("of the requirements are there as they stand: %s / %s", (uid, title, type, expressions) => {
    const page = pages(local).find((candidate) => candidate.uid === uid);
    const [panel] = page?.rows.flatMap(({ panels }) => panels).filter((candidate) => candidate.title === title) ?? [];
    expect(panel?.queries.map(({ expression }) => expression.toString())).toEqual(expressions);
    expect(panel?.build().type).toBe(type);
  });
});

describe("the linters' rules", () => {
  const found = findings(all);

  it("hold, but for the exclusions", () => {
    const left = found.filter((finding) => !exclusions.some((exclusion) => covers(exclusion, finding)));
    expect(left.map(({ rule, page, panel, text }) => `${rule}: ${page}/${panel}: ${text}`)).toEqual([]);
  });

  it("need every exclusion", () => {
    const idle = exclusions.filter((exclusion) => !found.some((finding) => covers(exclusion, finding)));
    expect(idle).toEqual([]);
  });
});

describe.each(onPages)("%s", (uid, { panels, templating, editable }) => {
  const whole = panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]);
  const shown = whole.filter(({ type }) => type !== "row");

  it("has panels of one id each, that never overlap nor leave the 24 columns", () => {
    expect(new Set(whole.map(({ id }) => id)).size).toBe(whole.length);
    expect(whole.filter(({ gridPos: { x, w } }) => x < 0 || x + w > 24).map(({ title }) => title)).toEqual([]);
    const overlapping = panels.flatMap((one, index) =>
      panels
        .slice(index + 1)
        .flatMap((other) => (overlap(one.gridPos, other.gridPos) ? [[one.title, other.title]] : [])),
    );
    expect(overlapping).toEqual([]);
  });

  it("says of each panel what it shows and what bad looks like, in a known unit", () => {
    const units = new Set(Object.values(unitFormats).map(({ grafana }) => grafana));
    for (const { title, description = "", fieldConfig } of shown) {
      expect([title, /^[A-Z0-9].{15,}[.]$/.test(description)]).toEqual([title, true]);
      expect([title, units.has(fieldConfig?.defaults.unit ?? "")]).toEqual([title, true]);
    }
  });

  it("asks data sources that a variable chooses, with refIds in order", () => {
    const sources = templating.list.filter(({ type }) => type === "datasource").map(({ name }) => `\${${name}}`);
    for (const { title, datasource, targets = [] } of shown) {
      expect([title, targets.length > 0]).toEqual([title, true]);
      expect(targets.map(({ refId }) => refId)).toEqual(targets.map((_, index) => String.fromCharCode(65 + index)));
      expect(
        [datasource?.uid, ...targets.map((target) => target.datasource.uid)].filter(
          (source) => !sources.includes(source ?? ""),
        ),
      ).toEqual([]);
    }
  });

  it("can't be edited, and fills its variables anew when the time range changes", () => {
    expect(editable).toBe(false);
    for (const variable of templating.list.filter(({ type }) => type === "query"))
      expect(variable).toMatchObject({ refresh: 2 });
  });

  it("leads only to pages that have the variables that it carries there", () => {
    const page = all.find((candidate) => candidate.uid === uid);
    for (const link of page?.rows.flatMap(({ panels: of }) => of.flatMap(({ links }) => links)) ?? []) {
      const there = all.find((candidate) => candidate.uid === link.to);
      const names = there?.variables.map(({ name }) => name) ?? [];
      expect([
        link.title,
        [...(link.keep ?? []), ...Object.keys(link.set ?? {})].filter((name) => !names.includes(name)),
      ]).toEqual([link.title, []]);
      expect(urlOf(link)).toMatch(/^\/d\/[a-z-]+\?\$\{__url_time_range\}/);
    }
  });
});

it("points of series links set variables from labels that the series have", () => {
  const loose = queries.flatMap(({ page, panel, query }) =>
    panel.links.flatMap(({ set = {} }) =>
      Object.values(set).flatMap((value) => {
        const label = /labels\.(\w+)/.exec(value)?.[1] ?? "";
        return "labels" in query.expression && (query.expression.labels as string[]).includes(label)
          ? []
          : [`${page.uid}/${panel.title}: ${label}`];
      }),
    ),
  );
  expect(loose).toEqual([]);
});
