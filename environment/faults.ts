/** One thing that is wrong in an environment: where, what stands there, why it can't be, and the likely fix. */
export interface Fault {
  /** The key as the person wrote it, e.g. `observability:retention.logs`. */
  readonly key: string;
  /** The value that stands there, printed; absent for a missing key. */
  readonly value?: string;
  readonly reason: string;
  readonly fix?: string;
  /** Where the key stands, where that is known: `Pulumi.dev.yaml:12:5`. */
  readonly place?: string;
}

/** A key as a person writes it in a stack file: `observability:retention.logs`. */
export const at = (key: string): string => `observability:${key}`;

/** A name that means nothing where it stands; the nearest known one is the fix. */
export function unknownName(key: string, name: string, known: readonly string[], reason: string): Fault {
  const guess = nearest(name, known);
  const fix = guess === undefined ? `known here: ${someOf(name, known)}` : `did you mean "${guess}"?`;
  return { key: at(key), value: name, reason, fix };
}

/** Names that an error shows at most: more would hide the other faults. */
const mostNames = 50;

/** All names where they are few; of many those that begin with the same word, `Loki` of `LokiDown`, if there are any. */
function someOf(name: string, known: readonly string[]): string {
  if (known.length <= mostNames) return known.join(", ") || "none";
  const [word = name] = /^[A-Za-z][a-z0-9]*/.exec(name) ?? [];
  const alike = known.filter((each) => each.toLowerCase().startsWith(word.toLowerCase()));
  const shown = (alike.length > 0 ? alike : known).slice(0, mostNames);
  return `${shown.join(", ")} and ${known.length - shown.length} more`;
}

/** The name of a secret that nobody has set. */
export function missingSecret(key: string, name: string): Fault {
  const fix = `pulumi config set --secret --path observability:secrets.${name} <value>`;
  return { key: at(key), value: name, reason: "no secret has this name", fix };
}

/** Every fault of an environment at once. Nothing has been deployed when this is thrown. */
export class EnvironmentError extends Error {
  constructor(
    readonly environment: string,
    readonly faults: readonly Fault[],
  ) {
    super(describe(environment, faults));
    this.name = "EnvironmentError";
  }
}

function describe(environment: string, faults: readonly Fault[]): string {
  const count = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
  return `environment "${environment}" has ${count}; nothing was deployed:\n${faultLines(faults)}`;
}

/** Faults as people read them: key and value, below them the reason and the fix. */
export function faultLines(faults: readonly Fault[]): string {
  const lines = faults.map(({ key, value, reason, fix, place }) => {
    const shown = `${value === undefined ? "" : ` = ${value}`}${place === undefined ? "" : `  (${place})`}`;
    return `  ${key}${shown}\n    ${reason}${fix === undefined ? "" : `\n    fix: ${fix}`}`;
  });
  return lines.join("\n");
}

/** The known word nearest to a misspelt one, or undefined when none is near (edit distance above a third). */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const scored = known
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = scored[0];
  return best && best.distance <= Math.max(1, Math.floor(word.length / 3)) ? best.candidate : undefined;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, substitution));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
