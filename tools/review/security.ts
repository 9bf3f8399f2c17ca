import { leaves } from "../report/dashboard";
import type { Level, Risk } from "./model";
import { at, record, records, string, strings, type Json, type Manifest } from "./rendered";
import type { Both } from "./resources";

/** Differences of Kubernetes objects that concern security, as risks. */
export function securityRisks({ name, kind, before, after }: Both): Risk[] {
  const risks: Risk[] = [];
  const add = (level: Level, what: string, why: string) =>
    risks.push({ level, where: name, what, why, security: true });
  const [old, now] = [before?.json, after?.json];
  switch (kind) {
    case "NetworkPolicy":
      networkPolicy(before, after, add);
      break;
    case "ClusterRole":
    case "Role":
      difference(
        roleRules(old),
        roleRules(now),
        (rule) => add(rule.includes("*") ? "high" : "medium", `may ${rule}`, "new permission on the Kubernetes API"),
        (rule) => add("low", `may no longer ${rule}`, "whatever needs it fails"),
      );
      break;
    case "ClusterRoleBinding":
    case "RoleBinding":
      difference(
        subjects(old),
        subjects(now),
        (who) =>
          add("high", `gives ${string(at(now, "roleRef.name"))} to ${who}`, "somebody else has these permissions"),
        (who) => add("low", `takes ${string(at(old, "roleRef.name"))} from ${who}`, "whatever needs it fails"),
      );
      break;
    case "ServiceAccount":
      serviceAccount(old, now, add);
      break;
    case "Namespace":
      namespace(old, now, add);
      break;
    case "Service":
      exposedService(old, now, add);
      break;
    case "Ingress":
    case "Gateway":
    case "HTTPRoute":
    case "GRPCRoute":
      difference(
        hosts(old),
        hosts(now),
        (host) => add("high", `exposes ${host}`, "reachable from outside the cluster"),
        (host) => add("low", `no longer exposes ${host}`, "not reachable from outside any more"),
      );
      break;
    case "Secret":
      if (!before) add("low", "is new", "check who may read it");
      else if (!after) add("medium", "is gone", "pods that read it do not start");
      break;
  }
  if (at(now, "spec.template.spec") !== undefined) podSecurity(old, now, add);
  return risks;
}

type Add = (level: Level, what: string, why: string) => void;

function difference(
  before: readonly string[],
  after: readonly string[],
  added: (each: string) => void,
  removed: (each: string) => void,
): void {
  after.filter((each) => !before.includes(each)).forEach(added);
  before.filter((each) => !after.includes(each)).forEach(removed);
}

/** Every allowed connection of a policy as a sentence. */
function allowed(manifest: Manifest | undefined): string[] {
  const spec = record(manifest?.json["spec"]);
  const read = (direction: "ingress" | "egress", peers: "from" | "to") =>
    records(spec[direction]).flatMap((rule) => {
      const ports = records(rule["ports"]).map(
        ({ port, protocol }) => `${string(port) || "any"}/${string(protocol) || "TCP"}`,
      );
      const ends = records(rule[peers]).map(peer);
      return (ends.length > 0 ? ends : ["anywhere"]).flatMap((end) =>
        (ports.length > 0 ? ports : ["any port"]).map((port) => `${peers} ${end} at ${port}`),
      );
    });
  return [...read("ingress", "from"), ...read("egress", "to")];
}

function peer(json: Json): string {
  const labels = (selector: unknown) =>
    leaves(selector)
      .map(([path, text]) => `${path.replace(/^matchLabels\./, "")}=${text.replaceAll('"', "")}`)
      .filter((each) => each !== "={}");
  const parts = [
    ...(json["ipBlock"] === undefined ? [] : [string(at(json, "ipBlock.cidr"))]),
    ...(json["namespaceSelector"] === undefined
      ? []
      : [labels(json["namespaceSelector"]).join(" ") || "any namespace"]),
    ...(json["podSelector"] === undefined ? [] : [labels(json["podSelector"]).join(" ") || "any pod"]),
  ];
  return parts.join(" ");
}

const isWide = (sentence: string) => /0\.0\.0\.0\/0|::\/0|anywhere|any namespace(?! \S+=)|any port/.test(sentence);

