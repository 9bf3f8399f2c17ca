import type { Composition } from "../environment";
import { sharedNames } from "./naming";
import {
  agentRates,
  controlPlaneRates,
  hosts,
  hostShares,
  logCounts,
  objectiveSeries,
  services,
  workloads,
} from "./recorded";
import { Registry } from "./registry";
import { alertSeries } from "./sources/alerts";
import { apiserver } from "./sources/apiserver";
import { agents, application, business, otlp } from "./sources/application";
import { cadvisor } from "./sources/cadvisor";
import { controlPlane } from "./sources/control-plane";
import { kube } from "./sources/kube-state-metrics";
import { kubelet } from "./sources/kubelet";
import { node } from "./sources/node-exporter";
import { process } from "./sources/process";
import { scrape } from "./sources/scrape";
import { spans } from "./sources/span-metrics";

export {
  agentRates,
  agents,
  alertSeries,
  apiserver,
  application,
  business,
  cadvisor,
  controlPlane,
  controlPlaneRates,
  hosts,
  hostShares,
  kube,
  kubelet,
  logCounts,
  node,
  objectiveSeries,
  otlp,
  process,
  scrape,
  services,
  spans,
  workloads,
};

/** What every scrape, every sender and every rule brings, and the counts of log lines. */
export const commonMetrics = [process, scrape, otlp, alertSeries, objectiveSeries, logCounts];

const registries = new WeakMap<Composition, Registry>();

/**
 * Every metric that anything of a stack can read: what every scrape brings, and what its packs and systems have.
 * @throws CatalogueError when two of them have one name for different things
 */
export function catalogueOf(composition: Composition): Registry {
  const made = registries.get(composition);
  if (made !== undefined) return made;
  const own = [...composition.packs, ...composition.systems].flatMap(({ metrics = [] }) => metrics);
  const registry = new Registry([...commonMetrics, ...own], sharedNames);
  registries.set(composition, registry);
  return registry;
}
