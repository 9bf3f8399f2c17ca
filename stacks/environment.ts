import { alertingFaults } from "../alerts";
import {
  EnvironmentError,
  readEnvironment,
  type Composition,
  type Environment,
  type Fault,
  type Pack,
  type RuleFileTexts,
} from "../environment";
import { clashes, strayLinks } from "./clashes";
import { packsOf } from "./packs";
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
  const packs = packsOf(name, values, process.cwd(), whole.packs);
  return readEnvironment(withPacks(whole, packs), name, values, further, ruleFiles);
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
 * {@link readEnvironment} with everything that the stack knows beyond the configuration: packs, alerts, limits and teams
 * that it names are there, no two owners claim one name, and rule files of teams can be deployed.
 * @throws EnvironmentError with every fault at once
 */
export function stackEnvironment(
  name: string,
  values: Readonly<Record<string, unknown>>,
  { root = process.cwd(), packs = [], composition = whole }: StackOptions = {},
): Environment {
  const all = [...packsOf(name, values, root, composition.packs), ...packs];
  return readEnvironment(withPacks(composition, all), name, values, stackFaults, readRuleFiles(values, root));
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

/** What two packs claim is told first: what follows from it would only confuse. */
function stackFaults(environment: Environment): Fault[] {
  const claimed = clashes(environment);
  if (claimed.length > 0) return claimed;
  // Ours may lead to a page of a pack that is left out: such links are not shown.
  const ours = new Set(whole.packs.map(({ name }) => `pack ${name}`));
  const given = (owner: string) => owner.startsWith("pack ") && !ours.has(owner);
  return [...strayLinks(environment, given), ...alertingFaults(environment)];
}

/** The same composition is the same object: what is derived of one is derived once. */
function withPacks(composition: Composition, packs: readonly Pack[]): Composition {
  const same =
    packs.length === composition.packs.length && packs.every((pack, index) => composition.packs[index] === pack);
  return same ? composition : { ...composition, packs };
}
