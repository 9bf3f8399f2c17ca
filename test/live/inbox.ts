import * as fs from "node:fs";
import * as path from "node:path";
import { dashboards } from "../../dashboards";
import { projectRoot } from "../../tools/stack-file";
import type { Live } from "./context";
import type { Notification, NotifiedAlert } from "./senders/webhook";
import { until } from "./wait";

type Labels = Readonly<Record<string, string>>;

/** Named labels must be alike; an empty value means that the label is not there. */
export const carries = ({ labels }: { readonly labels: Labels }, wanted: Labels): boolean =>
  Object.entries(wanted).every(([name, value]) => (labels[name] ?? "") === value);

/** The Watchdog is heard again and again: that is what it is for. */
const REPEATED = "Watchdog";

/** What has come to the suite's webhook since a moment. */
export class Inbox {
  private readonly since: string;

  constructor(
    private readonly live: Live,
    since = new Date(),
  ) {
    this.since = since.toISOString();
  }

  async received(): Promise<Notification[]> {
    const all = await this.live.app("webhook").json<Notification[]>("GET", "/received");
    return all.filter(({ receivedAt }) => receivedAt >= this.since);
  }

  /** Waits for a notification about an alert with these labels. @throws NotInTime */
  async arrival(
    status: Notification["status"],
    labels: Labels,
    seconds: number,
    receiver = "e2e",
  ): Promise<{ readonly notification: Notification; readonly alert: NotifiedAlert }> {
    const what = `notification "${status}" of ${JSON.stringify(labels)} at ${receiver}`;
    return until(what, seconds, async () => {
      for (const notification of await this.received()) {
        if (notification.receiver !== receiver) continue;
        const alert = notification.alerts.find((each) => each.status === status && carries(each, labels));
        if (alert !== undefined) return { notification, alert };
      }
      return undefined;
    });
  }

  /** Notifications to a receiver that name an alert with these labels. */
  async about(labels: Labels, receiver = "e2e"): Promise<Notification[]> {
    const all = await this.received();
    return all.filter((each) => each.receiver === receiver && each.alerts.some((alert) => carries(alert, labels)));
  }

  /** Notifications that say what one before has said already: same group, same alerts, in the same state. */
  async repeated(): Promise<string[]> {
    const last = new Map<string, string>();
    const said = await this.received();
    return said.flatMap(({ receiver, groupKey, alerts }) => {
      if (alerts.every(({ labels }) => labels["alertname"] === REPEATED)) return [];
      const group = `${receiver} ${groupKey}`;
      const state = alerts.map(({ fingerprint, status, startsAt }) => `${fingerprint} ${status} ${startsAt}`).sort();
      const before = last.get(group);
      last.set(group, state.join());
      return before === state.join() ? [`${receiver}: ${groupKey}`] : [];
    });
  }
}

/**
 * What is wrong with the links of an alert, or with the paths that stand where Grafana has no address: the runbook must be
 * a page that we have, the dashboard one that is deployed with this environment, the expression one that can be asked.
 */
export function linkFaults(live: Live, { annotations, generatorURL, labels }: NotifiedAlert): string[] {
  const name = labels["alertname"] ?? "";
  const runbookAt = annotations["runbook_url"] ?? annotations["runbook"];
  const runbook = /\/(?:d\/runbook-)?(\w+)(?:\.md)?$/.exec(pathOf(runbookAt))?.[1];
  const page = path.join(projectRoot, "docs", "runbooks", `${runbook}.md`);
  const uids = dashboards(live.environment).map(({ uid }) => uid);
  const dashboardAt = annotations["dashboard_url"] ?? annotations["dashboard"];
  const uid = /^\/d\/([^/]+)$/.exec(pathOf(dashboardAt))?.[1] ?? "";
  return [
    ...(runbook !== undefined && fs.existsSync(page) ? [] : [`${name}: no runbook behind ${runbookAt}`]),
    ...(uids.includes(uid) ? [] : [`${name}: no dashboard behind ${dashboardAt}`]),
    ...(expressionOf(generatorURL) === undefined ? [`${name}: no expression in ${generatorURL}`] : []),
  ];
}

/** The path of an address, or of a path as it stands: an address has a scheme. */
const pathOf = (text = "") => new URL(text, "http://grafana/").pathname;
const addressOf = (text = "") => (URL.canParse(text) ? new URL(text) : undefined);

/** The expression behind a link to an alert's source: Prometheus' own page, or Grafana's Explore. */
export function expressionOf(generatorURL: string): string | undefined {
  const query = addressOf(generatorURL)?.searchParams;
  const own = query?.get("g0.expr");
  if (own) return own;
  const explore = query?.get("left") ?? query?.get("panes");
  if (!explore) return undefined;
  const state = JSON.parse(explore) as Explore | Readonly<Record<string, Explore>>;
  const panes = Array.isArray(state["queries"]) ? [state as Explore] : Object.values(state as Record<string, Explore>);
  return panes[0]?.queries[0]?.expr;
}

interface Explore {
  readonly queries: readonly { readonly expr?: string }[];
}
