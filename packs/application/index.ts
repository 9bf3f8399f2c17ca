import { serviceAlerts, spanAlerts } from "../../alerts/services";
import { serviceObjectives } from "../../alerts/slos";
import { applicationPerformance } from "../../dashboards/application-performance";
import type { Pack } from "../../environment";
import { application, services, serviceRules, spans } from "../../signals";

/** Services that serve requests: what they emit, and what their spans tell. */
export const applicationPack: Pack = {
  name: "application",
  metrics: [application, spans, services],
  recorded: serviceRules,
  pages: [{ page: () => applicationPerformance }],
  alerts: [
    { name: "application", alerts: (_, thresholds) => serviceAlerts(thresholds) },
    { name: "spans", needs: ["tempo"], alerts: (_, thresholds) => spanAlerts(thresholds) },
  ],
  objectives: serviceObjectives,
};
