import { watchdogsOf } from "../../../alerts";
import type { Live, LiveCheck } from "../context";
import { Inbox, linkFaults } from "../inbox";
import { expect } from "../report";
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
    const inbox = new Inbox(live);
    const arrived = await check.step("the Watchdog of each evaluator arrives at the dead man's switch", async () => {
      const begin = Date.now();
      // They were there before the check began, and are told again every five minutes only.
      const all = new Inbox(live, new Date(0));
      const heard = await Promise.all(
        watchdogsOf(live.environment).map(async (evaluator) => {
          const watchdog = { alertname: "Watchdog", evaluator };
          const { notification } = await all.arrival("firing", watchdog, 120, "deadman");
          return `${evaluator} at ${notification.receivedAt}`;
        }),
      );
      return `${heard.join(", ")} (waited ${secondsSince(begin).toFixed(0)} s)`;
    });
    if (!arrived) return check.skip(`${ALERT} arrives there too, and resolves`, "no notification arrives at all");
    const target = live.app("target");
    const labels = { alertname: ALERT, job: "pods", container: "target" };
    try {
      await check.step(`a stopped scrape target: ${ALERT} arrives there too`, async () => {
        await until("scraped target", 60, async () => ((await isUp(live)) === 1 ? true : undefined));
        const begin = Date.now();
        await target.text("POST", "/stop");
        const { alert } = await inbox.arrival("firing", labels, FIRES_WITHIN);
        const faults = linkFaults(live, alert);
        expect(faults.length === 0, faults.join("; "));
        return `${secondsSince(begin).toFixed(0)} s after the target stopped`;
      });
      await check.step("and resolves when the target answers again", async () => {
        const begin = Date.now();
        await target.text("POST", "/resume");
        await inbox.arrival("resolved", labels, RESOLVES_WITHIN);
        expect((await isUp(live)) === 1, "Prometheus does not see it up");
        const repeated = await inbox.repeated();
        expect(repeated.length === 0, `told twice: ${repeated.join("; ")}`);
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
