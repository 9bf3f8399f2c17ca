import type { System } from "../../environment/system";
import { objectStoreAlerts } from "./alerts";
import { images } from "./images";
import { planVersitygw } from "./plan";
import { rules } from "./rules";
import { sizeVersitygw } from "./sizing";
import { defaults, httpPort, settings } from "./settings";

/** S3 inside the cluster, where there is no cloud. */
export const versitygw: System = {
  name: "versitygw",
  purpose: "S3 inside the cluster",
  stages: ["logs", "traces"],
  port: httpPort,
  when: ({ storage }) => storage.kind === "in-cluster",
  // It exposes no metrics; its StatefulSet is watched instead.
  jobs: () => [],
  images,
  settings,
  defaults,
  sizing: sizeVersitygw,
  rules,
  alerts: {
    name: "object-store",
    needs: ["versitygw", "kube-state-metrics"],
    alerts: ({ namespace }) => objectStoreAlerts(namespace),
  },
  objectStorage: "serves",
  plan: (environment, { storage }) => planVersitygw(environment, storage),
};
