import type { Live, LiveCheck } from "../context";
import { expect } from "../report";
import type { Notification } from "../senders/webhook";
import { secondsSince, until } from "../wait";

/** The alert of a target that does not answer. */
const ALERT = "TargetDown";
/** Scrape, the alert's own minute, evaluation and the route's waits, with room. */
const FIRES_WITHIN = 240;
const RESOLVES_WITHIN = 240;

export const alerts: LiveCheck = {
  id: 7,
  what: "alerts reach somebody",
  smoke: true,
  async run(live) {
    const check = live.report.check(this.id);
    const arrived = await check.step("Watchdog arrives at a webhook", async () => {
      const begin = Date.now();
      const { receivedAt } = await notification(live, "firing", { alertname: "Watchdog" }, 120);
      return `${receivedAt} (waited ${secondsSince(begin).toFixed(0)} s)`;
    });
    if (!arrived) return check.skip(`${ALERT} arrives there too, and resolves`, "no notification arrives at all");
    const target = live.app("target");
    const labels = { alertname: ALERT, job: "pods" };
    try {
      await check.step(`a stopped scrape target: ${ALERT} arrives there too`, async () => {
        await until("scraped target", 60, async () => ((await isUp(live)) === 1 ? true : undefined));
        const begin = Date.now();
        await target.text("POST", "/stop");
        await notification(live, "firing", labels, FIRES_WITHIN);
        return `${secondsSince(begin).toFixed(0)} s after the target stopped`;
      });
      await check.step("and resolves when the target answers again", async () => {
        const begin = Date.now();
        await target.text("POST", "/resume");
        await notification(live, "resolved", labels, RESOLVES_WITHIN);
        expect((await isUp(live)) === 1, "Prometheus does not see it up");
        return `${secondsSince(begin).toFixed(0)} s after the target answered again`;
      });
    } finally {
      await target.text("POST", "/resume").catch(() => undefined);
    }
  },
};

/** `up` of the suite's own target, which Prometheus found by its annotations. */
async function isUp(live: Live): Promise<number | undefined> {
  const [sample] = await live.prometheus.query('up{job="pods",container="target"}');
  return sample?.value;
}

/** Waits for a notification of this run about an alert with these labels. */
async function notification(
  live: Live,
  status: Notification["status"],
  labels: Readonly<Record<string, string>>,
  seconds: number,
): Promise<Notification> {
  const what = `notification "${status}" of ${labels["alertname"]}`;
  return until(what, seconds, async () => {
    const received = await live.app("webhook").json<Notification[]>("GET", "/received");
    return received.find(({ alerts }) =>
      alerts.some(
        (alert) =>
          alert.status === status && Object.entries(labels).every(([name, value]) => alert.labels[name] === value),
      ),
    );
  });
}
