import { isAlert, lokiRules, prometheusRules, vmalertRules } from "../../../alerts";
import type { Live, LiveCheck } from "../context";
import { Inbox } from "../inbox";
import { expect, type Check } from "../report";

/** Minutes of each half of the night. */
const HALF = 30;
/** Minutes in which what came before leaves the windows of the rules: nearly all are shorter. */
const CALMS = 10;

/** True of the machine on which the suite runs: nobody keeps its clock. */
const exceptAboutMachine = { HostClockNotSynchronised: { enabled: false } };

/** An hour in all, in which nothing may happen on the machine either. */
const byName = true;

/** A night in which nothing happens: nobody asks the demo application anything. */
export const idleNight: LiveCheck = {
  id: 30,
  what: "a quiet night, idle",
  smoke: false,
  byName,
  run: (live) => half(live, 30, "idle", 0),
};

/** A night in which everything is as always. */
export const busyNight: LiveCheck = {
  id: 32,
  what: "a quiet night, at the usual load",
  smoke: false,
  byName,
  run: (live) => half(live, 32, "at its usual load", live.environment.systems.phoenix.load.plansPerSecond),
};

/** Half an hour of one load, and then all is as it was deployed. */
async function half(live: Live, id: number, name: string, plansPerSecond: number): Promise<void> {
  try {
    await quiet(live, live.report.check(id), name, plansPerSecond);
  } finally {
    await live.engine("up");
  }
}

async function quiet(live: Live, check: Check, name: string, plansPerSecond: number): Promise<void> {
  let begin = new Date();
  const ready = await check.step(`phoenix is ${name}`, async () => {
    await live.engine("up", {
      systems: { phoenix: { load: { plansPerSecond } } },
      alerting: { alerts: exceptAboutMachine },
    });
    const seconds = await live.ready();
    await pause(CALMS);
    begin = new Date();
    return `every pod Ready after ${seconds.toFixed(0)} s, and ${CALMS} minutes more`;
  });
  if (!ready) return;
  await check.step(`${name}: nobody is told anything in ${HALF} minutes, and no ticket fires`, async () => {
    await pause(HALF);
    const told = (await new Inbox(live, begin).received()).flatMap(({ alerts, receiver }) =>
      alerts
        .filter(({ labels }) => labels["alertname"] !== "Watchdog")
        .map(
          ({ labels, annotations }) => `${receiver} was told: ${labels["alertname"]}: ${annotations["description"]}`,
        ),
    );
    const fired = await firing(live);
    const faults = [...new Set([...told, ...fired.map((each) => `fired: ${each}`)])];
    expect(faults.length === 0, faults.join("\n"));
    const pending = await seen(live, "pending");
    return `${rulesOf(live)} alerting rules; pending for a while: ${pending.join(", ") || "none"}`;
  });
}

const pause = (minutes: number) => new Promise((resolve) => setTimeout(resolve, minutes * 60_000));

/** Alerts that Prometheus or vmalert saw fire in this half, with all their labels. */
async function firing(live: Live): Promise<string[]> {
  const metric = await seen(live, "firing");
  // Loki's ruler writes no ALERTS: what it has sent, Alertmanager still knows.
  const [alertmanager] = live.alertmanagers;
  const held = (await alertmanager?.alerts({})) ?? [];
  return [...metric, ...held.filter(({ labels }) => isWrong(labels)).map(({ labels }) => JSON.stringify(labels))];
}

async function seen(live: Live, alertstate: "firing" | "pending"): Promise<string[]> {
  const query = `count by (alertname, severity, namespace, pod, service_name, instance) (max_over_time(ALERTS{alertstate="${alertstate}"}[${HALF}m]))`;
  const samples = [...(await live.prometheus.query(query)), ...(await live.victoriametrics.query(query))];
  return [...new Set(samples.filter(({ labels }) => isWrong(labels)).map(({ labels }) => JSON.stringify(labels)))];
}

/** Not the Watchdogs, and not what is only information. */
const isWrong = (labels: Readonly<Record<string, string>>) =>
  ["critical", "warning"].includes(labels["severity"] ?? "");

const rulesOf = ({ environment }: Live) =>
  Object.values({ ...prometheusRules(environment), ...vmalertRules(environment), ...lokiRules(environment) })
    .flat()
    .flatMap(({ rules }) => rules)
    .filter(isAlert).length;
