import { existsSync, readdirSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { at, unknownName, type Fault, type Pack } from "../environment";

export interface FoundPacks {
  readonly packs: readonly Pack[];
  /** Names that mean nothing, and folders that hold no pack. */
  readonly faults: readonly Fault[];
}

/**
 * The packs that a configuration names: ours by their names, a team's own from `packs/<name>/` below the root, or from a
 * folder that a path names (`teams/shop/observability`).
 * @param values the configuration as it was written, right or wrong
 * @param root what `packs/` is relative to
 * @param own those that come with the stack; without `packs` in the configuration it is all of them
 */
export function packsOf(values: Readonly<Record<string, unknown>>, root: string, own: readonly Pack[]): FoundPacks {
  const named = values["packs"];
  // What is no list of names the schema refuses.
  if (!Array.isArray(named)) return { packs: own, faults: [] };
  const found = named.map((each: unknown, index): Pack | Fault | undefined => {
    if (typeof each !== "string") return undefined;
    const key = `packs[${index}]`;
    if (named.indexOf(each) < index)
      return { key: at(key), value: each, reason: "stands here twice", fix: "take one away" };
    return own.find((pack) => pack.name === each) ?? load(each, key, root, own);
  });
  const faults = found.filter((each): each is Fault => each !== undefined && "reason" in each);
  const packs = found.filter((each): each is Pack => each !== undefined && !("reason" in each));
  // In our order, whatever the order in the file, then those of teams: what is shown does not jump about.
  return {
    packs: [...own.filter((pack) => packs.includes(pack)), ...packs.filter((pack) => !own.includes(pack))],
    faults,
  };
}

const entries = ["index.ts", "index.js"];

function load(written: string, key: string, root: string, own: readonly Pack[]): Pack | Fault {
  const name = basename(written);
  const folder = resolve(root, "packs");
  const path = written.includes("/") ? resolve(root, written) : join(folder, name);
  const shown = relative(root, path);
  const fault = (reason: string, fix: string): Fault => ({ key: at(key), value: written, reason, fix });
  if (!/^[a-z0-9-]+$/.test(name) || !existsSync(path)) {
    const folders = existsSync(folder) ? readdirSync(folder).filter((entry) => !entry.includes(".")) : [];
    const known = [...new Set([...own.map((pack) => pack.name), ...folders])];
    return unknownName(key, written, known, `there is no pack of this name, and no folder ${shown}`);
  }
  const entry = entries.map((each) => join(path, each)).find((each) => existsSync(each));
  if (entry === undefined) return fault(`there is no index.ts in ${shown}`, "name the folder that holds the pack");
  let exported: [string, unknown][];
  try {
    // A team's own code: it is there only once the configuration names it.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    exported = Object.entries(require(entry) as Record<string, unknown>);
  } catch (error) {
    return fault(`${shown} can't be loaded: ${firstLine(error)}`, "npm run typecheck says where");
  }
  const packs = exported.flatMap(([, value]) => (isPack(value) ? [value] : []));
  const found = packs.find((pack) => pack.name === name);
  if (found === undefined) {
    const others =
      packs.length === 0 ? "no pack" : `no pack of this name, but ${packs.map((pack) => pack.name).join(", ")}`;
    const variable = `${name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())}Pack`;
    return fault(`${shown}/index.ts exports ${others}`, `export const ${variable}: Pack = { name: "${name}", … }`);
  }
  const wrong = lists.filter((each) => found[each] !== undefined && !Array.isArray(found[each]));
  return wrong.length === 0
    ? found
    : fault(`${wrong.join(", ")} of ${shown} is no list`, "npm run typecheck says where");
}

const lists = ["metrics", "recorded", "pages", "alerts"] as const satisfies readonly (keyof Pack)[];

const isPack = (value: unknown): value is Pack =>
  typeof value === "object" && value !== null && typeof (value as Partial<Pack>).name === "string";

/** What an error says, without its trace. */
export const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
