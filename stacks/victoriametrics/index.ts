import type { System } from "../../environment/system";
import { ownLevels } from "../../signals";
import { victoriametricsAlerts } from "./alerts";
import { clusterAlerts } from "./cluster-alerts";
import { exemptions } from "./exemptions";
import { images } from "./images";
import { victoriametrics as victoriametricsMetrics, vmauth } from "./metrics";
import { victoriametricsPage } from "./page";
import { endpoint } from "./endpoint";
import { planVictoriametrics } from "./plan";
import { rules } from "./rules";
import { storageAlerts } from "./storage-alerts";
import { sizeVictoriametrics } from "./sizing";
import { defaults, httpPort, settings } from "./settings";
import { victoriametricsThresholds } from "./thresholds";

/** Keeps metrics for long: a store for each resolution. */
export const victoriametrics: System = {
  name: "victoriametrics",
  purpose: "keeps metrics for long",
  purposes: { vmauth: "one door before several stores of metrics" },
  stages: ["metrics"],
  port: httpPort,
  vital: true,
  endpoint,
  // Several single nodes are written to one by one.
  writtenToEach: ({ systems }) => systems.victoriametrics.mode === "single" && systems.victoriametrics.replicas > 1,
  jobs: (environment) => [
    "victoriametrics",
    ...(endpoint(environment, "read").component === "vmauth" ? ["vmauth"] : []),
  ],
  images,
  settings,
  defaults,
  sizing: sizeVictoriametrics,
  rules,
  exemptions,
  metrics: [victoriametricsMetrics, vmauth],
  thresholds: victoriametricsThresholds,
  page: () => victoriametricsPage,
  alerts: {
    name: "victoriametrics",
    needs: ["victoriametrics"],
    alerts: (_, thresholds) => [
      ...victoriametricsAlerts(ownLevels(victoriametricsThresholds, thresholds)),
      ...storageAlerts(),
      ...clusterAlerts(),
    ],
  },
  plan: planVictoriametrics,
};
