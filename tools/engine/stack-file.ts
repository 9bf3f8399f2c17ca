import * as fs from "node:fs";
import * as path from "node:path";
import { parse, stringify } from "yaml";
import { isEncrypted, secretForms } from "../../environment";
import { deepMerge } from "../../environment/merge";
import { EngineError, messageOf } from "./errors";

/** Settings of the project as a person writes them, without the prefix `observability:`. */
export type Settings = Readonly<Record<string, unknown>>;

/** `Pulumi.<env>.yaml`, read. */
export interface StackFile {
  /** The whole file; empty when there is none (local needs none). */
  readonly document: Readonly<Record<string, unknown>>;
  /** The project's own settings; encrypted values are left out, and what each of `secrets` holds. */
  readonly settings: Settings;
}

const PREFIX = "observability:";

/** Written by the CLI when it makes a stack; without them, what was encrypted before cannot be read. */
const ENCRYPTION_KEYS = ["secretsprovider", "encryptedkey", "encryptionsalt"] as const;

/** Root of the checkout: the folder of Pulumi.yaml. */
export const projectRoot = path.resolve(__dirname, "..", "..");

/** Reads an environment's stack file. @throws EngineError when it is there and no YAML */
export function readStackFile(env: string, root: string = projectRoot): StackFile {
  const document = readYaml(path.join(root, `Pulumi.${env}.yaml`));
  const config = (document["config"] ?? {}) as Record<string, unknown>;
  const settings: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(config)) {
    if (key.startsWith(PREFIX)) settings[key.slice(PREFIX.length)] = value;
  }
  const secrets = settings["secrets"];
  if (secrets !== undefined && !isEncrypted(secrets)) {
    settings["secrets"] = secretForms(secrets, (value) => !isEncrypted(value));
  }
  return { document, settings: withoutSecrets(settings) };
}

function readYaml(file: string): Record<string, unknown> {
  if (!fs.existsSync(file)) return {};
  try {
    return (parse(fs.readFileSync(file, "utf8")) ?? {}) as Record<string, unknown>;
  } catch (error) {
    throw new EngineError(`${file} is not readable`, { reason: messageOf(error) });
  }
}

function withoutSecrets(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => !isEncrypted(value)));
}

/**
 * Makes the folder that the engine works in: a copy of Pulumi.yaml and of the environment's stack file, with settings
 * of this run laid over it. Why a copy: the person's file belongs to them and is committed, while context, images and
 * trial settings concern one run; and whatever the CLI writes there (`stack init`, `stack rm`) stays out of the checkout.
 */
export function writeWorkFolder(folder: string, env: string, over: Settings, root: string = projectRoot): void {
  const { document } = readStackFile(env, root);
  const target = path.join(folder, `Pulumi.${env}.yaml`);
  const before = readYaml(target);
  const kept = ENCRYPTION_KEYS.filter((key) => document[key] === undefined && before[key] !== undefined);
  const config: Record<string, unknown> = { ...((document["config"] ?? {}) as object) };
  for (const [key, value] of Object.entries(over)) {
    const name = `${PREFIX}${key}`;
    const below = config[name];
    config[name] = isObject(below) && isObject(value) ? deepMerge(below, value) : value;
    if (value === null || value === undefined) Reflect.deleteProperty(config, name);
  }
  const project = readYaml(path.join(root, "Pulumi.yaml"));
  // The program runs in this process: `main` would be looked for in the copy and not be found.
  delete project["main"];
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  write(path.join(folder, "Pulumi.yaml"), { ...project, runtime: "nodejs" });
  write(target, { ...document, ...Object.fromEntries(kept.map((key) => [key, before[key]])), config });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function write(file: string, content: unknown): void {
  const draft = `${file}.${process.pid}`;
  fs.writeFileSync(draft, stringify(content), { mode: 0o600 });
  fs.renameSync(draft, file);
}
