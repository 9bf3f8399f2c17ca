import type { System } from "../../environment/system";
import { ownLevels } from "../../signals";
import { frontOf } from "../parts";
import { tempoAlerts } from "./alerts";
import { exemptions } from "./exemptions";
import { images } from "./images";
import { generatorAlerts } from "./generator-alerts";
import { tempo as tempoMetrics, tempo2, tempo3 } from "./metrics";
import { partitionAlerts } from "./partition-alerts";
import { tempoPage } from "./page";
import { planTempo } from "./plan";
import { ringAlerts } from "./ring-alerts";
import { rules } from "./rules";
import { sizeTempo } from "./sizing";
import { defaults, httpPort, section, settings } from "./settings";
import { tempoThresholds } from "./thresholds";

/** Keeps traces in S3. */
export const tempo: System = {
  name: "tempo",
  purpose: "keeps and searches traces",
  stages: ["traces"],
  port: httpPort,
  vital: true,
  endpoint: ({ systems }, use) => ({ component: frontOf(systems.tempo, use), port: httpPort }),
  images,
  settings,
  section,
  defaults,
  sizing: sizeTempo,
  rules,
  exemptions,
  metrics: [tempoMetrics, tempo2, tempo3],
  thresholds: tempoThresholds,
  page: ({ tempo: { majorVersion } }) => tempoPage(majorVersion),
  alerts: {
    name: "tempo",
    needs: ["tempo"],
    alerts: ({ tempo: { majorVersion } }, thresholds) => [
      ...tempoAlerts(ownLevels(tempoThresholds, thresholds), majorVersion),
      ...ringAlerts(),
      ...generatorAlerts(),
      ...(majorVersion === "3" ? partitionAlerts() : []),
    ],
  },
  objectStorage: "uses",
  plan: (environment, { storage }) => planTempo(environment, storage),
};
