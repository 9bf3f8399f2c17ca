import { CatalogueError } from "./faults";
import type { Labels, Result } from "./result-labels";

/** A rule that records a series, and how its expression is read. */
export interface RecordedBy {
  readonly record: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** @throws CatalogueError for a syntax error */
  readonly read: () => Result;
}

/**
 * Labels of series that rules record: those of the expressions, and those that the rules add. Each rule is read once, when
 * somebody asks. A series has any label where nothing records it, where a rule of it can't be read, and while its own
 * rule is being read.
 */
export function recordedLabels(rules: readonly RecordedBy[]): (series: string) => Labels {
  const found = new Map<string, Labels>();
  return (series) => {
    const by = rules.filter(({ record }) => record === series);
    if (by.length > 0 && !found.has(series)) {
      found.set(series, undefined);
      found.set(series, union(by.map(labelsOf)));
    }
    return found.get(series);
  };
}

function labelsOf({ labels: added = {}, read }: RecordedBy): Labels {
  try {
    const { labels } = read();
    return labels && new Set([...labels, ...Object.keys(added)]);
  } catch (error) {
    if (!(error instanceof CatalogueError)) throw error;
    return undefined; // its own fault is said where it stands
  }
}

const union = (all: readonly Labels[]): Labels =>
  all.some((each) => each === undefined) ? undefined : new Set(all.flatMap((each) => [...(each ?? [])]));
