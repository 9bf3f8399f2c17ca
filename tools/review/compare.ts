import { alertRisks, compareAlerting, compareAlerts } from "./alerts";
import { compareDashboards, dashboardRisks } from "./dashboards";
import { levels, type EnvironmentReview } from "./model";
import type { RenderedEnvironment } from "./rendered";
import { compareJudgements, compareSlos, judgementRisks } from "./judged";
import { comparePaged } from "./paged";
import { comparePlaces, placeRisks } from "./places";
import { changedObjects, compareAws, compareConfiguration, compareObject } from "./resources";
import { securityRisks } from "./security";
import { compareRetention, compareSizing, retentionRisks, sizingRisks } from "./sizes";
import { awsRisks, objectRisks } from "./storage";

/** What is different between two states of one environment. Pure. */
export function compare(before: RenderedEnvironment, after: RenderedEnvironment): EnvironmentReview {
  const dashboards = compareDashboards(before, after);
  const alerts = compareAlerts(before, after);
  const periods = compareRetention(before, after);
  const places = comparePlaces(before, after);
  const sizing = compareSizing(before, after);
  const objects = changedObjects(before, after);
  const changes = objects.map((both) => ({ both, change: compareObject(both) }));
  const aws = compareAws(before, after);
  // Most files lie in a ConfigMap, under which they stand already.
  const shown = new Set(changes.flatMap(({ change }) => change.texts.map(({ edits }) => JSON.stringify(edits))));
  const risks = [
    ...changes.flatMap(({ both, change }) => [...objectRisks(both, change), ...securityRisks(both)]),
    ...awsRisks(before, after, aws),
    ...alertRisks(alerts, before, after),
    ...retentionRisks(periods),
    ...placeRisks(places),
    ...judgementRisks(before, after),
    ...sizingRisks(sizing),
    ...dashboardRisks(dashboards),
  ];
  return {
    name: after.name,
    only: undefined,
    risks: risks.sort((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level)),
    dashboards,
    alerts,
    replays: [],
    alerting: compareAlerting(before, after),
    slos: compareSlos(before, after),
    paged: comparePaged(before, after),
    retention: [...places, ...periods],
    sizing,
    judged: compareJudgements(before, after),
    resources: [...changes.map(({ change }) => change), ...aws],
    configuration: compareConfiguration(before, after).filter(({ edits }) => !shown.has(JSON.stringify(edits))),
  };
}

const empty = (name: string): RenderedEnvironment => ({
  name,
  manifests: new Set(),
  config: {},
  aws: {},
  dashboards: new Map(),
  rules: { alerts: [], recordings: [] },
  alertmanager: undefined,
  summary: {},
});

/** Reviews every environment of two rendered states. */
export function compareAll(
  before: ReadonlyMap<string, RenderedEnvironment>,
  after: ReadonlyMap<string, RenderedEnvironment>,
): EnvironmentReview[] {
  return [...new Set([...before.keys(), ...after.keys()])].sort().map((name) => {
    const [old, now] = [before.get(name), after.get(name)];
    const review = compare(old ?? empty(name), now ?? empty(name));
    return { ...review, only: old && now ? undefined : now ? "head" : "base" };
  });
}
