import { isDeployed } from "../../environment";
import { keptMetrics } from "../../environment/retention";
import type { System } from "../../environment/system";
import { vmagentAlerts } from "./alerts";
import { images } from "./images";
import { vmagent as vmagentMetrics } from "./metrics";
import { vmagentPage } from "./page";
import { planVmagent } from "./plan";
import { queueAlerts } from "./queue-alerts";
import { rules } from "./rules";
import { sizeVmagent } from "./sizing";
import { defaults, httpPort, settings } from "./settings";

/** Takes each sample once and writes it to every store of metrics. */
export const vmagent: System = {
  name: "vmagent",
  purpose: "copies metrics to each store of the long term",
  stages: ["metrics"],
  port: httpPort,
  // One store is written to by Prometheus itself.
  when: (environment) => isDeployed(environment, "victoriametrics") && keptMetrics(environment).length > 1,
  seenWhereDeployed: true,
  images,
  settings,
  defaults,
  sizing: sizeVmagent,
  rules,
  metrics: [vmagentMetrics],
  page: () => vmagentPage,
  alerts: { name: "vmagent", needs: ["vmagent"], alerts: () => [...vmagentAlerts(), ...queueAlerts()] },
  plan: planVmagent,
};
