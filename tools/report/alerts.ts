import { isPageReason, pageReasons } from "../../alerts/language";
import type { Judgement } from "../render/judgement";
import { count, details, markup, scrolling, table, type Content, type Html } from "./html";
import { alertLabels, type Alert, type Rules } from "./rules";
import { isHeard, notified, notifiedText, type Alertmanager, type Route } from "./routing";

const order = ["critical", "warning", "info", "none"];
const severityOf = ({ labels }: Alert) => labels["severity"] ?? "none";

/** A severity as a colored mark; one that nobody knows has no color. */
export const severityChip = (severity: string) =>
  markup`<span class="chip ${order.includes(severity) ? severity : ""}">${severity}</span>`;
const rank = (severity: string) => (order.includes(severity) ? order.indexOf(severity) : order.length);

/** What the services promise, and how much may fail until the promise is broken. */
export function objectivesTable(slos: Judgement["slos"]): Content {
  const rows = Object.entries(slos).map(([name, { objective, budget }]) => [name, objective, budget]);
  if (rows.length === 0) return undefined;
  const columns = ["objective", "what is promised", "error budget"].map((title) => ({ title }));
  return table("Service level objectives; alerts fire when a budget is spent too fast", columns, rows);
}

/** The rules by severity, each with who is told, and the tree by which Alertmanager decides it. */
export function alertSection({ alerts, recordings }: Rules, alertmanager: Alertmanager | undefined): Html {
  if (alerts.length === 0 && alertmanager === undefined) return markup`<p>No alerts: the stage “alerts” is off.</p>`;
  const severities = [...new Set(alerts.map(severityOf))].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  const unheard = alertmanager
    ? alerts.filter((alert) => !isHeard(notified(alertmanager, alertLabels(alert)))).length
    : alerts.length;
  return markup`<p>
      ${count(alerts.length, "alerting rule")}, ${count(recordings.length, "recording rule")}.
      ${
        unheard > 0 &&
        markup`<strong class="warning">${count(unheard, "alert")} ${unheard === 1 ? "reaches" : "reach"} nobody.</strong>`
      }
    </p>
    ${wakingTable(alerts, alertmanager)}
    <h3>Rules</h3>
    ${severities.map((severity) => {
      const all = alerts.filter((alert) => severityOf(alert) === severity);
      return details(
        markup`${severityChip(severity)} ${count(all.length, "rule")}`,
        markup`<ul class="tree">
          ${all.map((alert) => markup`<li>${ruleText(alert, alertmanager)}</li> `)}
        </ul>`,
        all.length <= 6,
      );
    })}
    <h3>Routing</h3>
    ${
      alertmanager === undefined
        ? markup`<p>No Alertmanager of the stack: nothing is routed here.</p>`
        : markup`<p class="soft">
              An alert goes down the first branch whose conditions it meets; without one it stays where it is.
            </p>
            <ul class="tree">
              ${routeText(alertmanager.root, alertmanager, true)}
            </ul>
            ${inhibitionText(alertmanager)}`
    }`;
}

const toldOf = (alert: Alert, alertmanager: Alertmanager | undefined): string =>
  alertmanager ? notified(alertmanager, alertLabels(alert)).map(notifiedText).join("; ") : "nobody";

/** Who is woken, and why: every critical rule once, with whom it tells at first. */
function wakingTable(alerts: readonly Alert[], alertmanager: Alertmanager | undefined): Content {
  const rows = new Map(
    alerts
      .filter((alert) => severityOf(alert) === "critical" && alert.labels["escalation"] === undefined)
      .map((alert) => [alert.name, alert.pages ?? "not said", toldOf(alert, alertmanager)])
      .map((row) => [row.join("\n"), row] as const),
  );
  if (rows.size === 0) return undefined;
  const reasons = [...new Set([...rows.values()].map(([, reason]) => reason ?? ""))].flatMap((reason) =>
    isPageReason(reason) ? [markup`<li><strong>${reason}</strong>: ${pageReasons[reason]}</li> `] : [],
  );
  const columns = ["alert", "wakes somebody for", "who is told"].map((title) => ({ title }));
  const byName = [...rows.values()].sort(([a = ""], [b = ""]) => (a < b ? -1 : 1));
  return markup`<h3>Who is woken, and why</h3>
    <ul class="plain">
      ${reasons}
    </ul>
    ${scrolling("Who is woken, and why", table("Critical alerts", columns, byName))}`;
}

function ruleText(alert: Alert, alertmanager: Alertmanager | undefined): Content {
  const { name, holds, expression, annotations, file } = alert;
  return markup`<strong>${name}</strong> ${holds === "0s" ? "at once" : `after ${holds}`} → ${toldOf(alert, alertmanager)}
    <div class="soft">${annotations["summary"]}</div>
    ${details(
      markup`<span class="soft">rule of ${name}</span>`,
      markup`<pre>${expression}</pre>
        <p class="soft">${file}</p>`,
    )}`;
}

function routeText(route: Route, alertmanager: Alertmanager, root = false): Html {
  const { matchers, receiver, wait, interval, repeat, groupBy, continues, times, routes } = route;
  const channels = alertmanager.receivers.find(({ name }) => name === receiver)?.channels ?? [];
  const notes = [
    `first after ${wait}`,
    `more of a group every ${interval}`,
    `again every ${repeat}`,
    ...(root && groupBy.length > 0 ? [`one message for each ${groupBy.join(", ")}`] : []),
    ...(continues ? ["and goes on to the next branch"] : []),
    ...times,
  ];
  const what = matchers.length === 0 ? "every alert" : markup`<code>${matchers.join(", ")}</code>`;
  const told =
    channels.length === 0
      ? markup`<span class="warning">tells nobody</span>`
      : markup`<span class="soft">${channels.join(", ")}</span>`;
  return markup`<li>${what} → <strong>${receiver}</strong> ${told}
<div class="soft">${notes.join("; ")}</div>
${routes.length > 0 && markup`<ul>${routes.map((each) => routeText(each, alertmanager))}</ul>`}</li>
`;
}

function inhibitionText({ inhibitions }: Alertmanager): Content {
  if (inhibitions.length === 0) return undefined;
  return markup`<h4>Silenced by another alert</h4>
    <ul class="plain">
      ${inhibitions.map(
        ({ source, target, equal }) =>
          markup`<li>
            <code>${target.join(", ")}</code> while
            <code>${source.join(", ")}</code> fires${equal.length > 0 && markup`, of the same ${equal.join(", ")}`}
          </li>`,
      )}
    </ul>`;
}
