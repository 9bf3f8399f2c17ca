import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node, type Pair } from "yaml";
import { EnvironmentError, type Fault } from "./faults";
import { project } from "./issues";

/**
 * Where each key of a stack file stands: `12:5`, line and column, counted from 1; of a key that is missing, where the last
 * one on the way to it stands. Undefined for what the file does not speak of at all.
 * @param text the file, as it is
 */
export function placesIn(text: string): (key: string) => string | undefined {
  const lines = new LineCounter();
  const config = parseDocument(text, { lineCounter: lines }).get("config", true);
  return (key) => {
    let at: unknown = config;
    let found: Node | undefined;
    for (const part of partsOf(key, config)) {
      const next = below(at, part);
      if (next === undefined) break;
      found = next.place ?? found;
      at = next.value;
    }
    if (found?.range == null) return undefined;
    const { line, col } = lines.linePos(found.range[0]);
    return `${line}:${col}`;
  };
}

/** A fault's key as a path below `config`, whose first key has the project in front or not. */
function partsOf(key: string, config: unknown): string[] {
  const [first = "", ...rest] = key
    .replace(`${project}:`, "")
    .split(/[.[\]]+/)
    .filter((part) => part !== "");
  const names = [`${project}:${first}`, first, key];
  return [names.find((name) => below(config, name) !== undefined) ?? first, ...rest];
}

function below(at: unknown, part: string): { readonly place: Node | undefined; readonly value: unknown } | undefined {
  if (isSeq(at)) {
    const value = at.items[Number(part)] as Node | undefined;
    return value === undefined ? undefined : { place: value, value };
  }
  if (!isMap(at)) return undefined;
  const pair = (at.items as Pair<Node, Node | null>[]).find(({ key }) => isScalar(key) && String(key.value) === part);
  return pair === undefined ? undefined : { place: pair.key, value: pair.value };
}

/** The same faults, each with the place where its key stands. */
export function located({ environment, faults }: EnvironmentError, file: string, text: string): EnvironmentError {
  const placeOf = placesIn(text);
  const placed = faults.map((fault): Fault => {
    const place = fault.place === undefined ? placeOf(fault.key) : undefined;
    return place === undefined ? fault : { ...fault, place: `${file}:${place}` };
  });
  return new EnvironmentError(environment, placed);
}
