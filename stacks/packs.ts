import { existsSync, readdirSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { at, EnvironmentError, unknownName, type Fault, type Pack } from "../environment";

/**
 * The packs that a configuration names: ours by their names, a team's own from `packs/<name>/` below the root, or from a
 * folder that a path names (`teams/shop/observability`).
 * @param values the configuration as it was written, right or wrong
 * @param root what `packs/` is relative to
 * @param own those that come with the stack; without `packs` in the configuration it is all of them
 * @throws EnvironmentError for names that mean nothing, and folders that hold no pack
 */
export function packsOf(
  name: string,
  values: Readonly<Record<string, unknown>>,
  root: string,
  own: readonly Pack[],
): readonly Pack[] {
  const named = values["packs"];
  // What is no list of names the schema refuses.
  if (!Array.isArray(named)) return own;
  const faults: Fault[] = [];
  const packs = named.flatMap((each: unknown, index): Pack[] => {
    if (typeof each !== "string") return [];
    const found = own.find((pack) => pack.name === each) ?? load(each, `packs[${index}]`, root, own);
    if ("reason" in found) faults.push(found);
    return "reason" in found ? [] : [found];
  });
  if (faults.length > 0) throw new EnvironmentError(name, faults);
  // In our order, whatever the order in the file, then those of teams: what is shown does not jump about.
  return [...own.filter((pack) => packs.includes(pack)), ...packs.filter((pack) => !own.includes(pack))];
}

function load(written: string, key: string, root: string, own: readonly Pack[]): Pack | Fault {
  const name = basename(written);
  const folder = resolve(root, "packs");
  const path = written.includes("/") ? resolve(root, written) : join(folder, name);
  if (!/^[a-z0-9-]+$/.test(name) || !existsSync(path)) {
    const folders = existsSync(folder) ? readdirSync(folder).filter((entry) => !entry.includes(".")) : [];
    const known = [...new Set([...own.map((pack) => pack.name), ...folders])];
    return unknownName(key, written, known, `there is no pack of this name, and no folder ${relative(root, path)}`);
  }
  // A team's own code: it is there only once the configuration names it.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const exported = Object.values(require(path) as Record<string, unknown>);
  const found = exported.find((value) => (value as Partial<Pack> | null)?.name === name);
  if (found !== undefined) return found as Pack;
  return {
    key: at(key),
    value: written,
    reason: `${relative(root, path)}/index.ts exports no pack of this name`,
    fix: `export const ${name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())}Pack: Pack = { name: "${name}", … }`,
  };
}
