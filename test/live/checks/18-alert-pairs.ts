import type { Settings } from "../../../tools/stack-file";
import type { Live, LiveCheck } from "../context";
import { Inbox, linkFaults } from "../inbox";
import { expect } from "../report";
import { secondsSince, until, untilTrue } from "../wait";
import { restart } from "./17-alert-ways";

/** A pair of what evaluates, and a pair of what tells. */
export const pairs: Settings = { systems: { prometheus: { replicas: 2 }, alertmanager: { replicas: 2 } } };
const FIRES_WITHIN = 240;
/** The second replica waits 15 s for the first before it would speak itself; then the group's waits. */
const WOULD_REPEAT_WITHIN = 45;

export const alertPairs: LiveCheck = {
  id: 18,
  what: "a pair tells what one would tell, once",
  smoke: false,
  async run(live) {
    const check = live.report.check(this.id);
    const target = live.app("target");
    const alert = { alertname: "TargetDown", job: "pods", container: "target" };
    const deployed = await check.step("two Prometheus and two Alertmanagers run, and both see both", async () => {
      const { seconds } = await live.engine("up", pairs);
      const ready = await live.ready(300);
      await untilTrue("cluster of two", 60, async () => (await members(live)).every((count) => count === 2));
      return `${(seconds + ready).toFixed(0)} s`;
    });
    const inbox = new Inbox(live);
    const [first, second] = live.alertmanagersOf(2);
    try {
      if (!deployed || first === undefined || second === undefined) return;
      await check.step("a target stops: one alert at each Alertmanager, one notification", async () => {
        const begin = Date.now();
        await until("target that both scrape", 90, async () => ((await scraping(live)) === 2 ? true : undefined));
        await target.text("POST", "/stop");
        const { alert: told } = await inbox.arrival("firing", alert, FIRES_WITHIN);
        const seconds = secondsSince(begin);
        await new Promise((resolve) => setTimeout(resolve, WOULD_REPEAT_WITHIN * 1000));
        const held = await Promise.all([first, second].map((replica) => replica.alerts(alert)));
        expect(
          held.every(({ length }) => length === 1),
          `they hold ${held.map(({ length }) => length).join(" and ")}`,
        );
        const notifications = await inbox.about(alert);
        expect(notifications.length === 1, `${notifications.length} notifications`);
        const faults = linkFaults(live, told);
        expect(faults.length === 0, faults.join("; "));
        return `after ${seconds.toFixed(0)} s, and no second one within ${WOULD_REPEAT_WITHIN} s`;
      });
      await check.step("a silence of one is the other's too, and outlives the end of the first", async () => {
        const silence = await first.silence({ alertname: "E2eNothing" }, 10);
        const both = async (state: string) =>
          (await Promise.all([first, second].map((replica) => replica.find(silence)))).every(
            (found) => found?.status.state === state,
          );
        await untilTrue("silence on both", 30, () => both("active"));
        const seconds = await restart(live, first);
        await untilTrue("silence on both after the restart", 60, () => both("active"));
        await second.expire(silence);
        await untilTrue("end of the silence on both", 30, () => both("expired"));
        return `restarted in ${seconds.toFixed(0)} s`;
      });
      await check.step("it resolves, and is told so once", async () => {
        const begin = Date.now();
        await target.text("POST", "/resume");
        await inbox.arrival("resolved", alert, FIRES_WITHIN);
        const seconds = secondsSince(begin);
        await new Promise((resolve) => setTimeout(resolve, WOULD_REPEAT_WITHIN * 1000));
        const notifications = await inbox.about(alert);
        expect(notifications.length === 2, `${notifications.length} notifications, of both ends together`);
        const repeated = await inbox.repeated();
        expect(repeated.length === 0, `told twice: ${repeated.join("; ")}`);
        return `after ${seconds.toFixed(0)} s; the restart made nobody repeat anything`;
      });
    } finally {
      await target.text("POST", "/resume").catch(() => undefined);
      await check.step("one of each again, and the second ones' volumes are gone", () => single(live));
    }
  },
};

/** Deploys one of each again, and deletes the second ones' volumes. */
export async function single(live: Live): Promise<string> {
  await live.engine("up");
  const seconds = await live.ready(300);
  const { namespace } = live.environment;
  for (const name of ["data-prometheus-1", "data-alertmanager-1"])
    await live.cluster.delete(`/api/v1/namespaces/${namespace}/persistentvolumeclaims/${name}`);
  return `ready after ${seconds.toFixed(0)} s`;
}

/** How many members each replica of Alertmanager sees. */
async function members(live: Live): Promise<number[]> {
  const { namespace } = live.environment;
  return Promise.all(
    live.alertmanagersOf(2).map(async ({ pod }) => {
      const path = `/api/v1/namespaces/${namespace}/pods/${pod}:9093/proxy/api/v2/status`;
      const { cluster } = await live.cluster.get<{ cluster: { peers?: unknown[] } }>(path);
      return cluster.peers?.length ?? 0;
    }),
  );
}

/** How many of the pair see the suite's target up. */
async function scraping(live: Live): Promise<number> {
  const { namespace } = live.environment;
  const query = encodeURIComponent('up{job="pods",container="target"} == 1');
  const answers = await Promise.all(
    [0, 1].map((index) =>
      live.cluster.get<{ data: { result: unknown[] } }>(
        `/api/v1/namespaces/${namespace}/pods/prometheus-${index}:9090/proxy/api/v1/query?query=${query}`,
      ),
    ),
  );
  return answers.filter(({ data }) => data.result.length === 1).length;
}
