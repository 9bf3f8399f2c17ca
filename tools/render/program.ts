import * as pulumi from "@pulumi/pulumi";
import { project, type Environment } from "../../environment";
import { program } from "../../program";
import { engineConfig, readEnvironment } from "../stack-file";

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

/** Stands for a value that is made up at the first deployment. */
const generatedPlaceholder = (characters: number) => `<generated: ${characters} characters>`;

/** Pulumi's mark on a secret value in what it sends to the engine. */
const secretMark = "4dabf18193072939515e22adb298388d";

/**
 * Runs the Pulumi program in this process, without an engine, and records what it asks for.
 * @param environment @default read from the stack file: Pulumi would wrap its faults in a message of its own
 */
export async function renderProgram(
  root: string,
  name: string,
  environment: Environment = readEnvironment(name, {}, root),
): Promise<Rendering> {
  const config = engineConfig(name, root);
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
  const outputs = await withPlainStacks(async () => {
    const given = await pulumi.runtime.runInPulumiStack(() =>
      program({ generateSecret: generatedPlaceholder, root, environment }),
    );
    await pulumi.runtime.disconnect();
    return given;
  });
  return { environment, resources, outputs: revealed(outputs ?? {}) as Record<string, unknown> };
}

/**
 * Pulumi reads the stack of each of its thousands of promises, and Node.js leads each line of it back to TypeScript: a
 * tenth of a rendering, for nobody. An error that comes out of it has its lines all the same: they are made when they are
 * first read, after it.
 */
async function withPlainStacks<T>(work: () => Promise<T>): Promise<T> {
  const { sourceMapsEnabled } = process;
  process.setSourceMapsEnabled(false);
  try {
    return await work();
  } finally {
    process.setSourceMapsEnabled(sourceMapsEnabled);
  }
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
