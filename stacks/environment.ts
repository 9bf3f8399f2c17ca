import { alertingFaults } from "../alerts";
import { readEnvironment, type Composition, type Environment, type Fault, type RuleFileTexts } from "../environment";
import { readRuleFiles } from "./rule-files";
import { composition as whole } from "./systems";

/**
 * {@link readEnvironment} of the whole stack, as far as the configuration alone tells.
 * @throws EnvironmentError with every fault at once
 */
export function parseEnvironment(
  name: string,
  values: Readonly<Record<string, unknown>>,
  further?: (environment: Environment) => readonly Fault[],
  ruleFiles?: RuleFileTexts,
): Environment {
  return readEnvironment(whole, name, values, further, ruleFiles);
}

/**
 * {@link readEnvironment} with everything that the stack knows beyond the configuration: alerts, limits and teams that
 * it names are there, and rule files of teams can be deployed.
 * @param root what folders of the configuration are relative to @default the working folder, the project's in Pulumi
 * @param composition what the stack is made of @default all of its systems
 * @throws EnvironmentError with every fault at once
 */
export function stackEnvironment(
  name: string,
  values: Readonly<Record<string, unknown>>,
  root: string = process.cwd(),
  composition: Composition = whole,
): Environment {
  return readEnvironment(composition, name, values, alertingFaults, readRuleFiles(values, root));
}
