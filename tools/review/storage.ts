import { policyRisks } from "./grants";
import type { Level, ResourceChange, Risk } from "./model";
import { at, record, records, string, type Manifest, type RenderedEnvironment } from "./rendered";
import { quantity } from "./sizes";
import { immutableChanges, type Both } from "./resources";

/** Risks of what can't be changed in place, and of what holds data. */
export function objectRisks(both: Both, change: ResourceChange): Risk[] {
  const { name, kind, before, after } = both;
  const risks: Risk[] = [];
  const add = (level: Level, what: string, why: string) =>
    risks.push({ level, where: name, what, why, security: false });
  if (before && !after) {
    if (kind === "Namespace") add("critical", "is deleted", "everything in it goes with it, the volumes too");
    if (kind === "StatefulSet" && claims(before).size > 0)
      add("high", "is deleted", "its data stays in volumes that nobody reads any more");
    if (kind === "PodDisruptionBudget") add("medium", "is deleted", "a drained node may take all replicas at once");
    return risks;
  }
  if (!before || !after) return risks;
  const paths = change.values.map((value) => value.name);
  volumeRisks(claims(before), claims(after), add);
  const stuck = immutableChanges(kind, paths).filter((path) => !path.includes("resources.requests.storage"));
  const selector = stuck.filter((path) => path.startsWith("spec.selector"));
  if (selector.length > 0)
    add(
      "high",
      `selector: ${selector.join(", ")}`,
      "immutable: it is deleted and made anew, and loses its pods meanwhile",
    );
  const others = stuck.filter((path) => !selector.includes(path));
  if (others.length > 0)
    add(
      "high",
      `immutable: ${others.slice(0, 4).join(", ")}`,
      "it is deleted and made anew; its pods are gone meanwhile",
    );
  if (kind === "Service" && paths.some((path) => path.startsWith("spec.selector")))
    add("high", "its selector changes", "requests go to other pods, or to none");
  return risks;
}

/** Size of each volume claim by name. */
function claims(manifest: Manifest): Map<string, string> {
  return new Map(
    records(at(manifest.json, "spec.volumeClaimTemplates")).map((claim) => [
      string(at(claim, "metadata.name")),
      string(at(claim, "spec.resources.requests.storage")),
    ]),
  );
}

function volumeRisks(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  add: (level: Level, what: string, why: string) => void,
): void {
  for (const [name, size] of before) {
    const now = after.get(name);
    const [old, later] = [quantity(size) ?? 0, quantity(now) ?? 0];
    if (now === undefined) add("critical", `volume ${name} is gone`, "what it held is lost to the server");
    else if (later < old)
      add(
        "critical",
        `volume ${name} shrinks: ${size} → ${now}`,
        "no volume can shrink: the claims stay as they are, or their data has to move",
      );
    else if (later > old)
      add(
        "medium",
        `volume ${name} grows: ${size} → ${now}`,
        "the StatefulSet is made anew; claims that exist have to be grown by hand",
      );
  }
}

/** Risks of buckets and roles. */
export function awsRisks(
  before: RenderedEnvironment,
  after: RenderedEnvironment,
  changes: readonly ResourceChange[],
): Risk[] {
  return changes.flatMap(({ name, action, values }): Risk[] => {
    const bucket = name.startsWith("AWS bucket-");
    const file = name.replace("AWS ", "");
    const risk = (level: Level, what: string, why: string, security = true): Risk => ({
      level,
      where: name,
      what,
      why,
      security,
    });
    if (action === "deleted")
      return [
        bucket
          ? risk("critical", "is deleted", "its objects go with it, or block the deletion", false)
          : risk("high", "is deleted", "its system loses access to the bucket"),
      ];
    if (action === "created") return [];
    return [
      ...(action === "replaced"
        ? [
            bucket
              ? risk("critical", "is another bucket", "what the old one holds is not moved", false)
              : risk("high", "is another role", "until its trust is in place, nothing can be stored"),
          ]
        : []),
      ...values.flatMap(({ name: path, before: old, after: now }) => {
        const text = `${path}: ${old ?? "none"} → ${now ?? "none"}`;
        if (path.startsWith("publicAccessBlock") && now !== "true")
          return [risk("critical", text, "the bucket may become public")];
        if (path.startsWith("encryption") && now === undefined)
          return [risk("critical", text, "objects are no longer encrypted at rest")];
        if (path === "protect" && now !== "true") return [risk("high", text, "a destroy may delete it", false)];
        if (path === "forceDestroy" && now === "true")
          return [risk("high", text, "a destroy deletes its objects too", false)];
        if (path.startsWith("versioning") && now === undefined)
          return [risk("high", text, "deleted objects can't be got back", false)];
        return [];
      }),
      ...policyRisks(record(before.aws[file]), record(after.aws[file]), risk),
    ];
  });
}
