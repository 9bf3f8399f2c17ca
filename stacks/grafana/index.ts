import { dashboards } from "../../dashboards";
import { filesOf } from "../../alerts/figures";
import { completedBy } from "../../alerts/fires";
import { runbookPages } from "../../dashboards/runbooks";
import type { System } from "../../environment/system";
import { ownLevels } from "../../signals";
import { grafanaAlerts } from "./alerts";
import { exemptions } from "./exemptions";
import { images } from "./images";
import { grafana as grafanaMetrics } from "./metrics";
import { grafanaPage } from "./page";
import { planGrafana } from "./plan";
import { rules } from "./rules";
import { sizeGrafana } from "./sizing";
import { defaults, httpPort, section, settings } from "./settings";
import { grafanaThresholds } from "./thresholds";

/** Shows it all. */
export const grafana: System = {
  name: "grafana",
  purpose: "shows all of it",
  stages: ["dashboards"],
  port: httpPort,
  seenWhereDeployed: true,
  images,
  settings,
  section,
  defaults,
  sizing: sizeGrafana,
  rules,
  exemptions,
  metrics: [grafanaMetrics],
  thresholds: grafanaThresholds,
  page: () => grafanaPage,
  alerts: {
    name: "grafana",
    needs: ["grafana"],
    alerts: (_, thresholds) => grafanaAlerts(ownLevels(grafanaThresholds, thresholds)),
  },
  plan: (environment) =>
    planGrafana(environment, [
      ...dashboards(environment),
      ...runbookPages(environment, completedBy(filesOf(environment).flatMap(([, groups]) => groups))),
    ]),
};
