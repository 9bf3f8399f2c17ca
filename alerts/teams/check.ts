import {
  at,
  Duration,
  logCountsKept,
  nearest,
  notifiedSeverities,
  UnitError,
  type Environment,
  type Fault,
} from "../../environment";
import {
  applicationLabels,
  catalogueOf,
  CatalogueError,
  logFields,
  logResultOf,
  metadataLabels,
  recordedLabels,
  resultOf,
  typeFault,
  type Labels,
  type Lookup,
  type QueryFault,
  type Result,
} from "../../signals";
import { templateFaults } from "../template";
import { placeOf, type Given, type GivenAlert, type GivenRecord } from "./files";

/** What must hold of rules that teams bring along; the same as of ours, where types say it. */

/** Labels that scraping and OTLP put on every series of an application (stacks/prometheus/scrape.ts). */
const targetLabels = [...applicationLabels, "namespace", "pod", "container", "node"];

/** How often Loki's ruler evaluates a group that says nothing (its own default). */
const lokiInterval = "1m";

type Check = (given: Given, result: Result) => Fault[];

const fault = (given: Given, field: string, value: string | undefined, reason: string, fix?: string): Fault => ({
  key: placeOf(given, field),
  ...(value === undefined ? {} : { value }),
  reason,
  ...(fix === undefined ? {} : { fix }),
});

/**
 * Every fault of rules that could be read.
 * @param ours names of our own alerts
 */
export function ruleFaults(environment: Environment, rules: readonly Given[], ours: ReadonlySet<string>): Fault[] {
  const lookups = lookupsOf(environment, rules);
  const single = rules.flatMap((given) => {
    const { result, faults } = expressionOf(environment, given, lookups);
    const checks = "alert" in given.rule ? alertChecks(environment) : recordChecks(environment);
    return [...faults, ...checks.flatMap((check) => check(given, result))];
  });
  return [...single, ...duplicates(rules, ours)];
}

/** Labels of a series for each team: the catalogue, what the team declares, and what any team records. */
function lookupsOf(environment: Environment, rules: readonly Given[]): (team: string) => Lookup {
  const { alerting, systems } = environment;
  const catalogue = catalogueOf(environment.composition);
  const recorded = new Map<string, Given[]>();
  for (const given of rules) {
    if (!("record" in given.rule)) continue;
    recorded.set(given.rule.record, [...(recorded.get(given.rule.record) ?? []), given]);
  }
  const labelsOf = recordedLabels(
    rules.flatMap((given) =>
      "record" in given.rule ? [{ ...given.rule, read: () => resultIn(environment, given, lookup) }] : [],
    ),
  );
  const lookup =
    (team: string): Lookup =>
    (series) => {
      const known = catalogue.series(series)?.labels ?? declared(alerting.rules[team]?.metrics ?? {}, series);
      if (known !== undefined) return known;
      const by = recorded.get(series);
      if (by === undefined) return unknownMetric(team, series, [...recorded.keys()]);
      if (by.some((given) => given.by === "loki") && systems.prometheus.shards === 1) return recordedFromLogs(series);
      return labelsOf(series);
    };
  const unknownMetric = (team: string, series: string, records: readonly string[]): QueryFault => {
    const own = Object.keys(alerting.rules[team]?.metrics ?? {});
    const near = nearest(series, [...catalogue.metrics.map(({ name }) => name), ...own, ...records]);
    const declare = `${at(`alerting.rules.${team}.metrics`)}: {${series}: [its labels]}`;
    return {
      value: series,
      reason: "no metric has this name",
      fix:
        near === undefined ? `a metric of your own is declared: ${declare}` : `did you mean "${near}"? Or ${declare}`,
    };
  };
  return lookup;
}

const recordedFromLogs = (series: string): QueryFault => ({
  value: series,
  reason: "Loki's ruler records it for the long term: Prometheus, which evaluates this rule, does not have it",
  fix: "count the lines in a rule under loki/",
});

/** What a rule gives, read by the grammar of its language. @throws CatalogueError for a syntax error */
function resultIn({ alerting }: Environment, { by, team, rule }: Given, lookups: (team: string) => Lookup): Result {
  if (by === "prometheus") return resultOf(rule.expr, lookups(team));
  const fields = [...metadataLabels, ...Object.keys(logFields), ...(alerting.rules[team]?.logFields ?? [])];
  return logResultOf(rule.expr, new Set(fields));
}

