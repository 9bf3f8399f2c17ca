import type { StatefulSet } from "kubernetes-types/apps/v1";
import { isReady } from "../../../tools/engine/readiness";
import type { AlertmanagerReplica } from "../clients/alertmanager";
import type { Live, LiveCheck } from "../context";
import { deployApp, removeApp } from "../demo";
import { expressionOf, Inbox, linkFaults } from "../inbox";
import { expect, type Check } from "../report";
import type { NotifiedAlert } from "../senders/webhook";
import { secondsSince, until, untilTrue } from "../wait";

/** Seconds until something that is wrong has reached somebody: scrape, record, hold, evaluate, group. */
const FIRES_WITHIN = 240;
/** A cause goes on for seven minutes after it ended, so that nobody is told of what follows from it. */
const RESOLVES_WITHIN = 720;
/** vmalert looks 30 s back, and records long windows every two minutes. */
const LONG_WINDOW_WITHIN = 360;
/** The ruler's window is five minutes. */
const LOG_RESOLVES_WITHIN = 480;
/** Seconds in which what must not come would have come: the waits of a route, with room. */
const SILENT_FOR = 30;

const outage = { alertname: "ObjectStoreDown" };
const dependent = { alertname: "KubeStatefulSetReplicasMissing", statefulset: "versitygw" };
const level = { escalation: "L2" };
const firstLevel = { escalation: "" };

export const alertWays: LiveCheck = {
  id: 17,
  what: "every kind of alert finds its way",
  smoke: false,
  async run(live) {
    const check = live.report.check(this.id);
    const inbox = new Inbox(live);
    // A service without a history: an hour of good requests would hide a minute of bad ones.
    const fragile = `fragile-${live.id}`;
    try {
      await deployApp(live.cluster, live.environment, "fragile", fragile);
      // One after the other would take half an hour: nearly all of it is waiting.
      await Promise.all([
        budgetBurns(live, check, inbox, fragile),
        storeFails(live, check, inbox),
        linesPanic(live, check, inbox, fragile),
      ]);
    } finally {
      await removeApp(live.cluster, fragile).catch(() => undefined);
      await schedule(live, "versitygw", true).catch(() => undefined);
    }
    await check.step("nobody was told the same thing twice", async () => {
      const all = await inbox.received();
      const repeated = await inbox.repeated();
      expect(repeated.length === 0, repeated.join("; "));
      return `${all.length} notifications, the Watchdog's apart no two of a group alike`;
    });
  },
};

