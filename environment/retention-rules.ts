import { at, type Fault } from "./faults";
import { logsKept } from "./retention";
import type { Rule } from "./rule";
import type { Duration } from "./units";

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

/** What must hold between the keys of `retention`. */
export const retentionRules: readonly Rule[] = [tiersNest, oneFormOfTraces, queriesWithinRetention];
