import { parse } from "yaml";
import type { Quantity } from "../../signals";
import type { Labels } from "./routing";

/** An alerting rule as Prometheus and Loki read it. */
export interface Alert {
  readonly name: string;
  readonly group: string;
  readonly file: string;
  readonly expression: string;
  /** Where it begins to fire; undefined where nothing but its expression says. */
  readonly threshold: Quantity | undefined;
  /** Why it wakes somebody (`users`, `data`, …); undefined for what wakes nobody, and where nothing says it. */
  readonly pages: string | undefined;
  /** `0s` fires at once. */
  readonly holds: string;
  /** How long it goes on firing when its expression no longer holds (`keep_firing_for`): `0s` ends at once. */
  readonly keeps: string;
  /** How often its group is evaluated; undefined as often as the server evaluates by default. */
  readonly every: string | undefined;
  readonly labels: Labels;
  readonly annotations: Labels;
}

export interface Recording {
  readonly name: string;
  readonly group: string;
  readonly file: string;
  readonly expression: string;
  /** As with an alert. */
  readonly every: string | undefined;
  readonly labels: Labels;
}

export interface Rules {
  readonly alerts: readonly Alert[];
  readonly recordings: readonly Recording[];
}

type Json = Readonly<Record<string, unknown>>;
const record = (value: unknown): Json => (typeof value === "object" && value !== null ? (value as Json) : {});
const records = (value: unknown): Json[] => (Array.isArray(value) ? value.map(record) : []);
const labels = (value: unknown): Labels =>
  Object.fromEntries(Object.entries(record(value)).map(([name, each]) => [name, String(each)]));

/** What tells a rule from others: its name and labels, in any order. */
export const ruleKey = (alert: string, labels: Labels): string =>
  JSON.stringify([alert, ...Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))]);

/**
 * The rules among configuration files: every YAML file that holds `groups` with `rules`.
 * @param files content by path
 * @param thresholds those that are known, by {@link ruleKey}
 * @param reasons why alerts wake somebody, by their name, as far as that is known
 */
export function readRules(
  files: Readonly<Record<string, string>>,
  thresholds: ReadonlyMap<string, Quantity> = new Map(),
  reasons: Labels = {},
): Rules {
  const alerts: Alert[] = [];
  const recordings: Recording[] = [];
  for (const [file, source] of Object.entries(files)) {
    // Most files are no rules: reading them all as YAML would take longer than everything else together.
    if (!/\.ya?ml$/.test(file) || !/^groups:/m.test(source)) continue;
    for (const group of records(record(parse(source))["groups"])) {
      const every = group["interval"] === undefined ? undefined : String(group["interval"]);
      const shared = { file, group: String(group["name"] ?? ""), every };
      const common = labels(group["labels"]);
      for (const rule of records(group["rules"])) {
        const expression = String(rule["expr"] ?? "");
        const own = { ...common, ...labels(rule["labels"]) };
        if (rule["alert"] !== undefined) {
          const name = String(rule["alert"]);
          alerts.push({
            ...shared,
            name,
            expression,
            threshold: thresholds.get(ruleKey(name, own)),
            pages: own["severity"] === "critical" ? reasons[name] : undefined,
            holds: String(rule["for"] ?? "0s"),
            keeps: String(rule["keep_firing_for"] ?? "0s"),
            labels: own,
            annotations: labels(rule["annotations"]),
          });
        } else if (rule["record"] !== undefined) {
          recordings.push({ ...shared, name: String(rule["record"]), expression, labels: own });
        }
      }
    }
  }
  return { alerts, recordings };
}

/** The labels with which an alert arrives at Alertmanager, as far as the rule tells them. */
export const alertLabels = ({ name, labels }: Pick<Alert, "name" | "labels">): Labels => ({
  ...labels,
  alertname: name,
});
