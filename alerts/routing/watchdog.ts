import type { DeepReadonly, Environment, Receiver } from "../../environment";
import { everyOwned } from "../catalogue";
import { watchdogName } from "../stack";
import { receiverConfig } from "./receivers";
import { nobody, type Route } from "./route";

/** How it is noticed that alerts no longer arrive: dead man's switches (G8), and what is told by a second way. */

type Settings = Environment["alerting"];

/** What a dead man's switch is called in Alertmanager, by its receiver. */
export type Switches = ReadonlyMap<string, string>;

/**
 * The receivers that are a dead man's switch. One that also tells people of other alerts is there twice: people want to
 * hear that an alert is over, and to a switch that message would be one more sign of life.
 * @param others receivers of everything else
 */
export function switchesOf({ watchdogReceiver, watchdogReceivers }: Settings, others: readonly string[]): Switches {
  const named = [watchdogReceiver, ...Object.values(watchdogReceivers)].filter((name) => name !== undefined);
  // No receiver can be given this name: it has a space.
  return new Map(named.map((name) => [name, others.includes(name) ? `${name} (watchdog)` : name]));
}

/** To the switch of each evaluator; each is heard apart, for in one message the silence of one would go unnoticed. */
export function watchdogRoute({ watchdogReceiver, watchdogReceivers }: Settings, switches: Switches): Route {
  const nameOf = (receiver: string | undefined) => switches.get(receiver ?? "") ?? nobody;
  return {
    matchers: [`alertname="${watchdogName}"`],
    receiver: nameOf(watchdogReceiver),
    group_by: ["cluster", "evaluator"],
    group_wait: "0s",
    group_interval: "1m",
    // A dead man's switch is heard often, or it is no switch.
    repeat_interval: "5m",
    routes: Object.entries(watchdogReceivers).map(([evaluator, receiver]) => ({
      matchers: [`evaluator="${evaluator}"`],
      receiver: nameOf(receiver),
    })),
  };
}

/** A receiver as Alertmanager reads it: for people, as a dead man's switch, or as both. */
export function receiverConfigs(receiver: DeepReadonly<Receiver>, switches: Switches): object[] {
  const config = receiverConfig(receiver);
  const name = switches.get(receiver.name);
  if (name === undefined) return [config];
  const onlyFiring = Object.entries(config).map(([key, value]: [string, unknown]) =>
    Array.isArray(value) ? [key, value.map((each: object) => ({ ...each, send_resolved: false }))] : [key, value],
  );
  const heartbeat = { ...(Object.fromEntries(onlyFiring) as object), name };
  return name === receiver.name ? [heartbeat] : [config, heartbeat];
}

/** Every receiver that routes name, those below them included. */
export const receiversIn = (routes: readonly Route[]): string[] =>
  routes.flatMap(({ receiver, routes: below = [] }) => [
    ...(receiver === undefined ? [] : [receiver]),
    ...receiversIn(below),
  ]);

/** Alerts that wake somebody because alerts reach nobody, or because what raises them is blind (decision 20). */
export function alertingPathMatchers(environment: Environment): readonly string[] {
  const names = everyOwned(environment).flatMap(([, { name, pages }]) => (pages === "alerting" ? [name] : []));
  return [`alertname=~"${[...new Set(names)].join("|")}"`, 'severity="critical"'];
}
