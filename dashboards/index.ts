import { isDeployed, theStack, type Environment, type Owner, type SystemName } from "../environment";
import { capacity } from "./capacity";
import { dataSources, dataSourceUids, type Page } from "./language";
import { catalogueOf, CatalogueError, thresholdsOf } from "../signals";
import { logsPage } from "./logs";
import { overview } from "./overview";
import { slos } from "./slos";
import type { Entry } from "./system";
import { tracesPage } from "./traces";

/** The language of pages, for packs. */
export * from "./language";
export { cluster, folders, here, instance, namespace, ofHost, ofNamespace, ofService, service } from "./shared";
export type { Entry } from "./system";

/** A dashboard as Grafana's provisioning reads it. */
export interface Dashboard {
  /** Also the name of its file. */
  readonly uid: string;
  readonly title: string;
  readonly folder: string;
  /** Classic (v1) JSON. */
  readonly model: object;
}

/** Pages on what spans all subjects. */
const first: readonly Entry[] = [{ page: () => overview }];
const last: readonly Entry[] = [
  { page: () => logsPage, needs: ["loki"] },
  { page: () => tracesPage, needs: ["tempo"] },
  { page: () => slos, needs: ["victoriametrics"] },
  { page: () => capacity, needs: ["victoriametrics"] },
];

/** Every page that there is, and whose it is: on what spans all subjects, of each pack, of each system. */
export function entriesOf({ composition }: Environment): readonly (Entry & { readonly owner: Owner })[] {
  const owned = (owner: Owner) => (entry: Entry) => ({ ...entry, owner });
  return [
    ...first.map(owned(theStack)),
    ...composition.packs.flatMap(({ name, pages: own = [] }) => own.map(owned({ kind: "pack", name }))),
    ...last.map(owned(theStack)),
    ...composition.systems.flatMap(({ name, page }) =>
      page === undefined ? [] : [owned({ kind: "system", name })({ page, needs: [name] })],
    ),
  ];
}

/**
 * The pages of an environment, as they are written: those whose systems are on, without what the others would show.
 * @throws CatalogueError when two pages have one uid
 */
export function pages(environment: Environment): readonly Page[] {
  const shown = made.get(environment) ?? pagesOf(environment);
  made.set(environment, shown);
  return shown;
}

const made = new WeakMap<Environment, readonly Page[]>();

function pagesOf(environment: Environment): readonly Page[] {
  const whereDeployed = environment.composition.systems.filter(({ seenWhereDeployed }) => seenWhereDeployed);
  const isOn = (system: SystemName) =>
    whereDeployed.some(({ name }) => name === system)
      ? isDeployed(environment, system)
      : environment.systems[system].enabled;
  const tuned = thresholdsOf(environment);
  const shown = entriesOf(environment)
    .filter(({ needs = [] }) => ["prometheus" as const, ...needs].every(isOn))
    .map(({ page }) => page(environment).tuned(tuned));
  const uids = new Set(shown.map(({ uid }) => uid));
  if (uids.size < shown.length) throw twice(shown);
  const sources = new Set(dataSourceUids.filter((uid) => isOn(dataSources[uid].system)));
  const metrics = catalogueOf(environment.composition);
  return shown.map((page) =>
    page.restrictedTo({ sources, pages: uids, series: (name) => metrics.series(name) !== undefined }),
  );
}

/** Uids of the pages that an environment shows: where a link can lead. */
export const shownUids = (environment: Environment): ReadonlySet<string> =>
  new Set(pages(environment).map(({ uid }) => uid));

/**
 * Every dashboard of an environment. Pure; each call gives new objects.
 * @throws CatalogueError when two pages have one uid
 */
export function dashboards(environment: Environment): readonly Dashboard[] {
  return pages(environment).map((page) => ({
    uid: page.uid,
    title: page.title,
    folder: page.folder,
    model: page.model(),
  }));
}

function twice(shown: readonly Pick<Page, "uid" | "title">[]): CatalogueError {
  const uid = shown.map((page) => page.uid).find((candidate, index, all) => all.indexOf(candidate) !== index);
  const titles = shown.filter((page) => page.uid === uid).map(({ title }) => `"${title}"`);
  return new CatalogueError(
    `uid "${uid}"`,
    `belongs to several dashboards: ${titles.join(", ")}`,
    "a uid of its own for each",
  );
}
