import { everyOwned, limitsOf } from "../alerts";
import { entriesOf } from "../dashboards";
import { at, unknownName, type Environment, type Fault } from "../environment";
import { commonMetrics, isSelector, sharedNames } from "../signals";

/** Something that has a name, and whose it is. */
type Owned = readonly [name: string, owner: string];

/**
 * Names that two owners claim: metrics, alerts, pages and their folders, packs themselves. Who they are, both stand in
 * the fault.
 */
export function clashes(environment: Environment): Fault[] {
  const { packs, systems } = environment.composition;
  const owners = [
    { owner: "the stack", metrics: commonMetrics },
    ...packs.map(({ name, metrics = [] }) => ({ owner: `pack ${name}`, metrics })),
    ...systems.map(({ name, metrics = [] }) => ({ owner: `system ${name}`, metrics })),
  ];
  const metrics = owners.flatMap(({ owner, metrics: sources }) =>
    sources.flatMap((source) =>
      Object.values(source).flatMap((entry): Owned[] =>
        isSelector(entry) && !(entry.metric.name in sharedNames) ? [[entry.metric.name, owner]] : [],
      ),
    ),
  );
  return [
    ...twice(
      "pack",
      packs.map(({ name }, index) => [name, `entry ${index + 1} of packs`]),
    ),
    ...twice("metric", metrics),
    ...twice(
      "alert",
      everyOwned(environment, limitsOf(environment)).map(([owner, { name }]) => [name, owner]),
    ),
    ...twice(
      "runbook",
      packs.flatMap(({ name, runbooks = {} }) => Object.keys(runbooks).map((each): Owned => [each, `pack ${name}`])),
    ),
    ...twice(
      "page",
      entriesOf(environment).map(({ page, owner }) => [page(environment).uid, owner]),
    ),
  ];
}

/**
 * Links to pages that there are not, of panels and of alerts.
 * @param owners whose are looked at. @default everybody's
 */
export function strayLinks(environment: Environment, owners: (owner: string) => boolean = () => true): Fault[] {
  const entries = entriesOf(environment).map(({ page, owner }) => ({ page: page(environment), owner }));
  const known = entries.map(({ page }) => page.uid);
  const links = [
    ...entries.flatMap(({ page, owner }) =>
      page.rows.flatMap(({ panels }) => panels.flatMap((panel) => panel.links.map(({ to }) => [to, owner] as const))),
    ),
    ...everyOwned(environment, limitsOf(environment)).flatMap(([owner, { dashboard }]) =>
      dashboard === undefined ? [] : [[dashboard, owner] as const],
    ),
  ];
  const stray = links.filter(([to, owner]) => owners(owner) && !known.includes(to));
  return [...new Map(stray.map((each) => [each.join(" "), each])).values()].map(([to, owner]) =>
    unknownName("packs", to, known, `${owner} leads to a page that there is not`),
  );
}

function twice(kind: string, all: readonly Owned[]): Fault[] {
  const found = new Map<string, Set<string>>();
  for (const [name, owner] of all) found.set(name, (found.get(name) ?? new Set()).add(owner));
  return [...found].flatMap(([name, owners]) =>
    owners.size < 2
      ? []
      : [
          {
            key: at("packs"),
            value: name,
            reason: `this ${kind} belongs to several: ${[...owners].join(", ")}`,
            fix: "a name of its own for each",
          },
        ],
  );
}
