import { isDeployed, stages, type Stage, type SystemName, profileNames, type Profile } from "../environment";
import { defaultsOf } from "../environment/defaults";
import { environmentSchema } from "../environment/schema";
import {
  byteRate,
  bytes,
  cpu,
  duration,
  hostname,
  label,
  lineRate,
  price,
  ratio,
  sampleRate,
  series,
  spanRate,
} from "../environment/values";
import { parseEnvironment } from "../stacks/environment";
import { composition, systemNames } from "../stacks/systems";

/** One key that a person may write, as the schema knows it. */
export interface Key {
  /** `retention.logs`, `alerting.receivers[slack].channel` */
  readonly path: string;
  readonly type: string;
  /** May be left out although no profile gives a value. */
  readonly optional: boolean;
  /** As it would be written; undefined where the profile has none. */
  readonly defaults: Readonly<Record<Profile, unknown>>;
}

/** What is read of a schema of zod: its kind and what hangs below it. */
interface Node {
  readonly def: {
    readonly type: string;
    readonly shape?: Readonly<Record<string, Node>>;
    readonly innerType?: Node;
    readonly element?: Node;
    readonly options?: readonly Node[];
    readonly entries?: Readonly<Record<string, string>>;
    readonly values?: readonly unknown[];
    readonly keyType?: Node;
    readonly valueType?: Node;
    /** What a transformation ends in. */
    readonly out?: Node;
    readonly discriminator?: string;
  };
  readonly isInt?: boolean;
  readonly minValue?: number | null;
  readonly maxValue?: number | null;
}

/** Schemas that stand for a unit or a kind of name; all others are named by their shape. */
const named = new Map<unknown, string>([
  [duration, "duration"],
  [bytes, "size"],
  [cpu, "CPU"],
  [sampleRate, "samples per time"],
  [byteRate, "bytes per time"],
  [lineRate, "lines per time"],
  [spanRate, "spans per time"],
  [series, "number of series"],
  [price, "number, at least 0"],
  [ratio, "number, 0 to 1"],
  [label, "name"],
  [hostname, "host name"],
]);

/** Every key below a path, in the order of the schema. Objects are taken apart, lists and maps are one key. */
export function keys(): Key[] {
  return below(environmentSchema(composition) as unknown as Node, "", false);
}

function below(wrapped: Node, path: string, optional: boolean): Key[] {
  const node = unwrapped(wrapped);
  const { shape, element, options, discriminator } = node.def;
  // Wrapped is what may be absent: `optional` itself, and what has a default of its own.
  if (node !== wrapped && wrapped.def.innerType) return below(wrapped.def.innerType, path, true);
  if (shape) {
    return Object.entries(shape).flatMap(([name, child]) =>
      below(child, path === "" ? name : `${path}.${name}`, optional && !isOwn(path)),
    );
  }
  if (discriminator !== undefined && options) {
    return options.flatMap((option) => below(option, `${path}[${kindOf(option)}]`, false));
  }
  const own: Key = { path, type: typeOf(node), optional, defaults: defaultsAt(path) };
  const inner = element === undefined ? undefined : unwrapped(element);
  if (inner?.def.discriminator !== undefined) return [own, ...below(inner, path, false)];
  // A map whose keys a person chooses: what each of its objects may say.
  const { keyType, valueType } = node.def;
  const isFree = keyType !== undefined && keyType.def.entries === undefined;
  if (isFree && valueType !== undefined && unwrapped(valueType).def.shape)
    return [own, ...below(valueType, `${path}.<name>`, false)];
  return [own];
}

/** Within an alternative only its own `optional` counts. */
const isOwn = (path: string) => path.endsWith("]");

/** A schema without what says that it may be absent, and without what is done to its input first. */
function unwrapped(node: Node): Node {
  if (named.has(node)) return node;
  const { innerType, out } = node.def;
  const inner = innerType ?? (out?.def.type === "transform" ? undefined : out);
  return inner ? unwrapped(inner) : node;
}

function kindOf({ def }: Node): string {
  return String(def.shape?.["kind"]?.def.values?.[0] ?? "");
}

/** A key's type in words. */
function typeOf(node: Node): string {
  const known = named.get(node);
  if (known !== undefined) return known;
  const { type, element, entries, values, options, discriminator } = node.def;
  switch (type) {
    case "enum":
      return choice(Object.values(entries ?? {}));
    case "literal":
      return choice((values ?? []).map(String));
    case "array":
      return `list of ${element ? plural(element) : ""}`;
    case "union":
      return discriminator === undefined ? (options ?? []).map(typeOf).join(" or ") : "object with `kind`";
    case "record":
      return "map";
    case "number":
      return `${node.isInt === true ? "whole number" : "number"}${range(node)}`;
    case "string":
      return "text";
    default:
      return type;
  }
}

const choice = (words: readonly string[]) => words.map((word) => `\`${word}\``).join(", ");

function plural(element: Node): string {
  const text = typeOf(element);
  return text.startsWith("`") || text === "text" ? text : text.replace(/^(\w+)/, "$1s");
}

function range({ minValue, maxValue }: Node): string {
  // zod's own bounds of a safe integer say nothing.
  const bounded = maxValue !== undefined && maxValue !== null && maxValue < Number.MAX_SAFE_INTEGER;
  if (bounded) return `, ${minValue} to ${maxValue}`;
  return minValue === undefined || minValue === null ? "" : `, at least ${minValue}`;
}

function defaultsAt(path: string): Record<Profile, unknown> {
  const at = (profile: Profile) =>
    path
      .split(".")
      .reduce<unknown>(
        (value, part) => (value as Record<string, unknown> | undefined)?.[part],
        defaultsOf(profile, composition),
      );
  return Object.fromEntries(profileNames.map((profile) => [profile, at(profile)])) as Record<Profile, unknown>;
}

/** What a system's `config` takes: sections, in each of its roles where it has some. */
export interface ConfigSections {
  readonly name: SystemName;
  readonly sections: readonly string[];
  readonly roles: readonly string[];
}

/** The sections of each system's `config`. */
export function configSections(): ConfigSections[] {
  const systems = (environmentSchema(composition) as unknown as Node).def.shape?.["systems"]?.def.shape ?? {};
  return systemNames.map((name) => {
    const config = systems[name]?.def.shape?.["config"];
    const roles = config && unwrapped(config).def.shape;
    const record = roles ? Object.values(roles)[0] : config;
    return {
      name,
      sections: Object.values((record && unwrapped(record))?.def.keyType?.def.entries ?? {}),
      roles: Object.keys(roles ?? {}),
    };
  });
}

/** Which systems each stage alone deploys in `local`. */
export function stageTable(): [stage: Stage, systems: SystemName[]][] {
  return stages.map((stage) => {
    const environment = parseEnvironment("local", { stages: [stage] });
    return [stage, systemNames.filter((name) => isDeployed(environment, name))];
  });
}