function networkPolicy(before: Manifest | undefined, after: Manifest | undefined, add: Add): void {
  const isDeny = (manifest: Manifest | undefined) => manifest !== undefined && allowed(manifest).length === 0;
  if (before && !after) {
    if (isDeny(before)) add("critical", "is gone", "what no other policy selects is open to everybody");
    else add("high", "is gone", "its pods are open to whatever no other policy forbids");
    return;
  }
  if (isDeny(before) && !isDeny(after))
    add("critical", "denies no longer everything", "it was the default of its namespace");
  if (!before) {
    const all = allowed(after);
    all.filter(isWide).forEach((each) => add("medium", `allows ${each}`, "the new policy is wide there"));
    if (all.length > 0) add("low", `is new and allows ${all.length} connections`, "they stand in the manifest");
    return;
  }
  difference(
    allowed(before),
    allowed(after),
    (each) => add(isWide(each) ? "high" : "medium", `allows ${each}`, "a connection that was refused before"),
    (each) => add("low", `no longer allows ${each}`, "whatever uses that connection fails"),
  );
  const types = (manifest: Manifest | undefined) => strings(at(manifest?.json, "spec.policyTypes"));
  difference(
    types(before),
    types(after),
    () => undefined,
    (type) => add("high", `no longer limits ${type}`, "that direction is open"),
  );
}

function roleRules(json: Json | undefined): string[] {
  return records(json?.["rules"]).flatMap((rule) => {
    const what = [...strings(rule["resources"]), ...strings(rule["nonResourceURLs"])];
    return strings(rule["verbs"]).flatMap((verb) => what.map((each) => `${verb} ${each}`));
  });
}

const subjects = (json: Json | undefined) =>
  records(json?.["subjects"]).map(({ kind, namespace, name }) =>
    [kind, namespace, name].map(string).filter(Boolean).join(" "),
  );

function serviceAccount(old: Json | undefined, now: Json | undefined, add: Add): void {
  if (!old || !now) return;
  const annotations = (json: Json) => new Map(leaves(record(at(json, "metadata.annotations"))));
  const [before, after] = [annotations(old), annotations(now)];
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    if (before.get(key) === after.get(key)) continue;
    add(
      "high",
      `${key}: ${before.get(key) ?? "none"} → ${after.get(key) ?? "none"}`,
      "its pods act under another identity, or lose theirs",
    );
  }
  if (old["automountServiceAccountToken"] === false && now["automountServiceAccountToken"] !== false)
    add("medium", "gives every pod a token", "whoever gets into a pod can ask the Kubernetes API");
}

const podLevels = ["privileged", "baseline", "restricted"];

function namespace(old: Json | undefined, now: Json | undefined, add: Add): void {
  const level = (json: Json | undefined) =>
    podLevels.indexOf(string(record(at(json, "metadata.labels"))["pod-security.kubernetes.io/enforce"]));
  if (old && now && level(now) < level(old))
    add(
      "high",
      `pod security: ${podLevels[level(old)] ?? "none"} → ${podLevels[level(now)] ?? "none"}`,
      "pods may do more than before",
    );
  if (!old && now && level(now) <= 0)
    add("medium", "is new, and its pods may do anything", "pod security is privileged or not set");
}

function exposedService(old: Json | undefined, now: Json | undefined, add: Add): void {
  const type = (json: Json | undefined) => string(at(json, "spec.type")) || "ClusterIP";
  if (now && type(now) !== (old ? type(old) : "ClusterIP") && type(now) !== "ClusterIP")
    add("high", `type ${old ? `${type(old)} → ` : ""}${type(now)}`, "reachable from outside the cluster");
}

function hosts(json: Json | undefined): string[] {
  const spec = record(json?.["spec"]);
  const rules = records(spec["rules"]).map(({ host }) => string(host));
  const listeners = records(spec["listeners"]).map(
    ({ hostname, port }) => `${string(hostname) || "any host"}:${string(port)}`,
  );
  return [...rules.filter(Boolean), ...strings(spec["hostnames"]), ...listeners];
}

function podSecurity(old: Json | undefined, now: Json | undefined, add: Add): void {
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
