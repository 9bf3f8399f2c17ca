import { isDeployed } from "./addresses";
import type { Fault } from "./faults";
import { logsKept } from "./retention";
import { metricsStores } from "./stores";
import type { Environment } from "./schema";
import { Duration } from "./units";

type Rule = (environment: Environment) => Fault[];
type Kept = readonly [key: string, value: Duration | undefined];

const at = (key: string) => `observability:${key}`;

/** The shortest retention each server takes, from its own documentation and start-up checks. */
const minimums: readonly {
  readonly least: string;
  readonly why: string;
  readonly of: (retention: Environment["retention"]) => readonly Kept[];
}[] = [
  {
    least: "2h",
    why: "Prometheus keeps at least one two-hour block",
    of: ({ prometheus }) => [["prometheus", prometheus]],
  },
  {
    least: "1d",
    why: "VictoriaMetrics refuses less than a day",
    of: ({ metrics, alerts }) => [
      ...metrics.map(({ keep }, index): Kept => [`metrics[${index}].keep`, keep]),
      ["alerts", alerts],
    ],
  },
  {
    least: "24h",
    why: "Loki's index has one table a day: nothing goes before it is that old",
    of: ({ logs }) => [
      ["logs.keep", logs.keep],
      ...logs.streams.map(({ keep }, index): Kept => [`logs.streams[${index}].keep`, keep]),
    ],
  },
  {
    least: "1h",
    why: "Tempo's blocks are up to half an hour long",
    of: ({ traces: { keep, full, sampled } }) => [
      ["traces.keep", keep],
      ["traces.full", full],
      ["traces.sampled", sampled],
    ],
  },
];

const longEnough: Rule = ({ retention }) =>
  minimums.flatMap(({ least, why, of }) =>
    of(retention).flatMap(([name, value]) => {
      if (value === undefined || value.seconds >= Duration.parse(least).seconds) return [];
      return [{ key: at(`retention.${name}`), value: value.toString(), reason: why, fix: `at least ${least}` }];
    }),
  );

/** Each tier is coarser and longer than the one before it: else one of them holds nothing that another does not. */
const tiersNest: Rule = ({ retention: { metrics }, scrapeInterval }) =>
  metrics.flatMap(({ resolution, keep }, index) => {
    const before = metrics[index - 1];
    const faults: Fault[] = [];
    const fault = (key: string, value: Duration, reason: string, fix: string) =>
      faults.push({ key: at(`retention.metrics[${index}].${key}`), value: value.toString(), reason, fix });
    if (resolution !== undefined && resolution.seconds < scrapeInterval.seconds) {
      const reason = `there is one sample each ${scrapeInterval.toString()} (scrapeInterval): no tier is finer`;
      fault("resolution", resolution, reason, `at least ${scrapeInterval.toString()}`);
    }
    if (before === undefined) return faults;
    const finer = before.resolution ?? scrapeInterval;
    if (resolution === undefined) {
      const reason = "is missing: only the first tier can keep every sample";
      const key = at(`retention.metrics[${index}].resolution`);
      faults.push({ key, reason, fix: `more than ${finer.toString()}, for example "5m"` });
    } else if (resolution.seconds <= finer.seconds) {
      const reason = `the tiers do not nest: the one before it keeps a sample each ${finer.toString()}`;
      fault(
        "resolution",
        resolution,
        reason,
        `more than ${finer.toString()}, or the tiers in the order of their resolution`,
      );
    }
    if (keep.seconds <= before.keep.seconds) {
      const reason = `the tiers do not nest: the finer one before it keeps ${before.keep.toString()}, and all that this one has`;
      fault("keep", keep, reason, `more than ${before.keep.toString()}, or one tier less`);
    }
    return faults;
  });

const oneFormOfTraces: Rule = ({ retention: { traces } }) => {
  const { keep, full, sampled } = traces;
  const fault = (reason: string, fix: string): Fault[] => [
    {
      key: at("retention.traces"),
      value: JSON.stringify(
        Object.fromEntries(Object.entries(traces).map(([name, value]) => [name, value?.toString()])),
      ),
      reason,
      fix,
    },
  ];
  const two = 'full and sampled, for example {full: "24h", sampled: "7d"}';
  if (keep !== undefined && (full ?? sampled) !== undefined)
    return fault("one tier and two tiers at once", `either keep, or ${two}`);
  if (keep !== undefined) return [];
  if (full === undefined || sampled === undefined)
    return fault("of two tiers one is missing", `both ${two}; or one tier: "336h"`);
  return sampled.seconds <= full.seconds
    ? fault(
        `the full tier keeps every trace for ${full.toString()}: sampled ones that live no longer add nothing`,
        `sampled longer than ${full.toString()}, or one tier: "${full.toString()}"`,
      )
    : [];
};

const queriesWithinRetention: Rule = (environment) => {
  const { maxQueryLength } = environment.retention;
  const kept = logsKept(environment);
  if (maxQueryLength === undefined || maxQueryLength.seconds <= kept.seconds) return [];
  return [
    {
      key: at("retention.maxQueryLength"),
      value: maxQueryLength.toString(),
      reason: `no log is older than ${kept.toString()} (retention.logs): such a query reads what is gone`,
      fix: `at most ${kept.toString()}, or take it away`,
    },
  ];
};

/** Several stores get their samples from vmagent, and from no other that would have to know them. */
const vmagentFeedsStores: Rule = (environment) => {
  const { enabled, existingUrl } = environment.systems.vmagent;
  const stores = metricsStores(environment).length;
  const key = at("systems.vmagent.existingUrl");
  if (existingUrl !== undefined) {
    const reason = "a vmagent that exists does not know the stores of this stack";
    return [
      { key, value: existingUrl, reason, fix: "take it away; for metrics elsewhere use systems.victoriametrics" },
    ];
  }
  if (stores < 2 || isDeployed(environment, "vmagent")) return [];
  const reason = `retention.metrics and retention.alerts make ${stores} stores, and only our vmagent knows them`;
  return [{ key: at("systems.vmagent.enabled"), value: String(enabled), reason, fix: "true, or one tier of metrics" }];
};

/** What must hold between the keys of `retention`, and between them and the systems. */
export const retentionRules: readonly Rule[] = [
  longEnough,
  tiersNest,
  oneFormOfTraces,
  queriesWithinRetention,
  vmagentFeedsStores,
];
