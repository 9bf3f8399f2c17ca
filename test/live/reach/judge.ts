import type { Source, Target } from "./places";
import type { Try } from "./tries";

/** Whether a port must be open from a place; else nothing may come back. */
export type Expected = (from: Source, to: Target) => boolean;

const doorName = ({ name, port, protocol }: Target) => `${name}:${port}/${protocol}`;

/**
 * What is not as it should be. Root of the node may open everything: a port that is silent to it proves nothing by its
 * silence to others. A reset is an answer: whoever got it got through.
 */
export function faultsOf(tries: readonly Try[], expected: Expected): string[] {
  return tries.flatMap(({ from, to, outcome }) => {
    const wanted = expected(from, to) ? "open" : "silent";
    if (outcome === wanted) return [];
    const said = wanted === "open" ? "allowed" : "not allowed";
    return [`${from.name} → ${doorName(to)}: ${said}, and ${outcome}`];
  });
}

/** One line for each port: from where it is open; from everywhere else nothing comes back. */
export function reachTable(tries: readonly Try[]): string {
  const rows = new Map<string, Try[]>();
  for (const each of tries) rows.set(doorName(each.to), [...(rows.get(doorName(each.to)) ?? []), each]);
  const lines = [...rows].map(([door, all]) => {
    const from = (outcome: string) => all.filter((each) => each.outcome === outcome).map(({ from }) => from.name);
    const others = all.filter(({ outcome }) => outcome !== "open" && outcome !== "silent");
    const open = from("open");
    const odd = others.map(({ from, outcome }) => `${from.name} (${outcome})`);
    return `| ${door} | ${[...open, ...odd].join(", ") || "–"} | ${from("silent").length} |`;
  });
  const sources = [...new Set(tries.map(({ from }) => from.name))];
  return [
    `From: ${sources.join(", ")}.`,
    "",
    "| port | open from | no answer to so many others |",
    "| ---- | --------- | --------------------------: |",
    ...lines.sort(),
    "",
  ].join("\n");
}
