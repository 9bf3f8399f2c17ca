import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { RuleFileTexts } from "../environment";

/**
 * Reads what stands in the folders that `alerting.rules` names: `*.yaml` and `loki/*.yaml` (or `.yml`), but no
 * `*.test.yaml`, which are for promtool. A folder that is not there, or a file, has no entry.
 * @param values the configuration as it was written, right or wrong
 * @param root what the folders are relative to
 */
export function readRuleFiles(values: Readonly<Record<string, unknown>>, root: string): RuleFileTexts {
  const teams = record(record(values["alerting"])["rules"]);
  return Object.fromEntries(
    Object.entries(teams).flatMap(([team, given]) => {
      const { folder } = record(given);
      if (typeof folder !== "string") return [];
      const path = resolve(root, folder);
      return isFolder(path) ? [[team, { ...texts(path, ""), ...texts(path, "loki/") }] as const] : [];
    }),
  );
}

function texts(folder: string, below: string): Record<string, string> {
  const path = join(folder, below);
  if (!isFolder(path)) return {};
  const names = readdirSync(path).filter((name) => /(?<![._]test)\.ya?ml$/.test(name));
  return Object.fromEntries(names.sort().map((name) => [`${below}${name}`, readFileSync(join(path, name), "utf8")]));
}

const isFolder = (path: string) => existsSync(path) && statSync(path).isDirectory();

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
