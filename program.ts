import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { project, readConfiguration, type Environment } from "./environment";
import { ObservabilityStack, projectEnvironment } from "./stacks";

/** The SDK has it, and asks it itself, but leaves it out of its types. */
const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret(key: string): boolean };

/** What may differ between the engine and a rendering without one. */
export interface ProgramOptions {
  /** Makes up the value of a generated secret. @default random */
  readonly generateSecret?: (characters: number) => string;
  /** Read already: then the configuration gives the secrets alone. @default read here, every fault at once */
  readonly environment?: Environment;
  /** What folders of the configuration are relative to. @default the folder of this file and of Pulumi.yaml */
  readonly root?: string;
}

/**
 * The Pulumi program: configuration of the current stack in, the whole stack out. `pulumi up`, `npm run up` and
 * `npm start` run this same function.
 */
export function program({ root = __dirname, environment: given, ...options }: ProgramOptions = {}): Promise<
  Record<string, unknown>
> {
  const { values, secrets } = readConfiguration(
    pulumi.runtime.allConfig(),
    // The engine says of a key whether anything below it was encrypted, and nothing of each part.
    () => !isConfigSecret(`${project}:secrets`),
  );
  const environment = given ?? projectEnvironment(pulumi.getStack(), values, root);
  const provider = new kubernetes.Provider("cluster", {
    ...(environment.kubeContext === undefined ? {} : { context: environment.kubeContext }),
    enableServerSideApply: true,
    // What a server reloads is changed in place; what is to roll carries a hash in its name.
    enableConfigMapMutable: true,
    enableSecretMutable: true,
  });
  const stack = new ObservabilityStack(project, { environment, provider, secrets: marked(secrets), ...options });
  return Promise.resolve(stack.outputs());
}

/** Secrets as Pulumi keeps them: encrypted in the state, and never printed. */
export const marked = (secrets: Readonly<Record<string, string>>): Record<string, pulumi.Output<string>> =>
  Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, pulumi.secret(value)]));
