import { routing } from "../../alerts";
import { deepMerge, urlOf, type Environment } from "../../environment";
import { serverTracing } from "../shared";

/** Alertmanager's own configuration; whom it tells when is decided in alerts/routing. */
export function alertmanagerConfig(environment: Environment): object {
  const tempo = urlOf(environment, "tempo", "write");
  const config = {
    global: { resolve_timeout: "5m" },
    ...routing(environment),
    ...(tempo === undefined ? {} : { tracing: serverTracing(environment, tempo, (value) => ({ values: [value] })) }),
  };
  return deepMerge(config, environment.systems.alertmanager.config);
}
