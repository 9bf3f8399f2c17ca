import { difference, podSecurity, type Add } from "./pods";
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
