import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { nearest, project, secretForms } from "./environment";
import { ObservabilityStack, stackEnvironment } from "./stacks";

/** The SDK has it, and asks it itself, but leaves it out of its types. */
const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret(key: string): boolean };

/** What may differ between the engine and a rendering without one. */
export interface ProgramOptions {
  /** Makes up the value of a generated secret. @default random */
  readonly generateSecret?: (characters: number) => string;
  /** What folders of the configuration are relative to. @default the folder of this file and of Pulumi.yaml */
  readonly root?: string;
}

/**
 * The Pulumi program: configuration of the current stack in, the whole stack out. `pulumi up`, `npm run up` and
 * `npm start` run this same function.
 */
export function program({ root = __dirname, ...options }: ProgramOptions = {}): Promise<Record<string, unknown>> {
  const { values, secrets } = readConfiguration(
    pulumi.runtime.allConfig(),
    // The engine says of a key whether anything below it was encrypted, and nothing of each part.
    () => !isConfigSecret(`${project}:secrets`),
  );
  const environment = stackEnvironment(pulumi.getStack(), values, root);
  const provider = new kubernetes.Provider("cluster", {
    ...(environment.kubeContext === undefined ? {} : { context: environment.kubeContext }),
    enableServerSideApply: true,
    // What a server reloads is changed in place; what is to roll carries a hash in its name.
    enableConfigMapMutable: true,
    enableSecretMutable: true,
  });
  const stack = new ObservabilityStack(project, { environment, provider, secrets, ...options });
  return Promise.resolve(stack.outputs());
}

/**
 * Takes Pulumi's flat configuration apart: the project's keys as values, and the secrets, of which only the names
 * belong to the environment.
 * @param all `project:key` to text, objects as JSON, as the engine hands them over
 * @param isPlain whether a secret of this value was set without `--secret`
 */
export function readConfiguration(
  all: Readonly<Record<string, string>>,
  isPlain: (value: unknown) => boolean = () => false,
): {
  values: Record<string, unknown>;
  secrets: Record<string, pulumi.Output<string>>;
} {
  const own = Object.entries(all).flatMap(([key, text]) => {
    const [namespace = ""] = key.split(":");
    if (namespace === project) return [[key.slice(project.length + 1), decode(text)] as const];
    // Other namespaces belong to providers; one that almost says ours is a typo, and parsing says so.
    return namespace.startsWith(project) || nearest(namespace, [project]) === undefined
      ? []
      : [[key, decode(text)] as const];
  });
  const { secrets = {}, ...values } = Object.fromEntries(own) as Record<string, unknown>;
  const named = typeof secrets === "object" && secrets !== null ? Object.entries(secrets) : [];
  return {
    values: { ...values, ...(named.length > 0 ? { secrets: secretForms(secrets, isPlain) } : {}) },
    secrets: Object.fromEntries(named.map(([name, value]) => [name, pulumi.secret(String(value))])),
  };
}

/** Pulumi hands objects and lists over as JSON, everything else as text. */
function decode(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
