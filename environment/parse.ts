import type { z } from "zod";
import { defaultsOf, profileNames, type Profile } from "./defaults";
import { EnvironmentError, nearest, type Fault } from "./faults";
import { deepMerge } from "./merge";
import { crossChecks } from "./rules";
import { environmentSchema, type Environment } from "./schema";

/** Keys in Pulumi configuration are written `observability:<key>`. */
export const project = "observability";

/**
 * Parses what a person wrote into an {@link Environment}: defaults of the profile below, strict schema, then the rules
 * that span keys.
 * @param name the stack's name; also the profile unless `profile` says otherwise
 * @param values the values of the project's keys, objects as objects; the values of secrets are left out, their names
 *   stand in `secrets`
 * @throws EnvironmentError with every fault at once
 */
export function parseEnvironment(name: string, values: Readonly<Record<string, unknown>>): Environment {
  const profile = values["profile"] ?? name;
  if (!profileNames.includes(profile as Profile)) {
    throw new EnvironmentError(name, [unknownProfile(name, values["profile"])]);
  }
  const read = (input: object) =>
    environmentSchema.safeParse(deepMerge(defaultsOf(profile as Profile), input), { reportInput: true });
  const parsed = read(values);
  if (parsed.success) {
    const environment: Environment = deepFreeze({ name, ...parsed.data });
    const faults = crossChecks(environment);
    if (faults.length > 0) throw new EnvironmentError(name, faults);
    return environment;
  }
  const faults = parsed.error.issues.flatMap(toFaults);
  // What spans keys is checked as well, on the values that are right: all faults of a file come at once.
  const rest = read({ cluster: "unnamed", ...withoutPaths(values, parsed.error.issues) });
  const further = rest.success ? crossChecks({ name, ...rest.data }) : [];
  const known = (key: string) => faults.some((fault) => key.startsWith(fault.key) || fault.key.startsWith(key));
  throw new EnvironmentError(name, [...faults, ...further.filter((fault) => !known(fault.key))]);
}

/** The values without those that an issue points at. */
function withoutPaths(values: object, issues: readonly z.core.$ZodIssue[]): object {
  const copy = structuredClone(values) as Record<string, unknown>;
  const remove = (path: readonly PropertyKey[]) => {
    let parent: unknown = copy;
    for (const part of path.slice(0, -1)) parent = (parent as Record<PropertyKey, unknown> | undefined)?.[part];
    const last = path[path.length - 1];
    if (last !== undefined && typeof parent === "object" && parent !== null) Reflect.deleteProperty(parent, last);
    // A list with a hole is no list any more: the whole of it goes.
    if (Array.isArray(parent)) remove(path.slice(0, -1));
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
    return issue.keys.map((key) => unknownKey([...path, key], knownKeys(path)));
  }
  const key = keyOf(path);
  if (issue.code === "invalid_key") {
    return [unknownKey(path, knownKeys(path.slice(0, -1)))];
  }
  if (issue.input === undefined) return [{ key, reason: "is missing", fix: `pulumi config set ${missingFix(path)}` }];
  const value = JSON.stringify(issue.input);
  if (issue.code === "invalid_value") {
    const known = issue.values.map(String);
    const guess = nearest(String(issue.input), known);
    return [
      {
        key,
        value,
        reason: `must be one of ${known.join(", ")}`,
        ...(guess ? { fix: `did you mean "${guess}"?` } : {}),
      },
    ];
  }
  if (issue.code === "invalid_union") {
    return [{ key, value, reason: issue.errors.flat()[0]?.message ?? "is of a kind that is not known" }];
  }
  const [reason, fix] = issue.message.split("\n");
  return [{ key, value, reason: reason ?? "is wrong", ...(fix ? { fix } : {}) }];
}

const hints: Readonly<Record<string, string>> = {
  cluster: "cluster <name of the cluster; stands on every signal>",
  aws: "--path aws.region us-west-2 (and aws.account, aws.identity.kind)",
};

function missingFix(path: readonly string[]): string {
  return hints[path.join(".")] ?? `--path ${path.join(".")} <value>`;
}

function unknownKey(path: readonly string[], known: readonly string[]): Fault {
  const last = path[path.length - 1] ?? "";
  const guess = nearest(last, known);
  return {
    key: keyOf(path),
    reason: "is not a known key",
    fix: guess ? `did you mean "${guess}"?` : `known here: ${known.join(", ")}`,
  };
}

function keyOf(path: readonly string[]): string {
  return `${project}:${path.map((part, index) => (/^\d+$/.test(part) ? `[${part}]` : index === 0 ? part : `.${part}`)).join("")}`;
}

/** The keys that the schema allows at a path. */
function knownKeys(path: readonly string[]): string[] {
  let schema: unknown = environmentSchema;
  for (const part of path) schema = childOf(unwrap(schema), part);
  const found = unwrap(schema) as { def?: { shape?: object; keyType?: { options?: string[] } } } | undefined;
  return Object.keys(found?.def?.shape ?? {}).concat(found?.def?.keyType?.options ?? []);
}

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
