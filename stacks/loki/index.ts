import { lokiRules } from "../../alerts";
import type { System } from "../../environment/system";
import { ownLevels } from "../../signals";
import { frontOf } from "../parts";
import { ruleFiles } from "../system";
import { lokiAlerts } from "./alerts";
import { exemptions } from "./exemptions";
import { images } from "./images";
import { streamLimit } from "./limits";
import { loki as lokiMetrics } from "./metrics";
import { lokiPage } from "./page";
import { planLoki } from "./plan";
import { rules } from "./rules";
import { sizeLoki } from "./sizing";
import { defaults, httpPort, section, settings } from "./settings";
import { lokiThresholds } from "./thresholds";
import { upkeepAlerts } from "./upkeep-alerts";

/** Keeps logs in S3. */
export const loki: System = {
  name: "loki",
  purpose: "keeps and searches logs",
  stages: ["logs"],
  port: httpPort,
  vital: true,
  endpoint: ({ systems }, use) => ({ component: frontOf(systems.loki, use), port: httpPort }),
  images,
  settings,
  section,
  defaults,
  sizing: sizeLoki,
  rules,
  exemptions,
  metrics: [lokiMetrics],
  thresholds: lokiThresholds,
  page: () => lokiPage,
  alerts: {
    name: "loki",
    needs: ["loki"],
    alerts: (environment, thresholds) => [
      ...lokiAlerts(ownLevels(lokiThresholds, thresholds)),
      ...upkeepAlerts(streamLimit(environment), environment.loki.replicationFactor),
    ],
  },
  objectStorage: "uses",
  plan: (environment, { storage }) => planLoki(environment, storage, ruleFiles(lokiRules(environment))),
};
