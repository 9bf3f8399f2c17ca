import type { Composition } from "../environment";
import { sharedNames } from "./naming";
import { controlPlaneRates, hosts, hostShares, logCounts, services, workloads } from "./recorded";
import { Registry } from "./registry";
import { alertSeries } from "./sources/alerts";
import { apiserver } from "./sources/apiserver";
import { agents, application, business } from "./sources/application";
import { cadvisor } from "./sources/cadvisor";
import { controlPlane } from "./sources/control-plane";
import { kube } from "./sources/kube-state-metrics";
import { kubelet } from "./sources/kubelet";
import { node } from "./sources/node-exporter";
import { process } from "./sources/process";
import { scrape } from "./sources/scrape";
import { spans } from "./sources/span-metrics";

export {
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
  process,
  scrape,
  services,
  spans,
  workloads,
};

/** What belongs to no one system: applications, hosts, Kubernetes, and what is recorded of them. */
const common = [
  application,
  agents,
  business,
  node,
  cadvisor,
  kubelet,
  kube,
  apiserver,
  controlPlane,
  process,
  scrape,
  spans,
  alertSeries,
  hosts,
  hostShares,
  controlPlaneRates,
  services,
  workloads,
  logCounts,
];

const registries = new WeakMap<Composition, Registry>();

/** Every metric that anything of a stack reads: what belongs to no one system, and what its systems expose. */
export function catalogueOf(composition: Composition): Registry {
  const made = registries.get(composition);
  if (made !== undefined) return made;
  const own = composition.systems.flatMap(({ metrics = [] }) => metrics);
  const registry = new Registry([...common, ...own], sharedNames);
  registries.set(composition, registry);
  return registry;
}
