import { watchdogsOf } from "../../alerts";
import type { Environment } from "../../environment";

/** What deserves a look in `alerting`: whom nobody tells, and how nobody would notice that. */
export function alertingAdvice(environment: Environment): string[] {
  const { alerting, stages, profile } = environment;
  if (!stages.includes("alerts")) return [];
  if (alerting.receivers.length === 0) return profile === "local" ? [] : ["no receivers: alerts reach nobody"];
  const secondWay = profile === "prod" && alerting.alertingPathReceiver === undefined;
  return [
    ...unheard(environment),
    ...(secondWay
      ? ["no alerting.alertingPathReceiver: that alerts can't be sent is told by the way that is broken"]
      : []),
    ...Object.entries(alerting.alerts).flatMap(([name, { insist }]) =>
      insist === undefined ? [] : [`alerting.alerts.${name} silences what watches over alerting itself: ${insist}`],
    ),
  ];
}

/** Evaluators whose Watchdog nobody listens to, and those that share a dead man's switch. */
function unheard(environment: Environment): string[] {
  const { watchdogReceiver, watchdogReceivers } = environment.alerting;
  const switches = watchdogsOf(environment).map(
    (evaluator) => [evaluator, watchdogReceivers[evaluator] ?? watchdogReceiver] as const,
  );
  const deaf = switches.flatMap(([evaluator, receiver]) => (receiver === undefined ? [evaluator] : []));
  if (deaf.length > 0 && deaf.length === switches.length) {
    return ["no alerting.watchdogReceiver: nobody notices when alerting itself stops"];
  }
  const shared = new Map<string, string[]>();
  for (const [evaluator, receiver] of switches) {
    if (receiver !== undefined) shared.set(receiver, [...(shared.get(receiver) ?? []), evaluator]);
  }
  return [
    ...deaf.map(
      (evaluator) => `no alerting.watchdogReceivers.${evaluator}: nobody notices when ${evaluator} is silent`,
    ),
    ...[...shared].flatMap(([receiver, evaluators]) =>
      evaluators.length === 1
        ? []
        : [
            `${receiver} is the dead man's switch of ${evaluators.join(", ")}: one that counts any sign of life misses the ` +
              "silence of one of them (alerting.watchdogReceivers)",
          ],
    ),
  ];
}
