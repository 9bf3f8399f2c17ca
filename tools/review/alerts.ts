import { inWords } from "../../signals";
import { alertLabels, ruleKey, type Alert } from "../report/rules";
import { isHeard, notified, notifiedText, type Alertmanager, type Notified, type Route } from "../report/routing";
import { value } from "./dashboards";
import type { AlertChange, Risk, ValueChange } from "./model";
import type { RenderedEnvironment } from "./rendered";
import { wordEdits } from "./text";

/** Rules that are new, gone or changed, and those of which other people are told than before. */
export function compareAlerts(before: RenderedEnvironment, after: RenderedEnvironment): AlertChange[] {
  return paired(before.rules.alerts, after.rules.alerts)
    .flatMap(([old, now]): AlertChange[] => {
      const alert = now ?? old;
      if (alert === undefined) return [];
      const toldBefore = told(before.alertmanager, old);
      const toldAfter = told(after.alertmanager, now);
      const { threshold, fires, others } = old && now ? compareAlert(old, now) : same;
      const values = [...fires, ...others];
      const expression = old && now && old.expression !== now.expression;
      const routed = JSON.stringify(toldBefore) !== JSON.stringify(toldAfter);
      if (old && now && values.length === 0 && !expression && !routed) return [];
      const action = !old ? "new" : !now ? "gone" : values.length > 0 || expression ? "changed" : "routed otherwise";
      return [
        {
          name: alert.name,
          action,
          severity: severityOf(alert),
          summary: alert.annotations["summary"] ?? "",
          values,
          fires,
          expression: old && now && expression ? wordEdits(old.expression, now.expression) : undefined,
          asks: expression === true && threshold.length === 0,
          toldBefore: toldBefore.map(notifiedText),
          toldAfter: toldAfter.map(notifiedText),
          heardBefore: isHeard(toldBefore),
          heardAfter: isHeard(toldAfter),
        },
      ];
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

const severityOf = ({ labels }: Alert) => labels["severity"] ?? "none";

const told = (alertmanager: Alertmanager | undefined, alert: Alert | undefined): Notified[] =>
  alertmanager && alert ? notified(alertmanager, alertLabels(alert)) : [];

export type Pair = readonly [Alert | undefined, Alert | undefined];

/** Several rules may share a name: first those of the same labels belong together, then those of the same name. */
export function paired(before: readonly Alert[], after: readonly Alert[]): Pair[] {
  const left = [...before];
  const partner = new Map<Alert, Alert>();
  const ways: ((old: Alert, now: Alert) => boolean)[] = [
    (old, now) => old.expression === now.expression && sameLabels(old, now),
    (old, now) => sameLabels(old, now) && old.group === now.group,
    sameLabels,
    // One that now says who evaluates it is still the one of that evaluator.
    (old, now) => old.expression === now.expression && old.file === now.file,
    () => true,
  ];
  for (const same of ways) {
    for (const now of after) {
      if (partner.has(now)) continue;
      const index = left.findIndex((old) => old.name === now.name && same(old, now));
      const [found] = index < 0 ? [] : left.splice(index, 1);
      if (found) partner.set(now, found);
    }
  }
  return [...after.map((now): Pair => [partner.get(now), now]), ...left.map((old): Pair => [old, undefined])];
}

const sameLabels = (old: Alert, now: Alert) => ruleKey("", old.labels) === ruleKey("", now.labels);

interface Compared {
  /** Where both refs say theirs. */
  readonly threshold: readonly ValueChange[];
  /** With which it fires at other times, the threshold among them. */
  readonly fires: readonly ValueChange[];
  readonly others: readonly ValueChange[];
}

const same: Compared = { threshold: [], fires: [], others: [] };

function compareAlert(old: Alert, now: Alert): Compared {
  const keys = (pick: (alert: Alert) => object) => [...new Set([...Object.keys(pick(old)), ...Object.keys(pick(now))])];
  const known = old.threshold && now.threshold;
  const threshold = known ? value("threshold", inWords(old.threshold), inWords(now.threshold)) : [];
  return {
    threshold,
    fires: [
      ...threshold,
      ...value("for", old.holds, now.holds),
      ...value("keep firing for", old.keeps, now.keeps),
      ...value("severity", old.labels["severity"], now.labels["severity"]),
    ],
    others: [
      // A ref that does not say why has no other reason.
      ...(old.pages && now.pages ? value("wakes somebody for", old.pages, now.pages) : []),
      ...keys(({ labels }) => labels).flatMap((name) =>
        name === "severity" ? [] : value(`label ${name}`, old.labels[name], now.labels[name]),
      ),
      ...keys(({ annotations }) => annotations).flatMap((name) =>
        value(name, old.annotations[name], now.annotations[name]),
      ),
      ...value("group", old.group, now.group),
      ...value("evaluated by", old.file.split("/")[0], now.file.split("/")[0]),
    ],
  };
}

/** Recording rules, receivers, the routing tree and inhibitions. */
export function compareAlerting(before: RenderedEnvironment, after: RenderedEnvironment): ValueChange[] {
  const recordings = (environment: RenderedEnvironment) =>
    environment.rules.recordings.map(
      ({ name, labels, expression }) =>
        [
          `recording rule ${name}${Object.keys(labels).length > 0 ? ` ${JSON.stringify(labels)}` : ""}`,
          expression,
        ] as const,
    );
  const receivers = ({ alertmanager }: RenderedEnvironment) =>
    (alertmanager?.receivers ?? []).map(({ name, text }) => [`receiver ${name}`, text] as const);
  const routes = ({ alertmanager }: RenderedEnvironment) => (alertmanager ? branches(alertmanager.root) : []);
  const inhibitions = ({ alertmanager }: RenderedEnvironment) =>
    (alertmanager?.inhibitions ?? []).map(
      ({ source, target, equal }) =>
        [`silence ${target.join(", ")}`, `while ${source.join(", ")} fires, of the same ${equal.join(", ")}`] as const,
    );
  return [recordings, receivers, routes, inhibitions].flatMap((read) => byName(read(before), read(after)));
}

function branches(route: Route, path = "every alert"): [string, string][] {
  const { receiver, wait, interval, repeat, groupBy, continues, times, routes } = route;
  const said = [
    `${receiver}, first after ${wait}, more every ${interval}, again every ${repeat}, grouped by ${groupBy.join(", ")}`,
    ...(continues ? ["goes on"] : []),
    ...times,
  ];
  const below = routes.flatMap((each) => branches(each, `${path} → ${each.matchers.join(", ")}`));
  return [[`route ${path}`, said.join("; ")], ...below];
}

/** Named values of both; several of one name are told apart by their place. */
function byName(
  before: readonly (readonly [string, string])[],
  after: readonly (readonly [string, string])[],
): ValueChange[] {
  const numbered = (all: readonly (readonly [string, string])[]) => {
    const seen = new Map<string, number>();
    return new Map(
      all.map(([name, text]) => {
        const place = (seen.get(name) ?? 0) + 1;
        seen.set(name, place);
        return [place === 1 ? name : `${name} (${place})`, text];
      }),
    );
  };
  const [old, now] = [numbered(before), numbered(after)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((name) => value(name, old.get(name), now.get(name)));
}

/** Evaluators whose Watchdog somebody hears; empty text for one that doesn't say whose it is. */
const heardWatchdogs = ({ rules, alertmanager }: RenderedEnvironment): string[] =>
  rules.alerts
    .filter((alert) => alert.name === "Watchdog" && isHeard(told(alertmanager, alert)))
    .map(({ labels }) => labels["evaluator"] ?? "");

const unexpected = "people who did not expect it are woken";

/** Alerts that go, that nobody hears any more, that fire at other times or wake others. */
export function alertRisks(
  changes: readonly AlertChange[],
  before: RenderedEnvironment,
  after: RenderedEnvironment,
): Risk[] {
  const risks: Risk[] = [];
  const add = (level: Risk["level"], name: string, what: string, why: string) =>
    risks.push({ level, where: `alert ${name}`, what, why, security: false });
  /** New alerts by whom they wake: a hundred of them are one thing to know, not a hundred. */
  const woken = new Map<string, string[]>();
  for (const change of changes) {
    const { name, action, severity, toldBefore, toldAfter, heardBefore, heardAfter } = change;
    if (action === "gone") {
      add(severity === "critical" ? "high" : "medium", name, `(${severity}) is gone`, "nobody is told of it any more");
      continue;
    }
    if (action === "new") {
      if (heardAfter && severity === "critical") {
        const who = toldAfter.join("; ");
        woken.set(who, [...new Set([...(woken.get(who) ?? []), name])]);
      }
      continue;
    }
    if (heardBefore && !heardAfter)
      add("high", name, "reaches nobody any more", `was told to ${toldBefore.join("; ")}`);
    else if (toldBefore.join() !== toldAfter.join())
      add("medium", name, "is told to others, or at other times", `${toldBefore.join("; ")} → ${toldAfter.join("; ")}`);
    for (const { name: what, before: old, after: now } of change.fires)
      add("medium", name, `${what}: ${old ?? "–"} → ${now ?? "–"}`, "fires at other times than before");
    if (change.asks) add("medium", name, "asks something else", "see its expression");
  }
  for (const [who, names] of woken) {
    const first = names.slice(0, 5).join(", ");
    add("low", names.length > 5 ? `${first} and ${names.length - 5} more` : first, `new, tells ${who}`, unexpected);
  }
  const now = heardWatchdogs(after);
  for (const evaluator of heardWatchdogs(before)) {
    if (evaluator === "" ? now.length > 0 : now.includes(evaluator)) continue;
    const name = evaluator === "" ? "Watchdog" : `Watchdog of ${evaluator}`;
    add("high", name, "is heard by nobody", "nobody notices when alerting itself stops");
  }
  return risks;
}