/**
 * Labels of what the alerts among rules fire for, without double ones. Where only the data can tell, those that the team
 * declares count.
 */
export function labelsOfAlerts(environment: Environment, rules: readonly Given[]): string[] {
  const lookups = lookupsOf(environment, rules);
  const all = rules.flatMap((given) => {
    if (!("alert" in given.rule)) return [];
    const { metrics = {}, logFields: fields = [] } = environment.alerting.rules[given.team] ?? {};
    const labels = ruleLabels(environment, given, lookups) ?? [
      ...targetLabels,
      ...fields,
      ...Object.values(metrics).flat(),
    ];
    return [...labels, ...Object.keys(given.rule.labels)];
  });
  return [...new Set(all)];
}

function ruleLabels(environment: Environment, given: Given, lookups: (team: string) => Lookup): Labels {
  try {
    const { labels } = resultIn(environment, given, lookups);
    return labels && new Set([...labels, ...Object.keys(given.rule.labels)]);
  } catch (error) {
    if (!(error instanceof CatalogueError)) throw error;
    return undefined; // its own fault is said where it stands
  }
}

function declared(metrics: Readonly<Record<string, readonly string[]>>, series: string): Labels {
  const base = series.replace(/_(bucket|sum|count)$/, "");
  const labels = metrics[series] ?? metrics[base];
  if (labels === undefined) return undefined;
  return new Set([
    ...targetLabels,
    ...labels,
    ...(metrics[series] === undefined && series.endsWith("_bucket") ? ["le"] : []),
  ]);
}

/** The expression and its faults. What can't be read has any label: one fault is enough. */
function expressionOf(
  environment: Environment,
  given: Given,
  lookups: (team: string) => Lookup,
): { result: Result; faults: Fault[] } {
  const { by, team, rule } = given;
  const unread: Result = { labels: undefined, faults: [] };
  const refused = (reason: string) => ({ result: unread, faults: [fault(given, "expr", rule.expr, reason)] });
  try {
    const result = resultIn(environment, given, lookups);
    const wrong = by === "prometheus" ? typeFault(rule.expr) : undefined;
    if (wrong !== undefined) return refused(wrong);
    const more = `; a field of your own is declared in ${at(`alerting.rules.${team}.logFields`)}`;
    return {
      result,
      faults: result.faults.map(({ value, reason, fix }) =>
        fault(given, "expr", value, reason, reason.startsWith("a line ") ? `${fix ?? ""}${more}` : fix),
      ),
    };
  } catch (error) {
    if (!(error instanceof CatalogueError)) throw error;
    const reason = error.reason.replace(/^\w+ query /, "");
    return refused(reason.replace(/:\n[\s\S]*/, ""));
  }
}

const recordChecks = (environment: Environment): readonly Check[] => [
  (given) => {
    const { record } = given.rule as GivenRecord;
    if (given.by === "loki" && logCountsKept(environment) === undefined) {
      const reason = "Loki's ruler records into VictoriaMetrics, and there is none";
      return [fault(given, "record", record, reason, "an alert, or a metric that the application counts itself")];
    }
    if (!/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(record)) {
      return [fault(given, "record", record, "is no name of a series", "level:metric:operations")];
    }
    return catalogueOf(environment.composition).series(record) !== undefined || record.startsWith("slo:")
      ? [fault(given, "record", record, "a series of the stack has this name", "a name of your own")]
      : [];
  },
];

const alertChecks = (environment: Environment): readonly Check[] => [
  named,
  labelled,
  explained,
  durations(environment),
  (given, { labels }) => {
    const { rule } = given as Given & { readonly rule: GivenAlert };
    const all = [
      ...Object.entries(rule.labels).map(([name, text]) => [`labels.${name}`, text] as const),
      ...Object.entries(rule.annotations).map(([name, text]) => [`annotations.${name}`, text] as const),
    ];
    return all.flatMap(([field, text]) =>
      templateFaults(text, labels).map(({ value, reason, fix }) => fault(given, field, value, reason, fix)),
    );
  },
];

const named: Check = (given) => {
  const { alert } = given.rule as GivenAlert;
  return /^([A-Z][a-z0-9]*)+$/.test(alert)
    ? []
    : [fault(given, "alert", alert, "is no name of an alert", "upper camel case, such as OrdersFail")];
};