/** A metric that burns an error budget: Prometheus' windows, vmalert's, a silence, the next level of support. */
async function budgetBurns(live: Live, check: Check, inbox: Inbox, service: string): Promise<void> {
  const burn = { alertname: "ServiceAvailabilityBudget", service_name: service, slo: "service-availability" };
  const [alertmanager] = live.alertmanagers;
  if (alertmanager === undefined) return check.skip("an SLO burns", "no Alertmanager");
  const drive = (perSecond: number, failing: number) =>
    live.app(service).text("POST", "/drive", { perSecond: String(perSecond), failing: String(failing) });
  const arrived = await check.step("SLO burn: nine requests of ten fail, and the burn rate arrives", async () => {
    const begin = Date.now();
    await drive(10, 0.9);
    const { alert } = await inbox.arrival("firing", { ...burn, ...firstLevel, long: "1h" }, FIRES_WITHIN);
    await goodLinks(live, alert);
    return `${secondsSince(begin).toFixed(0)} s after the first failure: ${alert.annotations["description"]}`;
  });
  if (!arrived) return;
  let silence = "";
  await check.step("a silence outlives a restart of Alertmanager", async () => {
    silence = await alertmanager.silence({ alertname: burn.alertname, service_name: burn.service_name }, 30);
    const seconds = await restarted(live, alertmanager.pod);
    const state = (await alertmanager.find(silence))?.status.state;
    expect(state === "active", `the silence is ${state ?? "gone"}`);
    return `ready again after ${seconds.toFixed(0)} s, the silence is ${state}`;
  });
  await check.step("whoever silenced it has it: the next level is not told", async () => {
    await untilTrue("second level, fired and silenced", FIRES_WITHIN, async () => {
      const [held] = await alertmanager.alerts({ ...burn, ...level, long: "1h" });
      return held?.status.silencedBy.includes(silence) ?? "it has not fired yet";
    });
    await new Promise((resolve) => setTimeout(resolve, SILENT_FOR * 1000));
    expect((await inbox.about({ ...burn, ...level }, "second")).length === 0, "the second level was told");
    return `L2 fires, is silenced with it, and nobody was told within ${SILENT_FOR} s`;
  });
  await check.step("without the silence the next level is told", async () => {
    const begin = Date.now();
    await alertmanager.expire(silence);
    const { alert } = await inbox.arrival("firing", { ...burn, ...level, long: "1h" }, 120, "second");
    return `${secondsSince(begin).toFixed(0)} s after the silence ended, as ${alert.labels["escalation"]}`;
  });
  await check.step("vmalert sends what Prometheus can't look back on, held back by the critical one", async () => {
    const held = await until("alert of the 3d window", LONG_WINDOW_WITHIN, async () =>
      (await alertmanager.alerts({ ...burn, long: "3d" })).find(({ status }) => status.inhibitedBy.length > 0),
    );
    const expression = expressionOf(held.generatorURL);
    expect(expression?.includes("rate3d") ?? false, `its source has no expression: ${held.generatorURL}`);
    const state = await live.vmalertRules();
    expect(state.errors.length === 0, state.errors.join("; "));
    return `inhibited by ${held.status.inhibitedBy.length}; vmalert evaluates ${state.rules} rules without a fault`;
  });
  await check.step("and resolves when requests work again", async () => {
    const begin = Date.now();
    // Twenty times as many good ones as bad ones: the longest window forgets nothing, it has to be outweighed.
    await drive(200, 0);
    await inbox.arrival("resolved", { ...burn, ...firstLevel, long: "1h" }, RESOLVES_WITHIN);
    await inbox.arrival("resolved", { ...burn, ...level, long: "1h" }, RESOLVES_WITHIN, "second");
    return `${secondsSince(begin).toFixed(0)} s after the last failure, both levels`;
  });
}

/** The S3 server can't run: one alert, and what follows from it is held back. */
async function storeFails(live: Live, check: Check, inbox: Inbox): Promise<void> {
  const [alertmanager] = live.alertmanagers;
  if (alertmanager === undefined) return check.skip("a system fails", "no Alertmanager");
  const arrived = await check.step(
    "a system fails: the object store finds no node, and its alert arrives",
    async () => {
      const begin = Date.now();
      await schedule(live, "versitygw", false);
      const { alert } = await inbox.arrival("firing", { ...outage, ...firstLevel }, FIRES_WITHIN);
      await goodLinks(live, alert);
      return `${secondsSince(begin).toFixed(0)} s after the pod was gone`;
    },
  );
  if (!arrived) return;
  await check.step("what follows from it is inhibited", async () => {
    const [cause] = await alertmanager.alerts({ ...outage, severity: "critical" });
    const held = await until(`${dependent.alertname} at Alertmanager`, FIRES_WITHIN, async () => {
      const alerts = await alertmanager.alerts(dependent);
      return alerts.find(({ status }) => status.inhibitedBy.length > 0);
    });
    const causes = (await alertmanager.alerts(outage)).map(({ fingerprint }) => fingerprint);
    expect(cause !== undefined && held.status.inhibitedBy.some((id) => causes.includes(id)), "by something else");
    expect((await inbox.about(dependent)).length === 0, `${dependent.alertname} was sent all the same`);
    return `${dependent.alertname} is suppressed by ${outage.alertname} and was not sent`;
  });
  await check.step("nobody silences it: the next level is told after its time", async () => {
    const { alert } = await inbox.arrival("firing", { ...outage, ...level }, FIRES_WITHIN, "second");
    const { alert: first } = await inbox.arrival("firing", { ...outage, ...firstLevel }, 10);
    const after = (Date.parse(alert.startsAt) - Date.parse(first.startsAt)) / 1000;
    expect(after >= 60 && after <= 90, `L2 began ${after} s after the first level, not a minute`);
    return `L2 began ${after} s after the first level`;
  });
  await check.step("and all of it resolves once the pod may run", async () => {
    const begin = Date.now();
    await schedule(live, "versitygw", true);
    await live.ready();
    await inbox.arrival("resolved", { ...outage, ...firstLevel }, RESOLVES_WITHIN);
    await inbox.arrival("resolved", { ...outage, ...level }, RESOLVES_WITHIN, "second");
    expect((await inbox.about(dependent)).length === 0, `${dependent.alertname} was sent after all`);
    return `${secondsSince(begin).toFixed(0)} s after the repair, both levels`;
  });
}

