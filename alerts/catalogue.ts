import { controlPlaneParts, isDeployed, theStack, type Environment, type Owner } from "../environment";
import { thresholdsOf, type Thresholds } from "../signals";
import type { Alert } from "./language";
import { logAlerts } from "./logs";
import { keptBy } from "./slos";
import { metaAlerts, missingAlerts } from "./stack";
import type { Subject } from "./system";

interface Owned {
  readonly owner: Owner;
  readonly subject: Subject;
}

/** Everything that Prometheus evaluates besides SLOs, and whose it is: of the stack, of each pack, of each system. */
function subjects({ composition }: Environment): readonly Owned[] {
  const stack: Subject = {
    name: "stack",
    alerts: (environment) => [...metaAlerts(), ...missingAlerts(environment)],
  };
  return [
    { owner: theStack, subject: stack },
    ...composition.packs.flatMap(({ name, alerts = [] }) =>
      alerts.map((subject) => ({ owner: { kind: "pack" as const, name }, subject })),
    ),
    ...composition.systems.flatMap(({ name, alerts }) =>
      alerts === undefined ? [] : [{ owner: { kind: "system" as const, name }, subject: alerts }],
    ),
  ];
}

/** The alerts whose systems an environment deploys, by subject: what several say of one stands together. */
export function alertsBySubject(
  environment: Environment,
  thresholds: Thresholds,
): readonly (readonly [string, Alert[]])[] {
  const found = new Map<string, Alert[]>();
  for (const {
    subject: { name, needs = [], alerts },
  } of subjects(environment)) {
    if (!needs.every((system) => isDeployed(environment, system))) continue;
    found.set(name, [...(found.get(name) ?? []), ...alerts(environment, thresholds)]);
  }
  return [...found];
}

/** Every alert there is, whatever an environment deploys: what a name in its settings may mean. */
export const everyAlert = (environment: Environment, thresholds?: Thresholds): Alert[] => [
  ...new Map(everyOwned(environment, thresholds).map(([, each]) => [each.name, each])).values(),
];

const made = new WeakMap<Environment, readonly (readonly [Owner, Alert])[]>();

/**
 * Every alert there is, each with whose it is; those of two lines of Tempo come twice.
 * @param thresholds @default those of the environment, for which the alerts are made once
 */
export function everyOwned(environment: Environment, thresholds?: Thresholds): readonly (readonly [Owner, Alert])[] {
  if (thresholds !== undefined) return ofBothLines(environment, thresholds);
  const found = made.get(environment) ?? ofBothLines(environment, thresholdsOf(environment));
  made.set(environment, found);
  return found;
}

function ofBothLines(environment: Environment, thresholds: Thresholds): (readonly [Owner, Alert])[] {
  const { systems } = environment;
  const alertmanager = { ...systems.alertmanager, replicas: Math.max(2, systems.alertmanager.replicas) };
  const widest = { ...environment, controlPlane: controlPlaneParts, systems: { ...systems, alertmanager } };
  return (["2", "3"] as const).flatMap((majorVersion) => ownedBy({ ...widest, tempo: { majorVersion } }, thresholds));
}

/** The alerts of what an environment consists of, deployed or not, each with whose it is. */
export function ownedBy(environment: Environment, thresholds: Thresholds): (readonly [Owner, Alert])[] {
  const { short, store } = keptBy(environment);
  const owned = (owner: Owner, alerts: readonly Alert[]) => alerts.map((each) => [owner, each] as const);
  return [
    ...subjects(environment).flatMap(({ owner, subject }) => owned(owner, subject.alerts(environment, thresholds))),
    ...environment.composition.packs.flatMap(({ name, objectives }) =>
      (objectives?.(thresholds, environment) ?? []).flatMap((slo) =>
        owned({ kind: "pack", name }, [...slo.within(short).alerts, ...(slo.beyond(short, store)?.alerts ?? [])]),
      ),
    ),
    ...owned(theStack, logAlerts(thresholds, environment)),
  ];
}
