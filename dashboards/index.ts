import { isDeployed, type Environment, type SystemName } from "../environment";
import { agentHealth } from "./agent-health";
import { applicationPerformance } from "./application-performance";
import { businessMetrics } from "./business-metrics";
import { capacity } from "./capacity";
import { dataSources, dataSourceUids, type Page } from "./kit";
import { CatalogueError, thresholds, tunedLevels } from "../signals";
import { kubernetesCluster } from "./kubernetes/cluster";
import { kubernetesNamespace } from "./kubernetes/namespace";
import { kubernetesWorkload } from "./kubernetes/workload";
import { logsPage } from "./logs";
import { overview } from "./overview";
import { slos } from "./slos";
import { systemPerformance } from "./system-performance";
import { tracesPage } from "./traces";

/** A dashboard as Grafana's provisioning reads it. */
export interface Dashboard {
  /** Also the name of its file. */
  readonly uid: string;
  readonly title: string;
  readonly folder: string;
  /** Classic (v1) JSON. */
  readonly model: object;
}

/** A page, and the systems without which it would be empty. */
export interface Entry {
  readonly page: (environment: Environment) => Page;
  readonly needs: readonly SystemName[];
}

const of = (page: Page, ...needs: readonly SystemName[]): Entry => ({ page: () => page, needs });

/** Pages on subjects that span systems. */
const common: readonly Entry[] = [
  of(overview, "prometheus"),
  of(systemPerformance, "prometheus", "node-exporter"),
  of(applicationPerformance, "prometheus"),
  of(businessMetrics, "prometheus"),
  of(agentHealth, "prometheus"),
  of(kubernetesCluster, "prometheus", "kube-state-metrics"),
  of(kubernetesNamespace, "prometheus", "kube-state-metrics"),
  of(kubernetesWorkload, "prometheus", "kube-state-metrics"),
  of(logsPage, "prometheus", "loki"),
  of(tracesPage, "prometheus", "tempo"),
  of(slos, "prometheus", "victoriametrics"),
  of(capacity, "prometheus", "victoriametrics"),
];

/** Every page that there is: on subjects that span systems first, then of each system. */
const entriesOf = ({ composition }: Environment): readonly Entry[] => [
  ...common,
  ...composition.systems.flatMap(({ name, page }): Entry[] =>
    page === undefined ? [] : [{ page, needs: [...new Set<SystemName>(["prometheus", name])] }],
  ),
];

/**
 * The pages of an environment, as they are written: those whose systems are on, without what the others would show.
 * @param of pages that there are, and what each needs @default all of this project
 * @throws CatalogueError when two pages have one uid
 */
export function pages(environment: Environment, of: readonly Entry[] = entriesOf(environment)): readonly Page[] {
  const whereDeployed = environment.composition.systems.filter(({ seenWhereDeployed }) => seenWhereDeployed);
  const isOn = (system: SystemName) =>
    whereDeployed.some(({ name }) => name === system)
      ? isDeployed(environment, system)
      : environment.systems[system].enabled;
  const tuned = tunedLevels(thresholds, environment.alerting.thresholds);
  const shown = of.filter(({ needs }) => needs.every(isOn)).map(({ page }) => page(environment).tuned(tuned));
  const uids = new Set(shown.map(({ uid }) => uid));
  if (uids.size < shown.length) throw twice(shown);
  const sources = new Set(dataSourceUids.filter((uid) => isOn(dataSources[uid].system)));
  return shown.map((page) => page.restrictedTo(sources, uids));
}

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
