import { nearest } from "./faults";
import { project } from "./issues";
import { secretForms } from "./plain-secrets";

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
  /** What each secret holds, as text. */
  secrets: Record<string, string>;
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
    secrets: Object.fromEntries(named.map(([name, value]) => [name, String(value)])),
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
