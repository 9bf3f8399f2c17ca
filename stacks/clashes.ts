import { everyOwned, reservedRuleFiles } from "../alerts";
import { entriesOf } from "../dashboards";
import { ownRunbooks } from "../dashboards/runbooks";
import {
  at,
  printedOwner,
  theStack,
  unknownName,
  type Environment,
  type Fault,
  type Owner,
  type Pack,
  type System,
} from "../environment";
import { ownPacks } from "../packs";
import { commonMetrics, isSelector, ownedThresholds, sharedNames, thresholdsOf, type Source } from "../signals";

/** Something that has a name, and whose it is. */
type Owned = readonly [name: string, owner: Owner];

export const ownerOf = ({ name }: Pick<Pack, "name">): Owner => ({ kind: "pack", name });

/** The packs that are not ours: what they bring is looked at before anything is deployed. */
export const foreignPacks = ({ composition }: Pick<Environment, "composition">): readonly Pack[] =>
  composition.packs.filter((pack) => !ownPacks.includes(pack));

/** Whether something belongs to a pack that is not ours. */
export function isForeign(environment: Pick<Environment, "composition">): (owner: Owner) => boolean {
  const names = foreignPacks(environment).map(({ name }) => name);
  return (owner) => owner.kind === "pack" && names.includes(owner.name);
}

/** The key of a pack in the stack file, as far as it was named there. */
export function keyOf({ packs }: Pick<Environment, "packs">, owner: Owner | undefined): string {
  const name = owner?.kind === "pack" ? owner.name : undefined;
  const index = packs.findIndex((each) => each === name || each.endsWith(`/${name}`));
  return at(index < 0 ? "packs" : `packs[${index}]`);
}

const namesOf = (sources: readonly Source[]): string[] =>
  sources.flatMap((source) =>
    Object.values(source).flatMap((entry) =>
      isSelector(entry) && !(entry.metric.name in sharedNames) ? [entry.metric.name] : [],
    ),
  );

/** The alerts of a pack, those of its objectives among them. */
export function alertsOfPack(environment: Environment, { alerts = [], objectives }: Pack) {
  const thresholds = thresholdsOf(environment);
  return [
    ...alerts.flatMap((subject) => subject.alerts(environment, thresholds)),
    ...(objectives?.(thresholds, environment) ?? []).flatMap(
      (slo) => slo.within(environment.retention.prometheus).alerts,
    ),
  ];
}

/**
 * Names that two owners claim, or that a team's pack has twice. Who they are, all stand in the fault.
 */
export function clashes(environment: Environment): Fault[] {
  const { packs, systems } = environment.composition;
  const foreign = foreignPacks(environment);
  const ofTeams = isForeign(environment);
  const thresholds = thresholdsOf(environment);
  const ours = (names: readonly string[]): Owned[] => names.map((name) => [name, theStack]);
  const of = (pick: (pack: Pack) => readonly string[]): Owned[] =>
    packs.flatMap((pack) => pick(pack).map((name): Owned => [name, ownerOf(pack)]));
  const ofSystems = (pick: (system: System) => readonly string[]): Owned[] =>
    systems.flatMap((system) => pick(system).map((name): Owned => [name, { kind: "system", name: system.name }]));
  // Of ours several share a file.
  const files = of(({ alerts = [] }) => alerts.map(({ name }) => name)).map(([name, owner]): Owned => [
    name,
    ofTeams(owner) ? owner : theStack,
  ]);
  const alerts = everyOwned(environment).map(([owner, { name }]): Owned => [name, owner]);
  const found: readonly (readonly [kind: string, owned: readonly Owned[]])[] = [
    ["pack", packs.map((pack): Owned => [pack.name, foreign.includes(pack) ? ownerOf(pack) : theStack])],
    [
      "metric",
      [
        ...ours(namesOf(commonMetrics)),
        ...of(({ metrics = [] }) => namesOf(metrics)),
        ...ofSystems(({ metrics = [] }) => namesOf(metrics)),
      ],
    ],
    ["recorded series", of(({ recorded = [] }) => recorded.flatMap(({ rules }) => rules.map(({ record }) => record)))],
    ["rule group", of(({ recorded = [] }) => recorded.map(({ name }) => name))],
    [
      "rule file",
      [...ours(reservedRuleFiles), ...ours(systems.flatMap(({ alerts: own }) => own?.name ?? [])), ...files],
    ],
    [
      "alert",
      [
        ...alerts.filter(([, owner]) => !ofTeams(owner)),
        ...foreign.flatMap((pack) => alertsOfPack(environment, pack).map(({ name }): Owned => [name, ownerOf(pack)])),
      ],
    ],
    ["objective", of((pack) => (pack.objectives?.(thresholds, environment) ?? []).map(({ name }) => name))],
    [
      "threshold",
      ownedThresholds(environment.composition).flatMap(([owner, own]) =>
        Object.keys(own).map((name): Owned => [name, owner]),
      ),
    ],
    [
      "runbook",
      [
        ...ours(ownRunbooks()),
        ...ofSystems(({ runbooks = {} }) => Object.keys(runbooks)),
        ...of(({ runbooks = {} }) => Object.keys(runbooks)),
      ],
    ],
    ["page", entriesOf(environment).map(({ page, owner }): Owned => [page(environment).uid, owner])],
  ];
  return found.flatMap(([kind, owned]) => twice(environment, kind, owned, ofTeams));
}

/**
 * Links to pages that there are not, of panels and of alerts.
 * @param owners whose are looked at. @default everybody's
 */
export function strayLinks(environment: Environment, owners: (owner: Owner) => boolean = () => true): Fault[] {
  const entries = entriesOf(environment).map(({ page, owner }) => ({ page: page(environment), owner }));
  const known = entries.map(({ page }) => page.uid);
  const links = [
    ...entries.flatMap(({ page, owner }) =>
      page.rows.flatMap(({ panels }) => panels.flatMap((panel) => panel.links.map(({ to }) => [to, owner] as const))),
    ),
    ...everyOwned(environment).flatMap(([owner, { dashboard }]) =>
      dashboard === undefined ? [] : [[dashboard, owner] as const],
    ),
  ];
  const stray = links.filter(([to, owner]) => owners(owner) && !known.includes(to));
  return [...new Map(stray.map((each) => [`${each[0]} ${printedOwner(each[1])}`, each])).values()].map(
    ([to, owner]) => ({
      ...unknownName("packs", to, known, `${printedOwner(owner)} leads to a page that there is not`),
      key: keyOf(environment, owner),
    }),
  );
}

/** A name with several owners, or one that a team's pack gives away twice. Among ourselves tests look. */
function twice(
  environment: Environment,
  kind: string,
  all: readonly Owned[],
  ofTeams: (owner: Owner) => boolean,
): Fault[] {
  const found = new Map<string, Owner[]>();
  for (const [name, owner] of all) found.set(name, [...(found.get(name) ?? []), owner]);
  return [...found].flatMap(([name, owners]): Fault[] => {
    const distinct = [...new Set(owners.map(printedOwner))];
    const team = owners.findLast(ofTeams);
    if (owners.length < 2 || (distinct.length < 2 && team === undefined)) return [];
    const who = `${distinct.length < 2 ? "stands twice in" : "belongs to several:"} ${distinct.join(", ")}`;
    const key = keyOf(environment, team);
    return [{ key, value: name, reason: `this ${kind} ${who}`, fix: "a name of its own for each" }];
  });
}
