import { prometheusRules } from "../../alerts";
import { isDeployed } from "../../environment";
import type { System } from "../../environment/system";
import { ownLevels } from "../../signals";
import { ruleFiles } from "../system";
import { prometheusAlerts } from "./alerts";
import { headAlerts } from "./head-alerts";
import { images } from "./images";
import { prometheus as prometheusMetrics } from "./metrics";
import { prometheusPage } from "./page";
import { planPrometheus } from "./plan";
import { rules } from "./rules";
import { sizePrometheus } from "./sizing";
import { defaults, httpPort, settings } from "./settings";
import { prometheusThresholds } from "./thresholds";

/** Scrapes everything, keeps it for days, evaluates rules. */
export const prometheus: System = {
  name: "prometheus",
  purpose: "collects recent metrics, evaluates alerts",
  stages: ["metrics", "alerts"],
  port: httpPort,
  vital: true,
  // It takes what is pushed by the address of each replica: the first shard's.
  writtenToEach: () => true,
  lastPlanned: true,
  images,
  settings,
  defaults,
  sizing: sizePrometheus,
  rules,
  metrics: [prometheusMetrics],
  thresholds: prometheusThresholds,
  page: () => prometheusPage,
  alerts: {
    name: "prometheus",
    needs: [],
    alerts: (environment, thresholds) => [
      ...prometheusAlerts(ownLevels(prometheusThresholds, thresholds), {
        remote: isDeployed(environment, "victoriametrics"),
        alertmanager: isDeployed(environment, "alertmanager"),
      }),
      ...headAlerts(environment.systems.prometheus.podLimits.sampleLimit),
    ],
  },
  plan: (environment, { scrapeJobs }) =>
    planPrometheus(environment, scrapeJobs, ruleFiles(prometheusRules(environment), { cluster: environment.cluster })),
};
