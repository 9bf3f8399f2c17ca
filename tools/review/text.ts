/** A piece of a text: in both, only before, or only after. */
export interface Edit {
  readonly kind: "same" | "removed" | "added";
  readonly text: string;
}

/** Beyond this many steps two texts are shown one after the other: their difference would not be readable. */
const tooMany = 2_000_000;

/** The shortest edits that make one list of pieces out of another. */
export function edits(before: readonly string[], after: readonly string[]): Edit[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  const room = Math.min(before.length, after.length) - start;
  while (end < room && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  const old = before.slice(start, before.length - end);
  const now = after.slice(start, after.length - end);
  const middle =
    old.length * now.length > tooMany
      ? [...old.map((text) => edit("removed", text)), ...now.map((text) => edit("added", text))]
      : shortest(old, now);
  const same = (texts: readonly string[]) => texts.map((text) => edit("same", text));
  return joined([...same(before.slice(0, start)), ...middle, ...same(before.slice(before.length - end))]);
}

const edit = (kind: Edit["kind"], text: string): Edit => ({ kind, text });

/** By the longest common subsequence. */
function shortest(before: readonly string[], after: readonly string[]): Edit[] {
  const width = after.length + 1;
  const common = new Uint32Array((before.length + 1) * width);
  const at = (i: number, j: number) => common[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      common[i * width + j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const result: Edit[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      result.push(edit("same", before[i] ?? ""));
      i += 1;
      j += 1;
    } else if (i < before.length && (j >= after.length || at(i + 1, j) >= at(i, j + 1))) {
      result.push(edit("removed", before[i] ?? ""));
      i += 1;
    } else {
      result.push(edit("added", after[j] ?? ""));
      j += 1;
    }
  }
  return result;
}

function joined(all: readonly Edit[]): Edit[] {
  const result: { kind: Edit["kind"]; text: string }[] = [];
  for (const { kind, text } of all) {
    const last = result.at(-1);
    if (last?.kind === kind) last.text += text;
    else result.push({ kind, text });
  }
  return result;
}

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

const numbers = /(?<![\w.$])\d+(?:\.\d+)?(?:e-?\d+)?(?![\w.])/gi;

/** The numbers that differ between two expressions that are otherwise the same: a threshold, most often. */
export function changedNumbers(before: string, after: string): [string, string][] {
  const shape = (text: string) => text.replace(numbers, "#").replace(/\s+/g, " ");
  if (before === after || shape(before) !== shape(after)) return [];
  const old = before.match(numbers) ?? [];
  const now = after.match(numbers) ?? [];
  return old.flatMap((each, index): [string, string][] => {
    const other = now[index];
    return other === undefined || other === each ? [] : [[each, other]];
  });
}
