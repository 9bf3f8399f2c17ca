import { samplesTraces } from "../../environment";
import type { System } from "../../environment/system";
import { collectorAlerts } from "./alerts";
import { exemptions } from "./exemptions";
import { images } from "./images";
import { collector as collectorMetrics } from "./metrics";
import { collectorPage } from "./page";
import { planCollector } from "./plan";
import { rules } from "./rules";
import { sizeCollector } from "./sizing";
import { defaults, httpPort, settings } from "./settings";

/** Takes what applications and nodes send: gateways, samplers, an agent on each node. */
export const collector: System = {
  name: "collector",
  purpose: "takes metrics, logs and traces, sends them on",
  purposes: {
    events: "turns what happens in Kubernetes into logs",
    agent: "on each node: reads the pods' logs, takes what they send",
    sampler: "decides which traces are kept",
  },
  stages: ["metrics", "logs", "traces"],
  port: httpPort,
  main: "gateway",
  jobs: (environment) => [
    "collector-gateway",
    "collector-agent",
    ...(samplesTraces(environment) ? ["collector-sampler"] : []),
  ],
  images,
  settings,
  defaults,
  sizing: sizeCollector,
  rules,
  exemptions,
  metrics: [collectorMetrics],
  page: (environment) => collectorPage(samplesTraces(environment)),
  alerts: { name: "collector", needs: ["collector"], alerts: (_, thresholds) => collectorAlerts(thresholds) },
  plan: planCollector,
};
