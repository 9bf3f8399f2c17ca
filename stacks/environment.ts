import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { alertingFaults } from "../alerts";
import {
  EnvironmentError,
  located,
  parseComposed,
  type Composition,
  type Environment,
  type Fault,
  type Pack,
  type RuleFileTexts,
} from "../environment";
import { packFaults } from "./pack-checks";
import { packsOf } from "./packs";
import { readRuleFiles } from "./rule-files";
import { composition as whole } from "./systems";

/**
 * {@link parseComposed} of the whole stack, as far as the configuration alone tells.
 * @throws EnvironmentError with every fault at once
 */
export function parseEnvironment(
  name: string,
  values: Readonly<Record<string, unknown>>,
  further?: (environment: Environment) => readonly Fault[],
  ruleFiles?: RuleFileTexts,
): Environment {
  const { packs, faults } = packsOf(values, process.cwd(), whole.packs);
  const all = (environment: Environment) => [...faults, ...(further?.(environment) ?? [])];
  return parseComposed(withPacks(whole, packs), name, values, all, ruleFiles);
}

export interface StackOptions {
  /** What folders of the configuration are relative to. @default the working folder, the project's in Pulumi */
  readonly root?: string;
  /** Packs from code, besides those that the configuration names. @default none */
  readonly packs?: readonly Pack[];
  /** @default all systems of the stack, and its own packs */
  readonly composition?: Composition;
}

/**
 * {@link parseComposed} with everything that the stack knows beyond the configuration: packs, alerts, thresholds and teams
 * that it names are there, no two owners claim one name, and rule files of teams can be deployed.
 * @throws EnvironmentError with every fault at once
 */
export function stackEnvironment(
  name: string,
  values: Readonly<Record<string, unknown>>,
  { root = process.cwd(), packs = [], composition = whole }: StackOptions = {},
): Environment {
  const named = packsOf(values, root, composition.packs);
  const together = withPacks(composition, [...named.packs, ...packs]);
  const further = (environment: Environment) => [...named.faults, ...stackFaults(environment)];
  return parseComposed(together, name, values, further, readRuleFiles(values, root));
}

/**
 * {@link stackEnvironment} of what a stack file of a project says: a fault says where its key stands in it.
 * @param root the folder of the project
 * @throws EnvironmentError with every fault at once
 */
export function projectEnvironment(name: string, values: Readonly<Record<string, unknown>>, root: string): Environment {
  try {
    return stackEnvironment(name, values, { root });
  } catch (error) {
    const file = `Pulumi.${name}.yaml`;
    const path = join(root, file);
    if (!(error instanceof EnvironmentError) || !existsSync(path)) throw error;
    throw located(error, file, readFileSync(path, "utf8"));
  }
}

/**
 * An environment with packs from code besides its own.
 * @throws EnvironmentError where the two can't be together
 */
export function environmentWith(environment: Environment, packs: readonly Pack[]): Environment {
  if (packs.length === 0) return environment;
  const { composition } = environment;
  const together = { ...environment, composition: withPacks(composition, [...composition.packs, ...packs]) };
  const faults = stackFaults(together);
  if (faults.length > 0) throw new EnvironmentError(environment.name, faults);
  return together;
}

/** What is wrong with packs is told first: what follows from it would only confuse. */
function stackFaults(environment: Environment): Fault[] {
  const ofPacks = packFaults(environment);
  return ofPacks.length > 0 ? ofPacks : alertingFaults(environment);
}

/** The same composition is the same object: what is derived of one is derived once. */
function withPacks(composition: Composition, packs: readonly Pack[]): Composition {
  const same =
    packs.length === composition.packs.length && packs.every((pack, index) => composition.packs[index] === pack);
  if (same) return composition;
  const leftOut = [...composition.packs, ...(composition.leftOut ?? [])].filter((pack) => !packs.includes(pack));
  return { ...composition, packs, leftOut };
}
