import * as fs from "node:fs";
import * as path from "node:path";
import { parse, stringify } from "yaml";
import { project } from "../../environment";
import { deepMerge } from "../../environment/merge";
import { projectRoot, readConfig, readDocument, type Settings } from "../stack-file";
import { EngineError, messageOf } from "./errors";

/** Written by the CLI when it makes a stack; without them, what was encrypted before cannot be read. */
const ENCRYPTION_KEYS = ["secretsprovider", "encryptedkey", "encryptionsalt"] as const;

/**
 * Makes the folder that the engine works in: a copy of Pulumi.yaml and of the environment's stack file, with settings
 * of this run laid over it. Why a copy: the person's file belongs to them and is committed, while context, images and
 * trial settings concern one run; and whatever the CLI writes there (`stack init`, `stack rm`) stays out of the checkout.
 */
export function writeWorkFolder(folder: string, env: string, over: Settings, root: string = projectRoot): void {
  const document = readDocument(env, root);
  const target = path.join(folder, `Pulumi.${env}.yaml`);
  const before = readYaml(target);
  const kept = ENCRYPTION_KEYS.filter((key) => document[key] === undefined && before[key] !== undefined);
  const config = readConfig(env, root);
  for (const [key, value] of Object.entries(over)) {
    const name = `${project}:${key}`;
    const below = config[name];
    config[name] = isObject(below) && isObject(value) ? deepMerge(below, value) : value;
    if (value === null || value === undefined) Reflect.deleteProperty(config, name);
  }
  const definition = readYaml(path.join(root, "Pulumi.yaml"));
  // The program runs in this process: `main` would be looked for in the copy and not be found.
  delete definition["main"];
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  write(path.join(folder, "Pulumi.yaml"), { ...definition, runtime: "nodejs" });
  write(target, { ...document, ...Object.fromEntries(kept.map((key) => [key, before[key]])), config });
}

function readYaml(file: string): Record<string, unknown> {
  if (!fs.existsSync(file)) return {};
  try {
    return (parse(fs.readFileSync(file, "utf8")) ?? {}) as Record<string, unknown>;
  } catch (error) {
    throw new EngineError(`${file} is not readable`, { reason: messageOf(error) });
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function write(file: string, content: unknown): void {
  const draft = `${file}.${process.pid}`;
  fs.writeFileSync(draft, stringify(content), { mode: 0o600 });
  fs.renameSync(draft, file);
}