/** Two programs crash: Loki's ruler finds it in their lines, and who has taken up one still hears of the other. */
async function linesPanic(live: Live, check: Check, inbox: Inbox, service: string): Promise<void> {
  const of = (name: string) => ({ alertname: "LogPanic", service: name });
  const begin = Date.now();
  const arrived = await check.step("a log alert: two programs panic, and each has a group of its own", async () => {
    await Promise.all([service, "target"].map((name) => live.app(name).text("POST", "/panic")));
    const first = await inbox.arrival("firing", of(service), FIRES_WITHIN);
    const second = await inbox.arrival("firing", of("target"), FIRES_WITHIN);
    expect(first.notification.groupKey !== second.notification.groupKey, "one group has both");
    await goodLinks(live, first.alert);
    return `${secondsSince(begin).toFixed(0)} s after the lines: ${first.alert.annotations["description"]}`;
  });
  if (!arrived) return;
  await check.step("and resolves when the lines are older than its window", async () => {
    await inbox.arrival("resolved", of(service), LOG_RESOLVES_WITHIN);
    await inbox.arrival("resolved", of("target"), LOG_RESOLVES_WITHIN);
    return `${secondsSince(begin).toFixed(0)} s after the lines`;
  });
}

/** @throws Error unless each link leads somewhere and the expression behind it can be asked where it was evaluated. */
async function goodLinks(live: Live, alert: NotifiedAlert): Promise<void> {
  const faults = linkFaults(live, alert);
  expect(faults.length === 0, faults.join("; "));
  const expression = expressionOf(alert.generatorURL) ?? "";
  const ofLogs = expression.includes("count_over_time(");
  const { service } = ofLogs ? live.loki : live.prometheus;
  await service.text("GET", ofLogs ? "/loki/api/v1/query" : "/api/v1/query", { query: expression });
}

/** Lets a StatefulSet's pod run, or find no node: it ends and stays pending, as on a cluster that is full. */
async function schedule(live: Live, name: string, possible: boolean): Promise<void> {
  const path = `/apis/apps/v1/namespaces/${live.environment.namespace}/statefulsets/${name}`;
  const nodeSelector = { "e2e/no-node": possible ? null : "here" };
  await live.cluster.patch<StatefulSet>(path, { spec: { template: { spec: { nodeSelector } } } });
}

/** Ends a pod and waits for its successor. @returns the seconds it took */
async function restarted(live: Live, pod: string): Promise<number> {
  const begin = Date.now();
  const { namespace } = live.environment;
  const before = (await live.cluster.pods(namespace)).find(({ metadata }) => metadata?.name === pod)?.metadata?.uid;
  await live.cluster.delete(`/api/v1/namespaces/${namespace}/pods/${pod}`);
  await untilTrue(`Ready successor of ${pod}`, 120, async () => {
    const found = (await live.cluster.pods(namespace)).find(({ metadata }) => metadata?.name === pod);
    return found !== undefined && found.metadata?.uid !== before && isReady(found);
  });
  return secondsSince(begin);
}

/** Ends a replica of Alertmanager as a node's drain would. */
export const restart = (live: Live, { pod }: AlertmanagerReplica): Promise<number> => restarted(live, pod);