const labelled: Check = (given) => {
  const { severity, team } = given.rule.labels;
  const faults: Fault[] = [];
  const severities: readonly string[] = notifiedSeverities;
  if (severity === undefined || !severities.includes(severity)) {
    const near = severity === undefined ? undefined : nearest(severity, severities);
    const reason = severity === undefined ? "is missing: nobody knows how bad it is" : "is no severity";
    const fix = near === undefined ? severities.join(", ") : `did you mean "${near}"?`;
    faults.push(fault(given, "labels.severity", severity, reason, fix));
  }
  if (team !== given.team) {
    const reason =
      team === undefined
        ? "is missing: nobody knows who looks after it"
        : `these are the rules of ${given.team}: another team would be told`;
    faults.push(fault(given, "labels.team", team, reason, `team: ${given.team}`));
  }
  for (const name of Object.keys(given.rule.labels)) {
    if (!/^[a-zA-Z_]\w*$/.test(name) || name === "alertname" || name === "escalation") {
      faults.push(fault(given, "labels", name, "is no label that a rule can set", "another name"));
    }
  }
  return faults;
};

const explained: Check = (given) => {
  const { annotations } = given.rule as GivenAlert;
  const missing = (name: string, fix: string) =>
    fault(given, `annotations.${name}`, undefined, "is missing: somebody reads it at 3 a.m.", fix);
  const faults: Fault[] = [];
  if (!annotations["summary"]?.trim()) faults.push(missing("summary", "one line: what is wrong, with whom"));
  if (!annotations["description"]?.trim()) {
    faults.push(missing("description", "what was measured, and what follows from it"));
  }
  const { runbook_url: runbook } = annotations;
  if (runbook === undefined) faults.push(missing("runbook_url", "where the runbook stands: https://…"));
  else if (!/^https?:\/\/[^\s/]+/.test(runbook)) {
    faults.push(fault(given, "annotations.runbook_url", runbook, "is no address", "https://…"));
  }
  return faults;
};

const durations =
  ({ scrapeInterval }: Environment): Check =>
  (given) => {
    const { for: held, keep_firing_for: kept } = given.rule as GivenAlert;
    const { interval = given.by === "loki" ? lokiInterval : scrapeInterval.toString() } = given.group;
    const faults: Fault[] = [];
    const seconds = (field: string, text: string): number | undefined => {
      if (/^0+[smhdwy]?$/.test(text)) return 0;
      try {
        return Duration.parse(text).seconds;
      } catch (error) {
        if (!(error instanceof UnitError)) throw error;
        const [reason = "", fix] = error.message.split("; ");
        faults.push(fault(given, field, text, reason, fix));
        return undefined;
      }
    };
    const each = seconds("interval of the group", interval);
    const waits = held === undefined ? 0 : seconds("for", held);
    if (kept !== undefined) seconds("keep_firing_for", kept);
    if (each !== undefined && waits !== undefined && waits > 0 && waits < each) {
      const reason = `is shorter than the evaluation interval (${interval}): it would fire as if there were none`;
      faults.push(fault(given, "for", held ?? "", reason, `at least ${interval}`));
    }
    return faults;
  };

function duplicates(rules: readonly Given[], ours: ReadonlySet<string>): Fault[] {
  const seen = new Map<string, Given>();
  const owners = new Map<string, Given>();
  return rules.flatMap((given) => {
    const { rule, team } = given;
    const name = "alert" in rule ? rule.alert : rule.record;
    const kind = "alert" in rule ? "alert" : "record";
    const labels = Object.entries(rule.labels).sort(([a], [b]) => (a < b ? -1 : 1));
    const key = JSON.stringify([kind, name, labels]);
    const same = seen.get(key);
    const owner = owners.get(`${kind} ${name}`);
    seen.set(key, same ?? given);
    owners.set(`${kind} ${name}`, owner ?? given);
    const twice = (reason: string, fix: string) => [fault(given, kind, name, reason, fix)];
    if (kind === "alert" && ours.has(name)) return twice("an alert of the stack has this name", "a name of its own");
    if (same !== undefined) return twice(`is there already: ${placeOf(same)}`, "a name or a label of its own");
    return owner !== undefined && owner.team !== team
      ? twice(`a rule of ${owner.team} has this name: ${placeOf(owner)}`, "a name of its own")
      : [];
  });
}
