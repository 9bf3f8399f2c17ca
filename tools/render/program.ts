import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { EnvironmentError, parseEnvironment, project, type Environment } from "../../environment";
import { program, readConfiguration } from "../../program";

/** A resource as the program asked the engine for it. */
export interface Recorded {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

export interface Rendering {
  readonly environment: Environment;
  readonly resources: readonly Recorded[];
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** Stands for a value that only the engine can decrypt. */
export const secretPlaceholder = "<secret>";
/** Stands for a value that is made up at the first deployment. */
export const generatedPlaceholder = (characters: number) => `<generated: ${characters} characters>`;

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
      { key: "stack", value: name, reason: `there is no ${path}`, fix: "--env local, dev or prod" },
    ]);
  }
  const { config } = (parse(readFileSync(path, "utf8")) ?? {}) as { config?: Record<string, unknown> };
  return Object.fromEntries(
    Object.entries(config ?? {}).map(([key, value]) => {
      const plain = withoutEncrypted(value);
      return [key, typeof plain === "object" ? JSON.stringify(plain) : String(plain)];
    }),
  );
}

function withoutEncrypted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEncrypted);
  if (typeof value !== "object" || value === null) return value;
  if ("secure" in value) return secretPlaceholder;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutEncrypted(inner)]));
}

/** Runs the Pulumi program in this process, without an engine, and records what it asks for. */
export async function renderProgram(root: string, name: string): Promise<Rendering> {
  const config = readStackFile(root, name);
  // Faults of the configuration are found before the program runs: Pulumi would wrap the message in its own.
  const environment = parseEnvironment(name, readConfiguration(config).values);
  const resources: Recorded[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, id }) => {
        resources.push({ type, name, inputs: revealed(inputs) as Record<string, unknown> });
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
  pulumi.runtime.setAllConfig(config);
  const outputs = await pulumi.runtime.runInPulumiStack(() => program({ generateSecret: generatedPlaceholder }));
  await pulumi.runtime.disconnect();
  return { environment, resources, outputs: revealed(outputs ?? {}) as Record<string, unknown> };
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
