import type { z } from "zod";
import { defaultsOf, profileNames, type Profile } from "./defaults";
import { EnvironmentError, nearest, type Fault } from "./faults";
import { deepMerge } from "./merge";
import { plainSecrets, unencrypted } from "./plain-secrets";
import { reasonOf } from "./reasons";
import { longForms } from "./retention";
import { crossChecks } from "./rules";
import { environmentSchema, type Environment, type RuleFileTexts } from "./schema";
import { asInput, sizing, type Choice } from "./sizing";
import { tooSmall } from "./sizing/explain";
import { sizingRequest } from "./sizing/request";

/** Keys in Pulumi configuration are written `observability:<key>`. */
export const project = "observability";

/**
 * Parses what a person wrote into an {@link Environment}: defaults of the profile below, strict schema, then the rules
 * that span keys.
 * @param name the stack's name; also the profile unless `profile` says otherwise
 * @param given the values of the project's keys, objects as objects; the values of secrets are left out, `secrets` is the
 *   list of their names, or says of each how it stands in the file
 * @param further what is checked besides, by those who know more than the configuration does
 * @param ruleFiles what stands in the folders that `alerting.rules` names; nothing is read here
 * @throws EnvironmentError with every fault at once
 */
export function parseEnvironment(
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
  const defaults = defaultsOf(profile as Profile);
  const over = (base: object, input: object) =>
    environmentSchema.safeParse(deepMerge(base, longForms(structuredClone(input) as Record<string, unknown>)), {
      reportInput: true,
    });
  const read = (input: object) => {
    const parsed = over(defaults, input);
    if (!parsed.success) return parsed;
    const environment = { name, ruleFiles, ...parsed.data };
    const sized = (choices: readonly Choice[]) => over(deepMerge(defaults, asInput(choices)), input);
    // A stated load decides the sizes anew; what a person wrote still stands above them.
    const choices = sizing(sizingRequest(environment, input));
    if (environment.load !== undefined) return sized(choices);
    // Without one, volumes follow that a retention outgrows, once no default of another tier stands above them.
    const without = choices.filter(({ value }) => value === null);
    const usual = without.length === 0 ? parsed : sized(without);
    const outgrown = usual.success ? tooSmall({ name, ruleFiles, ...usual.data }) : [];
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
    const environment: Environment = deepFreeze({ name, ruleFiles, ...parsed.data });
    const faults = [...exposed, ...between(environment)];
    if (faults.length > 0) throw new EnvironmentError(name, faults);
    return environment;
  }
  const wrong = parsed.error.issues.flatMap((issue) =>
    toFaults({ ...issue, path: asWritten(issue.path.map(String), values) }),
  );
  // What a secret's key is wrong for besides would repeat the secret.
  const faults = [...exposed, ...wrong.filter(({ key }) => !exposed.some((each) => each.key.startsWith(key)))];
  // What spans keys is checked as well, on the values that are right: all faults of a file come at once.
  const rest = readable(read, values);
  const others = rest === undefined ? [] : between({ name, ruleFiles, ...rest });
  // Who names a receiver is not wrong because the receivers are.
  const receivers = `${project}:alerting.receivers`;
  const namesReceiver = /:alerting\.(\w+Receiver|severities\.\w+|teams\..+|escalation\..+\.receiver)$/;
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
function readable(read: (input: object) => ReturnType<typeof environmentSchema.safeParse>, values: object) {
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

function toFaults(issue: z.core.$ZodIssue): Fault[] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => unknownKey([...path, key], knownKeys(path, issue.input)));
  }
  const key = keyOf(path);
  if (issue.code === "invalid_key") {
    const known = knownKeys(path.slice(0, -1));
    // Names that people choose have a form, and no list.
    const [form] = issue.issues;
    return [known.length > 0 || form === undefined ? unknownKey(path, known) : { key, ...reasonOf(form, known) }];
  }
  if (issue.code === "invalid_union" && issue.discriminator !== undefined) {
    return [unknownKind(path, (issue.input as Record<string, unknown> | undefined)?.[issue.discriminator])];
  }
  if (issue.input === undefined) return [missing(path)];
  const value = JSON.stringify(issue.input);
  if (issue.code === "invalid_value") return [unknownValue(key, issue.input, issue.values.map(String))];
  return [{ key, value, ...reasonOf(issue, knownKeys(path)) }];
}

