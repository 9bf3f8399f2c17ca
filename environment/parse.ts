import type { z } from "zod";
import type { Composition } from "./composition";
import { defaultsOf } from "./defaults";
import { EnvironmentError, nearest, type Fault } from "./faults";
import { deepMerge } from "./merge";
import { faultsOf, keyOf, project } from "./issues";
import { plainSecrets, unencrypted } from "./plain-secrets";
import { profileNames, type Profile } from "./profile";
import { longForms } from "./retention";
import { crossChecks } from "./rules";
import { environmentSchema, type Environment, type EnvironmentSchema, type RuleFileTexts } from "./schema";
import { asInput, sizing, type Choice } from "./sizing";
import { tooSmall } from "./sizing/explain";
import { sizingRequest } from "./sizing/request";

/**
 * Parses what a person wrote into an {@link Environment}: defaults of the profile below, strict schema, then the rules
 * that span keys.
 * @param composition what the environment is made of: its systems say which keys there are
 * @param name the stack's name; also the profile unless `profile` says otherwise
 * @param given the values of the project's keys, objects as objects; the values of secrets are left out, `secrets` is the
 *   list of their names, or says of each how it stands in the file
 * @param further what is checked besides, by those who know more than the configuration does
 * @param ruleFiles what stands in the folders that `alerting.rules` names; nothing is read here
 * @throws EnvironmentError with every fault at once
 */
export function parseComposed(
  composition: Composition,
  name: string,
  given: Readonly<Record<string, unknown>>,
  further: (environment: Environment) => readonly Fault[] = () => [],
  ruleFiles: RuleFileTexts = {},
): Environment {
  const values = withNames(given);
  const profile = values["profile"] ?? name;
  if (!profileNames.includes(profile as Profile)) {
    throw new EnvironmentError(name, [unknownProfile(name, values["profile"])]);
  }
  // A copy: what the caller gave is not ours to freeze.
  const defaults = defaultsOf(profile as Profile, composition);
  const schema = environmentSchema(composition);
  const over = (base: object, input: object) =>
    schema.safeParse(deepMerge(base, longForms(structuredClone(input) as Record<string, unknown>)), {
      reportInput: true,
    });
  const read = (input: object) => {
    const parsed = over(defaults, input);
    if (!parsed.success) return parsed;
    const environment = { name, ruleFiles, composition, ...parsed.data };
    const sized = (choices: readonly Choice[]) => over(deepMerge(defaults, asInput(choices)), input);
    // A stated load decides the sizes anew; what a person wrote still stands above them.
    const choices = sizing(composition, sizingRequest(environment, input));
    if (environment.load !== undefined) return sized(choices);
    // Without one, volumes follow that a retention outgrows, once no default of another tier stands above them.
    const without = choices.filter(({ value }) => value === null);
    const usual = without.length === 0 ? parsed : sized(without);
    const outgrown = usual.success ? tooSmall({ name, ruleFiles, composition, ...usual.data }) : [];
    return outgrown.length === 0 ? usual : sized([...without, ...outgrown]);
  };
  const exposed = [...plainSecrets(values), ...unencrypted(given["secrets"])];
  const between = (environment: Environment) =>
    [...crossChecks(environment), ...further(environment)].map((fault) => ({
      ...fault,
      key: keyAsWritten(fault.key, values),
    }));
  const parsed = read(values);
  if (parsed.success) {
    const environment: Environment = Object.freeze({ ...deepFreeze({ name, ruleFiles, ...parsed.data }), composition });
    const faults = [...exposed, ...between(environment)];
    if (faults.length > 0) throw new EnvironmentError(name, faults);
    return environment;
  }
  const wrong = parsed.error.issues.flatMap((issue) =>
    faultsOf(schema, { ...issue, path: asWritten(issue.path.map(String), values) }),
  );
  // What a secret's key is wrong for besides would repeat the secret.
  const faults = [...exposed, ...wrong.filter(({ key }) => !exposed.some((each) => each.key.startsWith(key)))];
  // What spans keys is checked as well, on the values that are right: all faults of a file come at once.
  const rest = readable(read, values);
  const others = rest === undefined ? [] : between({ name, ruleFiles, composition, ...rest });
  // Who names a receiver is not wrong because the receivers are.
  const receivers = `${project}:alerting.receivers`;
  const namesReceiver =
    /:alerting\.(\w+Receiver|watchdogReceivers\..+|severities\.\w+|teams\..+|escalation\..+\.receiver)$/;
  const related = (key: string) => (namesReceiver.test(key) ? receivers : key);
  const known = (key: string) => faults.some((fault) => fault.key.startsWith(key) || key.startsWith(fault.key));
  throw new EnvironmentError(name, [...faults, ...others.filter(({ key }) => !known(key) && !known(related(key)))]);
}

