import { z } from "zod";
import { project } from "../environment";
import { environmentSchema } from "../environment/schema";
import { composition } from "../stacks/systems";

/** A schema of JSON Schema, as far as it is read here. */
interface Schema {
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  pattern?: string;
  properties?: Record<string, Schema>;
  patternProperties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  required?: string[];
  items?: Schema;
  oneOf?: Schema[];
  anyOf?: Schema[];
  default?: unknown;
  description?: string;
}

/** What a key means, and what it is when nobody writes it, both in words. */
export type Describe = (path: string) => string | undefined;

/**
 * The JSON Schema of a stack file, `Pulumi.<env>.yaml`, for editors: it completes keys and shows what is no key, or of a
 * wrong type. What spans several keys, and whether a unit can be read, `npm start` says.
 */
export function stackSchema(describe: Describe): object {
  const keys = z.toJSONSchema(environmentSchema(composition), {
    io: "input",
    target: "draft-7",
    unrepresentable: "any",
  }) as Schema;
  laidOverDefaults(keys);
  const properties = keys.properties ?? {};
  shortForms(properties);
  described(properties, "", describe);
  properties["secrets"] = secrets;
  const named = Object.entries(properties).map(([key, schema]) => [`${project}:${key}`, schema] as const);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Configuration of an environment of the observability stack",
    type: "object",
    properties: {
      config: {
        type: "object",
        properties: Object.fromEntries(named),
        // Settings of providers, such as `aws:region`; what has no project in front is the project's own, or a slip.
        patternProperties: { "^(aws|kubernetes|pulumi):": {} },
        additionalProperties: false,
      },
      // What Pulumi itself writes there.
      ...Object.fromEntries(
        ["environment", "secretsprovider", "encryptionsalt", "encryptedkey"].map((key) => [key, {}]),
      ),
    },
    additionalProperties: false,
  };
}

/** Only the names count in the program; the values stay Pulumi's. */
const secrets: Schema = {
  description: "Set by `pulumi config set --secret --path observability:secrets.<name>`; never in plain text.",
  type: "object",
  additionalProperties: {
    type: "object",
    properties: { secure: { type: "string" } },
    required: ["secure"],
    additionalProperties: false,
  },
};

/**
 * A stack file says only what differs: what has a default need not be there, and null takes away what may be absent. What
 * is optional as a whole, and what stands in a list, has no defaults below it, and keeps what it requires.
 */
function laidOverDefaults(schema: Schema): void {
  const required = schema.required ?? [];
  for (const [name, child] of Object.entries(schema.properties ?? {})) {
    if (required.includes(name)) laidOverDefaults(child);
    else {
      asWritten(child);
      (schema.properties ??= {})[name] = orNull(child);
    }
  }
  if (typeof schema.additionalProperties === "object") laidOverDefaults(schema.additionalProperties);
  for (const each of [schema.items, ...(schema.oneOf ?? [])]) if (each !== undefined) asWritten(each);
  delete schema.required;
  delete schema.default;
  alsoAsText(schema);
}

/** What is below has no defaults: only its own words are read more kindly. */
function asWritten(schema: Schema): void {
  const { properties = {}, additionalProperties, items, oneOf = [], anyOf = [] } = schema;
  const below = [...Object.values(properties), additionalProperties, items, ...oneOf, ...anyOf];
  for (const each of below) if (typeof each === "object") asWritten(each);
  const required = schema.required ?? [];
  for (const [name, child] of Object.entries(properties))
    if (!required.includes(name)) properties[name] = orNull(child);
  delete schema.default;
  alsoAsText(schema);
}

/** Digits may come without quotes, and `pulumi config set --path` writes 0.5 as text. */
function alsoAsText(schema: Schema): void {
  if (schema.type === "number") schema.type = ["number", "string"];
  const digits = schema.enum?.every((value) => typeof value === "string" && /^\d+$/.test(value)) === true;
  if (digits) {
    delete schema.type;
    schema.enum = (schema.enum ?? []).flatMap((value) => [value, Number(value)]);
  } else if (schema.type === "string" && /^\^\\d/.test(schema.pattern ?? "")) schema.type = ["string", "integer"];
}

function orNull(schema: Schema): Schema {
  if (schema.enum !== undefined && typeof schema.type === "string")
    return { ...schema, type: [schema.type, "null"], enum: [...schema.enum, null] };
  if (typeof schema.type === "string" && schema.type !== "object" && schema.type !== "array")
    return { ...schema, type: [schema.type, "null"] };
  if (Array.isArray(schema.type)) return { ...schema, type: [...schema.type, "null"] };
  return { anyOf: [schema, { type: "null" }] };
}

/** `metrics: 90d` is one tier, `logs: 7d` is for every stream, `traces: 336h` is one tier. */
function shortForms(properties: Record<string, Schema>): void {
  const retention = properties["retention"]?.properties ?? {};
  for (const name of ["metrics", "logs", "traces"])
    retention[name] = { anyOf: [{ type: ["string", "number"] }, ...(retention[name] ? [retention[name]] : [])] };
}

function described(properties: Record<string, Schema>, path: string, describe: Describe): void {
  for (const [name, schema] of Object.entries(properties)) {
    const key = path === "" ? name : `${path}.${name}`;
    const text = describe(key);
    if (text !== undefined) schema.description = text;
    for (const each of [schema, ...(schema.anyOf ?? [])])
      if (each.properties) described(each.properties, key, describe);
  }
}
