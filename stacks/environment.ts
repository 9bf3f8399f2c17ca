import { alertingFaults } from "../alerts";
import { parseEnvironment, type Environment } from "../environment";

/**
 * {@link parseEnvironment} with everything that the stack knows beyond the configuration: alerts, limits and teams that
 * it names are there.
 * @throws EnvironmentError with every fault at once
 */
export function stackEnvironment(name: string, values: Readonly<Record<string, unknown>>): Environment {
  return parseEnvironment(name, values, alertingFaults);
}