/** Commands for what is missing where a plain value is not what is wanted. */
const hints: Readonly<Record<string, string>> = {
  cluster: "<name of the cluster: it stands on every signal>",
  "aws.region": "us-west-2",
  "aws.account": "<12 digits>",
};

function missing(path: readonly string[]): Fault {
  const key = keyOf(path);
  const kinds = kindsAt(path);
  // A section can't be set in one go, its first key can.
  if (kinds.length > 0) return missing([...path, "kind"]);
  const [firstKind] = path[path.length - 1] === "kind" ? kindsAt(path.slice(0, -1)) : [];
  const value = hints[path.join(".")] ?? firstKind ?? "<value>";
  const flag = path.length > 1 ? "--path " : "";
  return { key, reason: "is missing", fix: `pulumi config set ${flag}${/\[/.test(key) ? `'${key}'` : key} ${value}` };
}

function unknownValue(key: string, input: unknown, known: readonly string[]): Fault {
  const guess = nearest(String(input), known);
  const fix = guess === undefined ? `for example "${known[0] ?? ""}"` : `did you mean "${guess}"?`;
  return { key, value: JSON.stringify(input), reason: `must be one of ${known.join(", ")}`, fix };
}

function unknownKind(path: readonly string[], kind: unknown): Fault {
  return kind === undefined ? missing(path) : unknownValue(keyOf(path), kind, kindsAt(path.slice(0, -1)));
}

function unknownKey(path: readonly string[], known: readonly string[]): Fault {
  const last = path[path.length - 1] ?? "";
  // A key under a mistyped project name comes with that name: `observabilty:cluster`.
  const stray = path.length === 1 && last.includes(":");
  const guess = nearest(stray ? last.slice(last.indexOf(":") + 1) : last, known);
  return {
    key: stray ? last : keyOf(path),
    reason: "is not a known key",
    fix: guess ? `did you mean "${stray ? `${project}:` : ""}${guess}"?` : `known here: ${known.join(", ")}`,
  };
}

function keyOf(path: readonly string[]): string {
  return `${project}:${path.map((part, index) => (/^\d+$/.test(part) ? `[${part}]` : index === 0 ? part : `.${part}`)).join("")}`;
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

interface Definition {
  readonly shape?: Readonly<Record<string, unknown>>;
  readonly keyType?: { readonly options?: string[] };
  readonly options?: readonly unknown[];
  readonly values?: readonly unknown[];
}

function definitionAt(path: readonly string[]): Definition | undefined {
  let schema: unknown = environmentSchema;
  for (const part of path) schema = childOf(unwrap(schema), part);
  return definitionOf(schema);
}

const definitionOf = (schema: unknown) => (unwrap(schema) as { def?: Definition } | undefined)?.def;

/** The keys that the schema allows at a path; `input` tells which of several kinds stands there. */
function knownKeys(path: readonly string[], input?: unknown): string[] {
  const found = definitionAt(path);
  const kind = (input as { kind?: unknown } | null | undefined)?.kind;
  const option = (found?.options ?? []).map(definitionOf).find((each) => kindOf(each) === kind);
  return Object.keys(found?.shape ?? option?.shape ?? {}).concat(found?.keyType?.options ?? []);
}

/** The kinds that the schema tells apart at a path: `webhook`, `slack`, … */
function kindsAt(path: readonly string[]): string[] {
  return (definitionAt(path)?.options ?? []).flatMap((option) => kindOf(definitionOf(option)) ?? []);
}

const kindOf = (definition: Definition | undefined) =>
  definitionOf(definition?.shape?.["kind"])?.values?.map(String)[0];

function childOf(schema: unknown, part: string): unknown {
  const def = (
    schema as { def?: { shape?: Record<string, unknown>; element?: unknown; valueType?: unknown } } | undefined
  )?.def;
  return def?.shape?.[part] ?? def?.element ?? def?.valueType;
}

function unwrap(schema: unknown): unknown {
  let inner = schema as { def?: { innerType?: unknown } } | undefined;
  while (inner?.def?.innerType !== undefined) inner = inner.def.innerType as typeof inner;
  return inner;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
