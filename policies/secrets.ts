import { parseAllDocuments } from "yaml";
import { secretShapes } from "../environment/plain-secrets";
import type { Flaw, Resource, ResourcePolicy } from "./policy";
import { containersOf, isKubernetes, kindOf, metadataOf, podOf } from "./resources";

/** What gives a secret away by its shape, and the rendering's own stand-ins: where they turn up, a real value would. */
const shapes: typeof secretShapes = [
  ["a value of the stack's secrets", /<secret>|<generated: \d+ characters>/],
  ...secretShapes,
];

/** A setting by this name holds a secret; `password_file` and `secretName` say where one is. */
const secretName =
  /(?:^|_)(?:pass(?:word|wd|phrase)|secret|token|api_?key|(?:access|private|secret)_key|access_key_id|credentials|authorization|connection_string|dsn)$/;

/** A setting by this name may also choose something (`routing_key: traceID`): a secret is as long as a key. */
const keyName = /(?:^|_)(?:routing|service|signing|integration|encryption)_key$/;
const shortestKey = 16;
const password = /(?:^|_)pass(?:word|wd|phrase)$/;

/** A value that only says where the secret is: a variable, a template, a file. */
const reference = /^(?:\$|\{\{|%\{|\.{0,2}\/|file:|true$|false$|none$|null$|$)/;

function isSecretSetting(name: string, value: unknown): boolean {
  const snake = snakeCase(name);
  // YAML reads a password of digits as a number; `token: 8` may well be a number.
  if (typeof value === "number") return password.test(snake);
  if (typeof value !== "string" || reference.test(value.trim())) return false;
  return secretName.test(snake) || (keyName.test(snake) && value.length >= shortestKey);
}

const snakeCase = (name: string) =>
  name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[\s.-]+/g, "_")
    .toLowerCase();

/** A text and where it stands: `data["alertmanager.yml"]`. */
interface Place {
  readonly where: string;
  readonly text: string;
}

export const noSecretsInPlainText: ResourcePolicy = {
  kind: "resource",
  name: "no-secrets-in-plain-text",
  reason: "Config maps, environments and tags are read by everyone who may look, kept in etcd, state files and logs.",
  fix: "pulumi config set --secret --path observability:secrets.<name>, and read it from a file of a Kubernetes Secret",
  severity: "mandatory",
  check(resource) {
    // The one place for secrets. The engine keeps its values encrypted in the state.
    const isSecret = isKubernetes(resource) && kindOf(resource) === "Secret";
    const own = Object.entries(resource.inputs).filter(([key]) => !isSecret || !["data", "stringData"].includes(key));
    const places = texts(Object.fromEntries(own), "");
    return unique([...places.flatMap(byShape), ...(isSecret ? [] : byName(resource))]);
  },
};

function byShape({ where, text }: Place): Flaw[] {
  return shapes.flatMap(([what, shape]) => {
    const found = shape.exec(text);
    if (found === null) return [];
    const line = text.slice(0, found.index).split("\n").length;
    const exactly = text.includes("\n") ? `${where} line ${line}` : where;
    return [{ subject: where, problem: `holds ${what} in ${exactly}` }];
  });
}

/** Every text of a value, the values of nested objects included. */
function texts(value: unknown, where: string): Place[] {
  if (typeof value === "string") return [{ where, text: value }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => texts(inner, step(where, key)));
}

function step(where: string, key: string): string {
  if (/^\d+$/.test(key)) return `${where}[${key}]`;
  if (!/^\w+$/.test(key)) return `${where}["${key}"]`;
  return where === "" ? key : `${where}.${key}`;
}

/** Settings whose name says that they hold a secret: in files, environments, arguments, annotations. */
function byName(resource: Resource): Flaw[] {
  const flaw = (where: string, name: string): Flaw => ({ subject: where, problem: `sets ${name} in ${where}` });
  const annotations = Object.entries(metadataOf(resource).annotations ?? {});
  const pod = podOf(resource);
  const isConfigMap = isKubernetes(resource) && kindOf(resource) === "ConfigMap";
  const files = isConfigMap ? Object.entries((resource.inputs["data"] ?? {}) as Record<string, string>) : [];
  return [
    ...annotations.filter((entry) => isSecretSetting(...entry)).map(([name]) => flaw("annotations", name)),
    ...files.flatMap(([file, content]) => {
      const names = isSecretSetting(file, content) ? [file] : secretSettings(file, content);
      return names.map((name) => flaw(step("data", file), name));
    }),
    ...(pod === undefined ? [] : containersOf(pod)).flatMap(({ name, env = [], args = [], command = [] }) => [
      ...env
        .filter((variable) => isSecretSetting(variable.name, variable.value))
        .map((variable) => flaw(`the environment of container ${name}`, variable.name)),
      ...[...command, ...args].flatMap((argument) => {
        const [, flag = "", value] = /^-{0,2}([\w.-]+)=(.*)$/s.exec(argument) ?? [];
        return isSecretSetting(flag, value) ? [flaw(`the arguments of container ${name}`, flag)] : [];
      }),
    ]),
  ];
}

/** A quick look before a file is parsed: alert rules and dashboards are large and hold no such setting. */
const mayHoldSetting =
  /(?:pass(?:word|wd|phrase)|secret|token|key|key_?id|credentials|authorization|string|dsn)["']?\s*[:=]/i;

/** The names of the secret settings of a configuration file: YAML and JSON by structure, all else line by line. */
function secretSettings(file: string, content: string): string[] {
  if (!mayHoldSetting.test(content)) return [];
  const documents = /\.(?:ya?ml|json)$/.test(file) ? parsed(content, file.endsWith(".json")) : undefined;
  if (documents !== undefined) return documents.flatMap((document) => structured(document, ""));
  return content.split("\n").flatMap((line) => {
    const [, name = "", value = ""] = /^\s*(?:export\s+)?["']?([\w.-]+)["']?\s*[=:]\s*["']?([^"'#;]*)/.exec(line) ?? [];
    return isSecretSetting(name, value) ? [name] : [];
  });
}

/** @returns undefined for what cannot be parsed; it is read line by line then */
function parsed(content: string, json: boolean): readonly unknown[] | undefined {
  try {
    // The YAML parser would read it too, a hundred times slower.
    if (json) return [JSON.parse(content)];
  } catch {
    return undefined;
  }
  const documents = parseAllDocuments(content);
  return documents.some(({ errors }) => errors.length > 0) ? undefined : documents.map((each): unknown => each.toJS());
}

function structured(value: unknown, path: string): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const inside = step(path, key);
    return isSecretSetting(key, inner) ? [inside] : structured(inner, inside);
  });
}

function unique(flaws: readonly Flaw[]): readonly Flaw[] {
  return [...new Map(flaws.map((flaw) => [flaw.problem, flaw])).values()];
}
