import * as fs from "node:fs";
import * as path from "node:path";
import { parseDocument } from "yaml";
import { EnvironmentError, nearest, profileNames, project, readConfiguration, type Environment } from "../environment";
import { deepMerge } from "../environment/merge";
import { projectEnvironment } from "../stacks/environment";

/**
 * `Pulumi.<env>.yaml`, read in one way for every command: what `npm start` renders is what `up` deploys and `status`,
 * `images` and `silence` speak of.
 */

/** Settings of the project as a person writes them, without the prefix `observability:`. */
export type Settings = Readonly<Record<string, unknown>>;

const checkout = path.resolve(__dirname, "..");

/** The folder of Pulumi.yaml: the root of the checkout, or of the project that has installed the package. */
export const projectRoot = fs.existsSync(path.join(checkout, "Pulumi.yaml")) ? checkout : process.cwd();

/** Stands for a value that only the engine can decrypt. */
const secretPlaceholder = "<secret>";

/** An environment whose defaults are enough: it needs no file. */
const withoutFile = "local";

/** A stack file as it is written; empty when `local` has none. @throws EnvironmentError when it can't be read */
export function readDocument(name: string, root: string = projectRoot): Readonly<Record<string, unknown>> {
  const file = path.join(root, `Pulumi.${name}.yaml`);
  const fault = (reason: string, fix: string, key = `Pulumi.${name}.yaml`, value?: string) =>
    new EnvironmentError(name, [{ key, reason, fix, ...(value === undefined ? {} : { value }) }]);
  if (!fs.existsSync(file)) {
    if (name === withoutFile) return {};
    throw fault(`there is no Pulumi.${name}.yaml`, existing(root, name), "stack", name);
  }
  const document = parseDocument(fs.readFileSync(file, "utf8"));
  const [broken] = document.errors;
  if (broken !== undefined) {
    const { line, col } = broken.linePos?.[0] ?? { line: 1, col: 1 };
    const [reason = ""] = broken.message.split(/ at line \d|:?\n/);
    throw fault(`is not YAML: ${reason}`, `line ${line}, column ${col}`);
  }
  const content = (document.toJS() ?? {}) as Record<string, unknown> | string;
  const config = typeof content === "object" ? (content["config"] ?? {}) : content;
  if (typeof content === "object" && typeof config === "object" && !Array.isArray(config)) return content;
  throw fault("has no keys below config", `config: {${project}:cluster: dev}`);
}

/** What stands below `config`, by full keys: one without a namespace is the project's. */
export function readConfig(name: string, root: string = projectRoot): Record<string, unknown> {
  const config = (readDocument(name, root)["config"] ?? {}) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.includes(":") ? key : `${project}:${key}`, value]),
  );
}

/** The configuration as the engine would hand it to the program: objects as JSON, the encrypted as a placeholder. */
export function engineConfig(name: string, root: string = projectRoot): Record<string, string> {
  return Object.fromEntries(
    Object.entries(readConfig(name, root)).map(([key, value]) => {
      const plain = withoutEncrypted(value);
      return [key, typeof plain === "object" && plain !== null ? JSON.stringify(plain) : String(plain ?? "")];
    }),
  );
}

/**
 * The environment that a stack file describes.
 * @param over laid over what the file says, for this run
 * @throws EnvironmentError with every fault of the file
 */
export function readEnvironment(name: string, over: Settings = {}, root: string = projectRoot): Environment {
  const { values } = readConfiguration(engineConfig(name, root), (value) => value !== secretPlaceholder);
  return projectEnvironment(name, deepMerge(values, over), root);
}

const written = (root: string): string[] =>
  fs.readdirSync(root).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);

/** The environments that have a stack file, those named as a profile first; `local`, which needs none, where nothing has. */
export function stackNames(root: string = projectRoot): string[] {
  const names = written(root);
  const profiles: string[] = profileNames.filter((name) => names.includes(name));
  return names.length === 0 ? [withoutFile] : [...new Set([...profiles, ...names.sort()])];
}

/** The environment that was probably meant, or all that have a stack file. */
function existing(root: string, name: string): string {
  const names = written(root);
  const guess = nearest(name, names);
  return guess === undefined ? `there are ${names.sort().join(", ")}` : `did you mean "${guess}"?`;
}

function withoutEncrypted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEncrypted);
  if (typeof value !== "object" || value === null) return value;
  if ("secure" in value) return secretPlaceholder;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutEncrypted(inner)]));
}
