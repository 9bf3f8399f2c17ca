import { isDeployed } from "../../environment";
import type { System } from "../../environment/system";
import { exemptions } from "./exemptions";
import { images } from "./images";
import { kubeStateMetricsPage } from "./page";
import { planKubeStateMetrics } from "./plan";
import { rules } from "./rules";
import { sizeKubeStateMetrics } from "./sizing";
import { defaults, httpPort, settings } from "./settings";
import { kubeStateMetricsThresholds } from "./thresholds";

/** Tells the state of Kubernetes' objects as metrics. */
export const kubeStateMetrics: System = {
  name: "kube-state-metrics",
  purpose: "tells what Kubernetes wants and has",
  stages: ["metrics"],
  port: httpPort,
  jobs: (environment) => [
    "kube-state-metrics",
    ...(isDeployed(environment, "kube-state-metrics") ? ["kube-state-metrics-telemetry"] : []),
  ],
  scrapedWhereItExists: true,
  images,
  settings,
  defaults,
  sizing: sizeKubeStateMetrics,
  rules,
  exemptions,
  thresholds: kubeStateMetricsThresholds,
  page: () => kubeStateMetricsPage,
  plan: planKubeStateMetrics,
};
