import { alertLabels } from "../report/rules";
import { notified } from "../report/routing";
import { value } from "./dashboards";
import type { ValueChange } from "./model";
import type { RenderedEnvironment } from "./rendered";

const order = ["critical", "warning", "info", "none"];

/**
 * Who gets paged, in one table: how many alerts of which severity each receiver is told, before and after, and why the
 * critical ones wake it. Found by walking the routing tree of each state with the labels of each of its rules.
 */
export function comparePaged(before: RenderedEnvironment, after: RenderedEnvironment): ValueChange[] {
  // A ref that does not say why would differ from one that does for every receiver.
  const withReasons = [before, after].every(({ rules }) => rules.alerts.some(({ pages }) => pages !== undefined));
  const [old, now] = [told(before, withReasons), told(after, withReasons)];
  const names = [...new Set([...old.keys(), ...now.keys()])].sort();
  return names.flatMap((name) => value(name, old.get(name), now.get(name)));
}

function told({ rules, alertmanager }: RenderedEnvironment, withReasons: boolean): Map<string, string> {
  const counts = new Map<string, Map<string, number>>();
  if (alertmanager === undefined) return new Map();
  for (const alert of rules.alerts) {
    const severity = alert.labels["severity"] ?? "none";
    const kind = withReasons && alert.pages !== undefined ? `${severity} for ${alert.pages}` : severity;
    for (const { receiver, channels } of notified(alertmanager, alertLabels(alert))) {
      const name = channels.length === 0 ? `nobody (${receiver})` : `${receiver} (${channels.join(", ")})`;
      const own = counts.get(name) ?? new Map<string, number>();
      counts.set(name, own.set(kind, (own.get(kind) ?? 0) + 1));
    }
  }
  const rank = (kind: string) => {
    const place = order.findIndex((severity) => kind === severity || kind.startsWith(`${severity} for `));
    return place < 0 ? order.length : place;
  };
  return new Map(
    [...counts].map(([name, own]) => [
      name,
      [...own]
        .sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1))
        .map(([kind, number]) => `${number} ${kind}`)
        .join(", "),
    ]),
  );
}
