import { agentAlerts, businessAlerts } from "../../alerts/services";
import { agentObjectives } from "../../alerts/slos";
import { agentHealth } from "../../dashboards/agent-health";
import { businessMetrics } from "../../dashboards/business-metrics";
import type { Pack } from "../../environment";
import { agentRates, agentRules, agents, business, ownLevels, phoenixThresholds } from "../../signals";

/** Phoenix: agents, the plans that they work on, and what becomes of them. */
export const phoenixPack: Pack = {
  name: "phoenix",
  metrics: [agents, business, agentRates],
  recorded: agentRules,
  thresholds: phoenixThresholds,
  pages: [{ page: () => businessMetrics }, { page: () => agentHealth }],
  alerts: [
    {
      name: "application",
      alerts: (_, thresholds) => [
        ...agentAlerts(ownLevels(phoenixThresholds, thresholds)),
        ...businessAlerts(thresholds),
      ],
    },
  ],
  objectives: agentObjectives,
};
