import type { z } from "zod";
import { nearest, type Fault } from "./faults";
import { reasonOf } from "./reasons";

/** Keys in Pulumi configuration are written `observability:<key>`. */
export const project = "observability";

/** A path of the schema as the key of a stack file. */
export function keyOf(path: readonly string[]): string {
  return `${project}:${path.map((part, index) => (/^\d+$/.test(part) ? `[${part}]` : index === 0 ? part : `.${part}`)).join("")}`;
}

/**
 * What is wrong where the schema found an issue, with the likely fix.
 * @param schema tells which keys and kinds there are
 */
export function faultsOf(schema: object, issue: z.core.$ZodIssue): Fault[] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => unknownKey([...path, key], knownKeys(schema, path, issue.input)));
  }
  const key = keyOf(path);
  if (issue.code === "invalid_key") {
    const known = knownKeys(schema, path.slice(0, -1));
    // Names that people choose have a form, and no list.
    const [form] = issue.issues;
    return [known.length > 0 || form === undefined ? unknownKey(path, known) : { key, ...reasonOf(form, known) }];
  }
  if (issue.code === "invalid_union" && issue.discriminator !== undefined) {
    return [unknownKind(schema, path, (issue.input as Record<string, unknown> | undefined)?.[issue.discriminator])];
  }
  if (issue.input === undefined) return [missing(schema, path)];
  const value = JSON.stringify(issue.input);
  if (issue.code === "invalid_value") return [unknownValue(key, issue.input, issue.values.map(String))];
  return [{ key, value, ...reasonOf(issue, knownKeys(schema, path)) }];
}

/** Commands for what is missing where a plain value is not what is wanted. */
const hints: Readonly<Record<string, string>> = {
  cluster: "<name of the cluster: it stands on every signal>",
  "aws.region": "us-west-2",
  "aws.account": "<12 digits>",
};

function missing(schema: object, path: readonly string[]): Fault {
  const key = keyOf(path);
  const kinds = kindsAt(schema, path);
  // A section can't be set in one go, its first key can.
  if (kinds.length > 0) return missing(schema, [...path, "kind"]);
  const [firstKind] = path[path.length - 1] === "kind" ? kindsAt(schema, path.slice(0, -1)) : [];
  const value = hints[path.join(".")] ?? firstKind ?? "<value>";
  const flag = path.length > 1 ? "--path " : "";
  return { key, reason: "is missing", fix: `pulumi config set ${flag}${/\[/.test(key) ? `'${key}'` : key} ${value}` };
}

function unknownValue(key: string, input: unknown, known: readonly string[]): Fault {
  const guess = nearest(String(input), known);
  const fix = guess === undefined ? `for example "${known[0] ?? ""}"` : `did you mean "${guess}"?`;
  return { key, value: JSON.stringify(input), reason: `must be one of ${known.join(", ")}`, fix };
}

function unknownKind(schema: object, path: readonly string[], kind: unknown): Fault {
  return kind === undefined
    ? missing(schema, path)
    : unknownValue(keyOf(path), kind, kindsAt(schema, path.slice(0, -1)));
}

/** Keys that were called something else before. */
const renamed: Readonly<Record<string, string>> = { "tempo.dialect": "tempo.majorVersion" };

function unknownKey(path: readonly string[], known: readonly string[]): Fault {
  const now = renamed[path.join(".")];
  if (now !== undefined) return { key: keyOf(path), reason: "has another name now", fix: `${project}:${now}` };
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

interface Definition {
  readonly shape?: Readonly<Record<string, unknown>>;
  readonly keyType?: { readonly options?: string[] };
  readonly options?: readonly unknown[];
  readonly values?: readonly unknown[];
}

function definitionAt(root: object, path: readonly string[]): Definition | undefined {
  let schema: unknown = root;
  for (const part of path) schema = childOf(unwrap(schema), part);
  return definitionOf(schema);
}

const definitionOf = (schema: unknown) => (unwrap(schema) as { def?: Definition } | undefined)?.def;

/** The keys that the schema allows at a path; `input` tells which of several kinds stands there. */
function knownKeys(schema: object, path: readonly string[], input?: unknown): string[] {
  const found = definitionAt(schema, path);
  const kind = (input as { kind?: unknown } | null | undefined)?.kind;
  const option = (found?.options ?? []).map(definitionOf).find((each) => kindOf(each) === kind);
  return Object.keys(found?.shape ?? option?.shape ?? {}).concat(found?.keyType?.options ?? []);
}

/** The kinds that the schema tells apart at a path: `webhook`, `slack`, … */
function kindsAt(schema: object, path: readonly string[]): string[] {
  return (definitionAt(schema, path)?.options ?? []).flatMap((option) => kindOf(definitionOf(option)) ?? []);
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