/** `secrets` as the schema has it: who names one that is there in plain text names one that there is. */
function withNames(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { secrets, ...others } = values;
  if (secrets === undefined || Array.isArray(secrets)) return values;
  return { ...others, secrets: typeof secrets === "object" && secrets !== null ? Object.keys(secrets) : [] };
}

/** What can be read of the values when everything wrong is taken out; what is left can lack a key, hence the rounds. */
function readable(read: (input: object) => ReturnType<EnvironmentSchema["safeParse"]>, values: object) {
  let input = values;
  for (let round = 0; round < 5; round++) {
    const result = read({ cluster: "unnamed", ...input });
    if (result.success) return result.data;
    input = withoutPaths(input, result.error.issues);
  }
  return undefined;
}

/** The values without those that an issue points at. */
function withoutPaths(values: object, issues: readonly z.core.$ZodIssue[]): object {
  const copy = structuredClone(values) as Record<string, unknown>;
  const remove = (path: readonly PropertyKey[]) => {
    let parent: unknown = copy;
    for (const part of path.slice(0, -1)) parent = (parent as Record<PropertyKey, unknown> | undefined)?.[part];
    const last = path[path.length - 1];
    if (last === undefined) return;
    const there = typeof parent === "object" && parent !== null && Object.hasOwn(parent, last);
    if (there) Reflect.deleteProperty(parent as object, last);
    // What lacks a key is as wrong as what holds a wrong one, and a list with a hole is no list: the whole of it goes.
    if (!there || Array.isArray(parent)) remove(path.slice(0, -1));
  };
  for (const issue of issues) {
    if (issue.code === "unrecognized_keys") issue.keys.forEach((key) => remove([...issue.path, key]));
    else remove(issue.path);
  }
  return copy;
}

function unknownProfile(name: string, profile: unknown): Fault {
  const guess = nearest(String(profile ?? name), profileNames);
  return {
    key: profile === undefined ? "stack" : `${project}:profile`,
    value: JSON.stringify(profile ?? name),
    reason: `there is no such environment; there are ${profileNames.join(", ")}`,
    fix: guess
      ? `did you mean "${guess}"?`
      : `name the stack local, dev or prod, or say which it resembles: pulumi config set ${project}:profile prod`,
  };
}

/** A path of the schema as the person wrote it: it ends where a short form such as `logs: 7d` stands. */
function asWritten(path: readonly string[], values: unknown): string[] {
  let value = values;
  for (const [index, part] of path.entries()) {
    value = (value as Record<string, unknown> | undefined)?.[part];
    if (value === undefined) break;
    if (typeof value !== "object" || value === null) return path.slice(0, index + 1);
  }
  return [...path];
}

function keyAsWritten(key: string, values: unknown): string {
  // What stands in a file that the configuration names is no key of it.
  if (!key.startsWith(`${project}:`)) return key;
  const path = key.replace(`${project}:`, "").split(/[.[\]]+/);
  const written = asWritten(path, values);
  return written.length < path.length ? keyOf(written) : key;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
