import { sharedNames } from "./naming";
import { controlPlaneRates, hosts, hostShares, logCounts, services, workloads } from "./recorded";
import { Registry } from "./registry";
import { alertmanager } from "./sources/alertmanager";
import { alertSeries } from "./sources/alerts";
import { apiserver } from "./sources/apiserver";
import { agents, application, business } from "./sources/application";
import { cadvisor } from "./sources/cadvisor";
import { collector } from "./sources/collector";
import { controlPlane } from "./sources/control-plane";
import { grafana } from "./sources/grafana";
import { kube } from "./sources/kube-state-metrics";
import { kubelet } from "./sources/kubelet";
import { loki } from "./sources/loki";
import { node } from "./sources/node-exporter";
import { process } from "./sources/process";
import { prometheus } from "./sources/prometheus";
import { scrape } from "./sources/scrape";
import { spans } from "./sources/span-metrics";
import { tempo, tempo2, tempo3 } from "./sources/tempo";
import { victoriametrics } from "./sources/victoriametrics";
import { vmagent } from "./sources/vmagent";
import { vmalert } from "./sources/vmalert";

export {
  agents,
  alertmanager,
  alertSeries,
  apiserver,
  application,
  business,
  cadvisor,
  collector,
  controlPlane,
  controlPlaneRates,
  grafana,
  hosts,
  hostShares,
  kube,
  kubelet,
  logCounts,
  loki,
  node,
  process,
  prometheus,
  scrape,
  services,
  spans,
  tempo,
  tempo2,
  tempo3,
  victoriametrics,
  vmagent,
  vmalert,
  workloads,
};

/** Every metric that anything of ours reads. */
export const catalogue = new Registry(
  [
    application,
    agents,
    business,
    node,
    cadvisor,
    kubelet,
    kube,
    apiserver,
    controlPlane,
    prometheus,
    alertmanager,
    victoriametrics,
    vmagent,
    vmalert,
    loki,
    tempo,
    tempo2,
    tempo3,
    collector,
    grafana,
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
  ],
  sharedNames,
);
