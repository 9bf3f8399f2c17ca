import { diffArrays } from "diff";

/** A piece of a text: in both, only before, or only after. */
export interface Edit {
  readonly kind: "same" | "removed" | "added";
  readonly text: string;
}

/** Beyond this many edits two texts are shown one after the other: their difference would not be readable. */
const tooMany = 5_000;

/** The shortest edits that make one list of pieces out of another. */
export function edits(before: readonly string[], after: readonly string[]): Edit[] {
  const found = diffArrays([...before], [...after], { maxEditLength: tooMany });
  if (found === undefined) return [edit("removed", before), edit("added", after)].filter(({ text }) => text !== "");
  return found.map(({ value, added, removed }) => edit(added ? "added" : removed ? "removed" : "same", value));
}

const edit = (kind: Edit["kind"], pieces: readonly string[]): Edit => ({ kind, text: pieces.join("") });

/** Edits by word, for queries and sentences. */
export function wordEdits(before: string, after: string): Edit[] {
  const words = (text: string) => text.match(/\s+|[\p{L}\p{N}_:.]+|[^\s]/gu) ?? [];
  return edits(words(before), words(after));
}

/** Lines around a change that are shown. */
const context = 2;

/** Edits by line, with the lines around them; what is far from a change is left out and said so. */
export function lineEdits(before: string, after: string): Edit[] {
  const lines = (text: string) => (text === "" ? [] : text.replace(/\n$/, "").split("\n")).map((line) => `${line}\n`);
  const all = edits(lines(before), lines(after));
  return all.map((each, index) => {
    if (each.kind !== "same") return each;
    const own = each.text.split("\n").slice(0, -1);
    const head = index === 0 ? 0 : context;
    const tail = index === all.length - 1 ? 0 : context;
    if (own.length <= head + tail + 1) return each;
    const left = own.length - head - tail;
    const kept = [...own.slice(0, head), `⋯ ${left} lines as before`, ...(tail > 0 ? own.slice(-tail) : [])];
    return { kind: "same", text: `${kept.join("\n")}\n` };
  });
}
