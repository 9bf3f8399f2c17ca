import { routing, templatesFile } from "../../alerts";
import { deepMerge, urlOf, type Environment } from "../../environment";
import { serverTracing } from "../shared";

/** Alertmanager's own configuration; whom it tells when, and in which words, is decided in alerts/routing. */
export function alertmanagerConfig(environment: Environment): object {
  const tempo = urlOf(environment, "tempo", "write");
  const own = environment.systems.alertmanager.config as { readonly templates?: readonly string[] };
  const config = {
    global: { resolve_timeout: "5m" },
    ...routing(environment),
    ...(tempo === undefined ? {} : { tracing: serverTracing(environment, tempo, (value) => ({ values: [value] })) }),
  };
  // Somebody's own templates come besides ours: the receivers speak in ours. Paths are relative to this file.
  return { ...deepMerge(config, own), templates: [templatesFile, ...(own.templates ?? [])] };
}
