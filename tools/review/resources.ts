import { leaves } from "../report/dashboard";
import { compareMaps } from "./dashboards";
import type { ResourceChange, TextChange, ValueChange } from "./model";
import { fullName, manifests, record, string, type Manifest, type RenderedEnvironment } from "./rendered";
import { lineEdits } from "./text";

/** An object in both, in the one, or in the other. */
export interface Both {
  readonly name: string;
  readonly kind: string;
  readonly before: Manifest | undefined;
  readonly after: Manifest | undefined;
}

/** The Kubernetes objects that differ. Documents that are the same byte for byte are not even read. */
export function changedObjects(before: RenderedEnvironment, after: RenderedEnvironment): Both[] {
  const only = (all: ReadonlySet<string>, others: ReadonlySet<string>) =>
    manifests([...all].filter((document) => !others.has(document)));
  const objects = new Map<string, { before?: Manifest; after?: Manifest; kind: string }>();
  const add = (manifest: Manifest, side: "before" | "after") => {
    const name = fullName(manifest);
    objects.set(name, { kind: manifest.kind, ...objects.get(name), [side]: manifest });
  };
  only(before.manifests, after.manifests).forEach((manifest) => add(manifest, "before"));
  only(after.manifests, before.manifests).forEach((manifest) => add(manifest, "after"));
  return [...objects]
    .map(([name, { kind, before: old, after: now }]) => ({ name, kind, before: old, after: now }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Fields that the API server refuses to change, by kind: the object has to be deleted and made anew. From the
 * Kubernetes API reference; a StatefulSet's other fields can change since they are listed as mutable there.
 */
const immutable: Readonly<Record<string, readonly string[]>> = {
  StatefulSet: ["spec.selector", "spec.serviceName", "spec.podManagementPolicy", "spec.volumeClaimTemplates"],
  Deployment: ["spec.selector"],
  DaemonSet: ["spec.selector"],
  Job: ["spec.selector", "spec.template", "spec.completionMode"],
  Service: ["spec.clusterIP"],
  Secret: ["type"],
  ClusterRoleBinding: ["roleRef"],
  RoleBinding: ["roleRef"],
  PersistentVolumeClaim: ["spec.accessModes", "spec.storageClassName", "spec.volumeName"],
  StorageClass: ["provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"],
};

/** The changed paths that can't be changed in place. */
export function immutableChanges(kind: string, paths: readonly string[]): string[] {
  const fields = immutable[kind] ?? [];
  return paths.filter((path) =>
    fields.some((field) => path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`)),
  );
}

/** Values of an object by path, without what the file contents of a ConfigMap are compared by. */
function values(manifest: Manifest | undefined): Map<string, string> {
  if (manifest === undefined) return new Map();
  const { data, stringData, ...rest } = manifest.json;
  const keys = Object.keys({ ...record(data), ...record(stringData) });
  const secret = manifest.kind === "Secret" ? keys.map((key) => [`data.${key}`, '"…"'] as [string, string]) : [];
  return new Map([...leaves(rest), ...secret]);
}

export function compareObject({ name, kind, before, after }: Both): ResourceChange {
  if (!before || !after) return { action: after ? "created" : "deleted", name, reason: "", values: [], texts: [] };
  const changes = compareMaps(values(before), values(after));
  const paths = changes.map((change) => change.name);
  const stuck = immutableChanges(kind, paths);
  const texts = kind === "ConfigMap" ? compareFiles(before, after) : [];
  const renamed = before.name !== after.name;
  return {
    action: stuck.length > 0 || renamed ? "replaced" : "updated",
    name,
    reason: reason(kind, stuck, renamed, changes, texts),
    values: changes.filter((change) => !(renamed && change.name === "metadata.name")),
    texts,
  };
}

function reason(
  kind: string,
  stuck: readonly string[],
  renamed: boolean,
  changes: readonly ValueChange[],
  texts: readonly TextChange[],
): string {
  const short = (paths: readonly string[]) =>
    [...new Set(paths.map((path) => path.split(".").slice(0, 3).join(".")))].slice(0, 4).join(", ");
  if (stuck.length > 0) return `${short(stuck)} can't be changed in place`;
  if (renamed) return `new content, new name: ${texts.map(({ name }) => name).join(", ")}; pods that read it restart`;
  const paths = changes.map(({ name }) => name);
  const template = paths.filter((path) => path.startsWith("spec.template"));
  if (template.length > 0) return `pods restart: ${causes(changes)}`;
  if (kind === "ConfigMap") return `the server reloads ${texts.map(({ name }) => name).join(", ")}`;
  return short(paths);
}

/** Why pods restart, in words. */
function causes(changes: readonly ValueChange[]): string {
  const found = new Set<string>();
  for (const { name, before, after } of changes) {
    if (!name.startsWith("spec.template")) continue;
    if (/volumes\[\d+\]\.configMap\.name$/.test(name)) found.add("its files changed");
    else if (name.endsWith(".image")) found.add(`image ${plain(before)} → ${plain(after)}`);
    else if (name.includes(".args[")) found.add("its flags changed");
    else if (name.includes(".resources.")) found.add("its resources changed");
    else if (name.includes(".env[")) found.add("its environment changed");
    else if (name.includes("metadata.labels")) found.add("its labels changed");
    else found.add(name.replace(/^spec\.template\.(spec\.)?/, ""));
  }
  const all = [...found];
  return all.length > 5 ? `${all.slice(0, 5).join(", ")} and ${all.length - 5} more` : all.join(", ");
}

const plain = (json: string | undefined) => json?.replace(/^"(.*)"$/, "$1") ?? "–";

/** Files of a ConfigMap, line by line; dashboards have a section of their own. */
function compareFiles(before: Manifest, after: Manifest): TextChange[] {
  const [old, now] = [record(before.json["data"]), record(after.json["data"])];
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].flatMap((name) => {
    const [from, to] = [string(old[name]), string(now[name])];
    if (from === to) return [];
    return [{ name, edits: isDashboard(from || to) ? [] : lineEdits(from, to) }];
  });
}

const isDashboard = (text: string) =>
  text.startsWith("{") && text.includes('"panels"') && text.includes('"schemaVersion"');

/** Configuration files, and those that are no rules or routes: these have their own section. */
export function compareConfiguration(before: RenderedEnvironment, after: RenderedEnvironment): TextChange[] {
  const names = [...new Set([...Object.keys(before.config), ...Object.keys(after.config)])].sort();
  const isAlerting = (name: string, text: string) => name.endsWith("alertmanager.yml") || /^groups:/m.test(text);
  return names.flatMap((name) => {
    const [from, to] = [before.config[name] ?? "", after.config[name] ?? ""];
    return from === to || isAlerting(name, from || to) ? [] : [{ name, edits: lineEdits(from, to) }];
  });
}

/** AWS resources by file. A bucket or role with another name is another bucket or role. */
export function compareAws(before: RenderedEnvironment, after: RenderedEnvironment): ResourceChange[] {
  const files = [...new Set([...Object.keys(before.aws), ...Object.keys(after.aws)])].sort();
  return files.flatMap((file): ResourceChange[] => {
    const [old, now] = [before.aws[file], after.aws[file]];
    const name = `AWS ${file}`;
    const empty = { name, values: [], texts: [], reason: "" };
    if (old === undefined) return [{ ...empty, action: "created" }];
    if (now === undefined) return [{ ...empty, action: "deleted" }];
    const changes = compareMaps(new Map(leaves(old)), new Map(leaves(now)));
    if (changes.length === 0) return [];
    const identity = changes.filter((change) => ["name", "region", "account", "bucket"].includes(change.name));
    const reason = identity.length > 0 ? identity : changes;
    return [
      {
        name,
        action: identity.length > 0 ? "replaced" : "updated",
        reason: [...new Set(reason.map((change) => change.name.split(/[.[]/)[0] ?? ""))].join(", "),
        values: changes,
        texts: [],
      },
    ];
  });
}
