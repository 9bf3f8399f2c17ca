import { type SystemName } from "../../../environment";
import { recordedFromLogs, type Metric } from "../../../signals";
import { onlyWhere } from "../../../signals/conditional";
import type { Live, LiveCheck } from "../context";
import { demoNamespace } from "../demo";
import { expect } from "../report";
import { difference, type Shown } from "../shown";
import { NotInTime, until } from "../wait";
import { catalogue, systemNames } from "../../../stacks/systems";

/** Two scrapes, and two evaluations of the rules that read them. */
const PATIENCE = 150;
/** Series older than this, in seconds, may be those of a stack before this one. */
const RECENT = 600;

/** Who exposes what is catalogued under a source of another name. */
const serversOf: Readonly<Record<string, SystemName>> = {
  application: "phoenix",
  agents: "phoenix",
  business: "phoenix",
};

/** The server of a source, where it does not run here. */
function absence(live: Live, source: string): SystemName | undefined {
  const server = serversOf[source] ?? systemNames.find((name) => name === source.toLowerCase());
  return live.plan.systems.some(({ name }) => name === server) ? undefined : server;
}

/** The catalogue against what the real servers expose: names, kinds, labels (C6). */
export const catalogued: LiveCheck = {
  id: 13,
  what: "the catalogue says what the servers show",
  smoke: false,
  async run(live) {
    const check = live.report.check(this.id);
    // All sources wait for the same scrapes: what the first has waited for, the others need not.
    const end = Date.now() + PATIENCE * 1000;
    for (const source of new Set(catalogue.metrics.map((metric) => metric.source))) {
      const metrics = catalogue.metrics.filter(
        ({ source: of, majorVersion = live.environment.tempo.majorVersion }) =>
          of === source && majorVersion === live.environment.tempo.majorVersion,
      );
      const server = absence(live, source);
      if (server !== undefined) {
        check.skip(`${source}: ${metrics.length} metrics`, `${server} does not run here`);
        continue;
      }
      await check.step(`${source}: names, kinds and labels of ${metrics.length} metrics`, async () => {
        let differences: string[] = [];
        let seen = new Map<Metric, Shown>();
        const right = () =>
          until(
            source,
            (end - Date.now()) / 1000,
            async () => {
              seen = await shown(live, metrics);
              differences = [...seen].flatMap(([metric, what]) => difference(metric, what));
              return differences.length === 0 ? true : undefined;
            },
            15,
          );
        await right().catch((error: unknown) => {
          if (!(error instanceof NotInTime)) throw error;
        });
        expect(differences.length === 0, differences.join("\n"));
        return figure(seen);
      });
    }
  },
};

async function shown(live: Live, metrics: readonly Metric[]): Promise<Map<Metric, Shown>> {
  const { service } = live.prometheus;
  const { data: types } = await service.json<{ data: Record<string, { type: string }[]> }>("GET", "/api/v1/metadata");
  const found = new Map<Metric, Shown>();
  for (const metric of metrics) {
    const series = await seriesOf(live, metric);
    // The text format of OpenMetrics names counters without their suffix.
    const said = [metric.name, metric.name.replace(/_total$/, "")].flatMap((name) => types[name] ?? []);
    found.set(metric, {
      types: [...new Set(said.map(({ type }) => type))].filter((type) => type !== "unknown"),
      series: series.length,
      labels: new Set(series.flatMap(Object.keys)),
    });
  }
  return found;
}

/** Labels of a metric's series; of a histogram or summary those of its count, which each has whatever its buckets are. */
async function seriesOf(live: Live, { name, kind, jobs, source }: Metric): Promise<readonly Record<string, string>[]> {
  const series = kind === "histogram" || kind === "summary" ? `${name}_count` : name;
  const matcher = jobs.length === 0 ? "" : `{job=~"${jobs.join("|")}"}`;
  const end = Date.now() / 1000;
  const { service } = source === recordedFromLogs ? live.victoriametrics : live.prometheus;
  const { data } = await service.json<{ data: Record<string, string>[] }>("GET", "/api/v1/series", {
    "match[]": `${series}${matcher}`,
    start: String(end - RECENT),
    end: String(end),
  });
  // The suite's own applications are scraped under names of the catalogue, with the labels of their pods.
  return data.filter(({ namespace }) => namespace !== demoNamespace);
}

function figure(seen: ReadonlyMap<Metric, Shown>): string {
  const all = [...seen];
  const there = all.filter(([, { series }]) => series > 0);
  const typed = there.filter(([, { types }]) => types.length > 0);
  const absent = all
    .filter(([, { series }]) => series === 0)
    .map(([metric]) => `${metric.name} (only ${onlyWhere(metric)})`);
  return `${there.length} there, ${typed.length} with a type${absent.length > 0 ? `\nnot there: ${absent.join(", ")}` : ""}`;
}
