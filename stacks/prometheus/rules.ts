import { metricsWriter, urlOf } from "../../environment";
import { faultAt, keptAtLeast, type Rule } from "../../environment/rule";

const longEnough = keptAtLeast("2h", "Prometheus keeps at least one two-hour block", ({ prometheus }) => ({
  prometheus,
}));

/** Shards see a part of the targets each: who looks at all of them needs the store that has all. */
const shardsNeedAStore: Rule = ({ systems, stages }) => {
  const { prometheus, victoriametrics } = systems;
  const stored = victoriametrics.existingUrl !== undefined || (victoriametrics.enabled && stages.includes("metrics"));
  if (prometheus.shards === 1 || !prometheus.enabled || stored) return [];
  const reason =
    "each shard knows a part of the targets, and no VictoriaMetrics has them all: rules and panels would see a part";
  return [faultAt("systems.prometheus.shards", prometheus.shards, reason, "1, or switch victoriametrics on")];
};

/** What looks across shards is evaluated by our vmalert: switched off, or elsewhere, nobody would. */
const shardsNeedVmalert: Rule = ({ systems }) => {
  const { prometheus, vmalert } = systems;
  if (prometheus.shards === 1 || !prometheus.enabled || prometheus.existingUrl !== undefined) return [];
  const reason = `with ${prometheus.shards} shards vmalert evaluates every rule that looks at several targets`;
  if (vmalert.existingUrl !== undefined) {
    const why = `${reason}, and one that exists has not the rules of this stack`;
    return [faultAt("systems.vmalert.existingUrl", vmalert.existingUrl, why, "take it away, or 1 shard")];
  }
  return vmalert.enabled ? [] : [faultAt("systems.vmalert.enabled", "false", reason, "true, or 1 shard")];
};

/** Two hours: then the log from which Prometheus sends is cut (Prometheus docs, "Remote write tuning"). */
const longestUnsent = 7_200;

/** Whoever is told that nothing is lost in a day must not lose the samples after two hours. */
const sendsInTime: Rule = (environment) => {
  const { outage, systems } = environment;
  if (outage.seconds <= longestUnsent || !systems.prometheus.enabled) return [];
  if (metricsWriter(environment) === "vmagent" || urlOf(environment, "victoriametrics") === undefined) return [];
  const reason =
    "Prometheus sends from a log that it cuts after two hours: what the store could not take by then is lost";
  return [
    faultAt("outage", outage.toString(), reason, "at most 2h, or two tiers of metrics: vmagent has a queue for each"),
  ];
};

/** What must hold of its keys. */
export const rules: readonly Rule[] = [sendsInTime, longEnough, shardsNeedAStore, shardsNeedVmalert];
