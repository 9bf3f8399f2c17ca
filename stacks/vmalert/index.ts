import { vmalertRules } from "../../alerts";
import type { System } from "../../environment/system";
import { ruleFiles } from "../system";
import { vmalertAlerts } from "./alerts";
import { vmalert as vmalertMetrics } from "./metrics";
import { vmalertPage } from "./page";
import { evaluatesOnStore } from "./config";
import { images } from "./images";
import { planVmalert } from "./plan";
import { recordAlerts } from "./record-alerts";
import { defaults, httpPort, settings } from "./settings";

/** Evaluates on the long-term store what Prometheus can't: across shards, or further back than it keeps. */
export const vmalert: System = {
  name: "vmalert",
  purpose: "evaluates rules over long windows",
  stages: ["metrics", "alerts"],
  port: httpPort,
  when: evaluatesOnStore,
  seenWhereDeployed: true,
  images,
  settings,
  defaults,
  metrics: [vmalertMetrics],
  page: () => vmalertPage,
  alerts: {
    name: "vmalert",
    needs: ["vmalert"],
    alerts: (_, thresholds) => [...vmalertAlerts(thresholds), ...recordAlerts()],
  },
  plan: (environment) => planVmalert(environment, ruleFiles(vmalertRules(environment))),
};
