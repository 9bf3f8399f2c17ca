import { leaves } from "../report/dashboard";
import type { Level } from "./model";
import { at, record, records, string, strings, type Json } from "./rendered";

/** Notes a risk. */
export type Add = (level: Level, what: string, why: string) => void;

/** Tells what is in the one list only, and what in the other. */
export function difference(
  before: readonly string[],
  after: readonly string[],
  added: (each: string) => void,
  removed: (each: string) => void,
): void {
  after.filter((each) => !before.includes(each)).forEach(added);
  before.filter((each) => !after.includes(each)).forEach(removed);
}

/** What the pods of a workload may do, and what protects them. */
export function podSecurity(old: Json | undefined, now: Json | undefined, add: Add): void {
  const [before, after] = [record(at(old, "spec.template.spec")), record(at(now, "spec.template.spec"))];
  const account = string(before["serviceAccountName"]);
  if (old && account !== string(after["serviceAccountName"]))
    add(
      "high",
      `service account ${account || "default"} → ${string(after["serviceAccountName"]) || "default"}`,
      "its pods act under another identity",
    );
  difference(
    old ? powers(before) : [],
    powers(after),
    (power) => add(old ? "high" : "medium", power, "more power over the node than the restricted standard gives"),
    (power) => add("low", `no longer ${power}`, "whatever needs it fails"),
  );
  if (!old) return;
  for (const [path, text] of leaves(guards(before))) {
    const value = new Map(leaves(guards(after))).get(path);
    if (value !== text) add("high", `${path}: ${text} → ${value ?? "not set"}`, "a protection is weaker, or gone");
  }
  difference(
    registries(before),
    registries(after),
    (registry) => add("medium", `images from ${registry}`, "another source of code"),
    () => undefined,
  );
}

const containers = (pod: Json) => [...records(pod["initContainers"]), ...records(pod["containers"])];

/** What a pod may do beyond the restricted standard. */
function powers(pod: Json): string[] {
  const flags = ["hostNetwork", "hostPID", "hostIPC"]
    .filter((flag) => pod[flag] === true)
    .map((flag) => `uses ${flag}`);
  const paths = records(pod["volumes"]).flatMap(({ hostPath }) =>
    hostPath === undefined ? [] : [`reads the node's ${string(record(hostPath)["path"])}`],
  );
  const own = containers(pod).flatMap(({ name, securityContext }) => {
    const context = record(securityContext);
    return [
      ...(context["privileged"] === true ? [`container ${string(name)} is privileged`] : []),
      ...strings(at(context, "capabilities.add")).map((each) => `container ${string(name)} has ${each}`),
    ];
  });
  return [...flags, ...paths, ...own];
}

/** Settings that protect: each change is worth a look. */
function guards(pod: Json): Json {
  const context = (json: unknown) => {
    const { runAsNonRoot, runAsUser, readOnlyRootFilesystem, allowPrivilegeEscalation, seccompProfile, capabilities } =
      record(json);
    const all = {
      runAsNonRoot,
      runAsUser,
      readOnlyRootFilesystem,
      allowPrivilegeEscalation,
      seccompProfile,
      drop: record(capabilities)["drop"],
    };
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  };
  return {
    pod: context(pod["securityContext"]),
    ...Object.fromEntries(containers(pod).map(({ name, securityContext }) => [string(name), context(securityContext)])),
  };
}

const registries = (pod: Json) => [
  ...new Set(
    containers(pod).map(({ image }) => string(image).split("/").slice(0, -1).join("/") || "the default registry"),
  ),
];
