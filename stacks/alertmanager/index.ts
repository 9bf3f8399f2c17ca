import type { System } from "../../environment/system";
import { alertmanagerAlerts } from "./alerts";
import { images } from "./images";
import { alertmanager as alertmanagerMetrics } from "./metrics";
import { alertmanagerPage } from "./page";
import { planAlertmanager } from "./plan";
import { sizeAlertmanager } from "./sizing";
import { defaults, httpPort, settings } from "./settings";

/** Tells people, once. */
export const alertmanager: System = {
  name: "alertmanager",
  purpose: "tells people of alerts",
  stages: ["alerts"],
  port: httpPort,
  vital: true,
  images,
  settings,
  defaults,
  sizing: sizeAlertmanager,
  metrics: [alertmanagerMetrics],
  page: ({ systems }) => alertmanagerPage(systems.alertmanager.replicas),
  alerts: {
    name: "alertmanager",
    needs: ["alertmanager"],
    alerts: ({ systems }, thresholds) => alertmanagerAlerts(thresholds, systems.alertmanager.replicas),
  },
  plan: planAlertmanager,
};
