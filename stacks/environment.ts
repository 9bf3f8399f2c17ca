import { alertingFaults } from "../alerts";
import { parseEnvironment, type Environment } from "../environment";
import { readRuleFiles } from "./rule-files";

/**
 * {@link parseEnvironment} with everything that the stack knows beyond the configuration: alerts, limits and teams that
 * it names are there, and rule files of teams can be deployed.
 * @param root what folders of the configuration are relative to @default the working folder, the project's in Pulumi
 * @throws EnvironmentError with every fault at once
 */
export function stackEnvironment(
  name: string,
  values: Readonly<Record<string, unknown>>,
  root: string = process.cwd(),
): Environment {
  return parseEnvironment(name, values, alertingFaults, readRuleFiles(values, root));
}
