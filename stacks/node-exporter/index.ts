import type { System } from "../../environment/system";
import { exemptions } from "./exemptions";
import { images } from "./images";
import { nodeExporterPage } from "./page";
import { planNodeExporter } from "./plan";
import { defaults, httpPort, settings } from "./settings";

/** Measures the nodes. */
export const nodeExporter: System = {
  name: "node-exporter",
  purpose: "measures each node",
  stages: ["metrics"],
  port: httpPort,
  scrapedWhereItExists: true,
  images,
  settings,
  defaults,
  exemptions,
  page: () => nodeExporterPage,
  plan: planNodeExporter,
};
