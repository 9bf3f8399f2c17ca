import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { isUnit, type Quantity } from "../../signals";
import { readDashboard, type Dashboard } from "../report/dashboard";
import { readAlertmanager, type Alertmanager } from "../report/routing";
import { readRules, ruleKey, type Rules } from "../report/rules";

/**
 * What `npm start` wrote for one environment. The files are what is compared, not the code: a ref with another code
 * inside still compares.
 */
export interface RenderedEnvironment {
  readonly name: string;
  /** Documents of the manifests, as they are written. */
  readonly manifests: ReadonlySet<string>;
  /** Content of configuration files by `system/file`. */
  readonly config: Readonly<Record<string, string>>;
  readonly aws: Readonly<Record<string, unknown>>;
  readonly dashboards: ReadonlyMap<string, { readonly text: string; readonly dashboard: Dashboard }>;
  readonly rules: Rules;
  readonly alertmanager: Alertmanager | undefined;
  readonly summary: Json;
}

export type Json = Readonly<Record<string, unknown>>;

/** A Kubernetes object as a manifest describes it. */
export interface Manifest {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly json: Json;
}

export const record = (value: unknown): Json =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
export const records = (value: unknown): Json[] => (Array.isArray(value) ? value.map(record) : []);
export const strings = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
export const string = (value: unknown): string =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";

/** A value by its path, such as `spec.template.spec`. */
export function at(json: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => record(value)[key], json);
}

/** The environments below a `build` folder. */
export function environmentsIn(build: string): string[] {
  if (!existsSync(build)) return [];
  return readdirSync(build)
    .filter((name) => existsSync(join(build, name, "summary.json")))
    .sort();
}

/** Reads one environment. @param folder `build/<env>` */
export function readEnvironment(name: string, folder: string): RenderedEnvironment {
  const text = (path: string) => readFileSync(join(folder, path), "utf8");
  const files = filesBelow(folder);
  const below = (part: string) => files.filter((path) => path.startsWith(`${part}/`));
  const config = Object.fromEntries([
    ...below("config").map((path) => [path.slice("config/".length), text(path)] as const),
    // Rules are a part of their evaluator's configuration, where older states have them.
    ...below("rules").map((path) => [path.replace(/^rules\/([^/]+)/, "$1/rules"), text(path)] as const),
  ]);
  const dashboards = below("dashboards").map((path) => {
    const source = text(path);
    const dashboard = readDashboard(JSON.parse(source));
    return [dashboard.uid || path, { text: source, dashboard }] as const;
  });
  const routing = Object.entries(config).find(([path]) => path.endsWith("alertmanager.yml"));
  return {
    name,
    manifests: new Set(
      below("manifests").flatMap((path) =>
        text(path)
          .split(/^---\n/m)
          .filter((each) => each.trim() !== ""),
      ),
    ),
    config,
    aws: Object.fromEntries(
      below("aws").map((path) => [path.replace(/^aws\/|\.json$/g, ""), JSON.parse(text(path)) as unknown]),
    ),
    dashboards: new Map(dashboards),
    rules: readRules(
      config,
      files.includes("thresholds.json") ? thresholdsOf(text("thresholds.json")) : undefined,
      files.includes("pages.json") ? reasonsOf(text("pages.json")) : undefined,
    ),
    alertmanager: routing && readAlertmanager(routing[1]),
    summary: record(JSON.parse(text("summary.json"))),
  };
}

/** Thresholds by the rule. A ref that does not write them, or in a unit that is none any more, has none to compare. */
function thresholdsOf(source: string): ReadonlyMap<string, Quantity> {
  return new Map(
    records(JSON.parse(source)).flatMap(({ alert, labels, threshold }) => {
      const { value, unit } = record(threshold);
      if (typeof value !== "number" || typeof unit !== "string" || !isUnit(unit)) return [];
      const own = Object.fromEntries(Object.entries(record(labels)).map(([name, each]) => [name, string(each)]));
      return [[ruleKey(string(alert), own), { value, unit }] as const];
    }),
  );
}

/** Why alerts wake somebody, by their name. A ref that does not write it says nothing of it. */
const reasonsOf = (source: string): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(record(JSON.parse(source))).map(([name, reason]) => [name, string(reason)]));

function filesBelow(folder: string, prefix = ""): string[] {
  return readdirSync(join(folder, prefix))
    .sort()
    .flatMap((name) => {
      const path = prefix === "" ? name : `${prefix}/${name}`;
      return statSync(join(folder, path)).isDirectory() ? filesBelow(folder, path) : [path];
    });
}

/** The objects of some documents. */
export function manifests(documents: readonly string[]): Manifest[] {
  return documents.flatMap((document) =>
    parseAllDocuments(document).flatMap((parsed) => {
      const json = record(parsed.toJS());
      const { kind } = json;
      if (typeof kind !== "string") return [];
      const metadata = record(json["metadata"]);
      return [{ kind, namespace: string(metadata["namespace"]), name: string(metadata["name"]), json }];
    }),
  );
}

/** The name of an object without the hash of its content, which an immutable ConfigMap carries. */
function stableName({ kind, name, json }: Manifest): string {
  return kind === "ConfigMap" && json["immutable"] === true ? name.replace(/-[0-9a-f]{10}$/, "") : name;
}

/** `StatefulSet observability/loki` */
export function fullName(manifest: Manifest): string {
  const { kind, namespace } = manifest;
  return `${kind} ${namespace === "" ? "" : `${namespace}/`}${stableName(manifest)}`;
}
