import type { Environment } from "../../environment";
import type { Endpoint, Use } from "../../environment/system";
import { httpPort } from "./settings";

/** vmauth's, where it stands in front of several. */
const vmauth: Endpoint = { component: "vmauth", port: 8427 };

/** Where VictoriaMetrics answers; several single nodes are read through what knows which of them does. */
export function endpoint({ systems }: Pick<Environment, "systems">, use: Use): Endpoint {
  const { mode, replicas } = systems.victoriametrics;
  if (mode === "cluster" && use === "write") {
    return { component: "vminsert", port: 8480, path: "/insert/0/prometheus" };
  }
  return mode === "cluster" || (use === "read" && replicas > 1) ? vmauth : { component: "server", port: httpPort };
}
