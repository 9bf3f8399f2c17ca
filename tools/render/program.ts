import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parseDocument } from "yaml";
import { EnvironmentError, nearest, project, type Environment } from "../../environment";
import { program, readConfiguration } from "../../program";
import { stackEnvironment } from "../../stacks";

/** A resource as the program asked the engine for it. */
export interface Recorded {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** The engine refuses to delete it. */
  readonly protect: boolean;
}

export interface Rendering {
  readonly environment: Environment;
  readonly resources: readonly Recorded[];
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** Stands for a value that only the engine can decrypt. */
const secretPlaceholder = "<secret>";
/** Stands for a value that is made up at the first deployment. */
const generatedPlaceholder = (characters: number) => `<generated: ${characters} characters>`;

/** Pulumi's mark on a secret value in what it sends to the engine. */
const secretMark = "4dabf18193072939515e22adb298388d";

/**
 * Reads a stack file as the engine would hand it to the program: objects as JSON, the encrypted as a placeholder.
 * @throws EnvironmentError when there is no such file
 */
export function readStackFile(root: string, name: string): Record<string, string> {
  const path = join(root, `Pulumi.${name}.yaml`);
  if (!existsSync(path)) {
    throw new EnvironmentError(name, [
      { key: "stack", value: name, reason: `there is no Pulumi.${name}.yaml`, fix: existing(root, name) },
    ]);
  }
  return Object.fromEntries(
    Object.entries(configOf(name, path)).map(([key, value]) => {
      const plain = withoutEncrypted(value);
      // As the engine has it: a key without a namespace is the project's, an empty value is empty text.
      const full = key.includes(":") ? key : `${project}:${key}`;
      return [full, typeof plain === "object" && plain !== null ? JSON.stringify(plain) : String(plain ?? "")];
    }),
  );
}

function configOf(name: string, path: string): object {
  const fault = (reason: string, fix: string, key = `Pulumi.${name}.yaml`) =>
    new EnvironmentError(name, [{ key, reason, fix }]);
  const document = parseDocument(readFileSync(path, "utf8"));
  const [broken] = document.errors;
  if (broken !== undefined) {
    const { line, col } = broken.linePos?.[0] ?? { line: 1, col: 1 };
    const [reason = ""] = broken.message.split(/ at line \d|:?\n/);
    throw fault(`is not YAML: ${reason}`, `line ${line}, column ${col}`);
  }
  const content = (document.toJS() ?? {}) as { config?: unknown } | string;
  const config = typeof content === "object" ? (content.config ?? {}) : content;
  if (typeof config === "object" && !Array.isArray(config)) return config;
  throw fault("has no keys below config", `config: {${project}:cluster: dev}`);
}

/** The environments that have a stack file, the one first that was probably meant. */
function existing(root: string, name: string): string {
  const names = readdirSync(root).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
  const guess = nearest(name, names);
  return guess === undefined ? `there are ${names.sort().join(", ")}` : `did you mean "${guess}"?`;
}

function withoutEncrypted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEncrypted);
  if (typeof value !== "object" || value === null) return value;
  if ("secure" in value) return secretPlaceholder;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutEncrypted(inner)]));
}

/** The environment that a stack file describes. @throws EnvironmentError with every fault of the file */
export function readEnvironment(root: string, name: string): Environment {
  const { values } = readConfiguration(readStackFile(root, name), (value) => value !== secretPlaceholder);
  return stackEnvironment(name, values, root);
}

/** Runs the Pulumi program in this process, without an engine, and records what it asks for. */
export async function renderProgram(root: string, name: string): Promise<Rendering> {
  const config = readStackFile(root, name);
  // Faults of the configuration are found before the program runs: Pulumi would wrap the message in its own.
  const environment = readEnvironment(root, name);
  const resources: Recorded[] = [];
  const isProtected = new Set<string>();
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, id }) => {
        const protect = isProtected.has(`${type} ${name}`);
        resources.push({ type, name, inputs: revealed(inputs) as Record<string, unknown>, protect });
        return { id: id ?? `${name}-id`, state: inputs };
      },
      call: ({ token }) => {
        throw new Error(`the program asks a provider (${token}): names and ARNs are to be computed, not awaited`);
      },
    },
    project,
    name,
    true,
  );
  noteProtected(isProtected);
  pulumi.runtime.setAllConfig(config, [`${project}:secrets`]);
  const outputs = await pulumi.runtime.runInPulumiStack(() => program({ generateSecret: generatedPlaceholder, root }));
  await pulumi.runtime.disconnect();
  return { environment, resources, outputs: revealed(outputs ?? {}) as Record<string, unknown> };
}

/** The part of a resource's registration that is read here. */
interface Registration {
  getType(): string;
  getName(): string;
  getProtect(): boolean;
}

/**
 * Mocks are told a resource's inputs and not its options; what reaches the engine has both, those that come from a
 * parent included.
 * @param found `type name` of each protected resource, filled as the program runs
 */
function noteProtected(found: Set<string>): void {
  const monitor = pulumi.runtime.getMonitor() as unknown as { registerResource(...args: unknown[]): unknown };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (...args) => {
    const registration = args[0] as Registration;
    if (registration.getProtect()) found.add(`${registration.getType()} ${registration.getName()}`);
    return register(...args);
  };
}

/** Takes Pulumi's marks off: what stays is what the provider will see. */
function revealed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== "object" || value === null) return value;
  if (secretMark in value && "value" in value) return revealed(value.value);
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (inner === undefined ? [] : [[key, revealed(inner)]])),
  );
}
