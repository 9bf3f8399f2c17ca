import type { Composition } from "../environment";
import { ownPacks } from "../packs";
import { catalogueOf } from "../signals";
import { alertmanager } from "./alertmanager";
import { collector } from "./collector";
import { grafana } from "./grafana";
import { kubeStateMetrics } from "./kube-state-metrics";
import { loki } from "./loki";
import { nodeExporter } from "./node-exporter";
import { phoenix } from "./phoenix";
import { prometheus } from "./prometheus";
import { tempo } from "./tempo";
import { versitygw } from "./versitygw";
import { victoriametrics } from "./victoriametrics";
import { vmagent } from "./vmagent";
import { vmalert } from "./vmalert";

/** What the stack is made of: the only list of its systems, in the order in which they are shown, and its own packs. */
export const composition: Composition = {
  packs: ownPacks,
  systems: [
    prometheus,
    victoriametrics,
    vmagent,
    vmalert,
    loki,
    tempo,
    grafana,
    alertmanager,
    collector,
    nodeExporter,
    kubeStateMetrics,
    versitygw,
    phoenix,
  ],
};

export const systemNames = composition.systems.map(({ name }) => name);

/** Every metric that anything of the stack reads. */
export const catalogue = catalogueOf(composition);
