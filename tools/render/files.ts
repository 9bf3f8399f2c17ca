import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pageReasonsOf } from "../../alerts/page-reasons";
import { ruleThresholds } from "../../alerts/thresholds";
import { planStack, type StackPlan } from "../../stacks";
import type { KubernetesObject } from "../../stacks/kubernetes";
import { awsFiles } from "../../stacks/storage/plan";
import { yaml } from "../../stacks/system";
import { dashboards } from "../../dashboards";
import {
  evaluate,
  exemptionsOf,
  policies,
  policyEnvironment,
  type Evaluation,
  type Violation,
} from "../../policies/index";
import { report } from "../report/report";
import { judgement } from "./judgement";
import type { Rendering } from "./program";
import { findingsOf, namedChecks, type Finding } from "./checks";
import { sizingOf, sizingPage, type Sizing } from "./sizing";
import { summary, type Summary } from "./summary";

export interface Rendered {
  readonly summary: Summary;
  readonly sizing: Sizing;
  readonly findings: readonly Finding[];
  /** Content by path below `build/<env>`. */
  readonly files: Readonly<Record<string, string>>;
}

/** The order in which `kubectl apply` of one file meets what it needs. */
const kindOrder = [
  "Namespace",
  "PriorityClass",
  "ResourceQuota",
  "LimitRange",
  "ServiceAccount",
  "ClusterRole",
  "ClusterRoleBinding",
  "Role",
  "RoleBinding",
  "Secret",
  "ConfigMap",
  "Service",
  "StatefulSet",
  "Deployment",
  "DaemonSet",
  "HorizontalPodAutoscaler",
  "PodDisruptionBudget",
  "NetworkPolicy",
  "Gateway",
  "HTTPRoute",
  "Ingress",
];

const namespacesFile = "00-namespaces";

/** The Kubernetes objects among what the program asked for, by the file they belong in. */
function manifests({ resources }: Rendering): Map<string, KubernetesObject[]> {
  const files = new Map<string, KubernetesObject[]>();
  for (const { inputs } of resources) {
    if (typeof inputs["kind"] !== "string" || typeof inputs["apiVersion"] !== "string") continue;
    const object = inputs as unknown as KubernetesObject;
    const file =
      (object.metadata?.labels as Record<string, string> | undefined)?.["app.kubernetes.io/name"] ?? namespacesFile;
    files.set(file, [...(files.get(file) ?? []), object]);
  }
  const rank = ({ kind, metadata }: KubernetesObject) =>
    `${String(kindOrder.indexOf(kind)).padStart(2, "0")} ${metadata?.namespace ?? ""} ${metadata?.name ?? ""}`;
  for (const list of files.values()) list.sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What the policies say. Exemptions are judged for the day of the run. */
function evaluated({ environment, resources }: Rendering): Evaluation {
  const today = new Date().toISOString().slice(0, 10);
  const exemptions = exemptionsOf(environment.composition);
  return evaluate(resources, { environment: policyEnvironment(environment), today, exemptions });
}

/** Violations of mandatory policies are errors. */
const found = ({ policy, severity, message }: Violation): Finding => ({
  level: severity === "mandatory" ? "error" : "warning",
  message: `${policy}: ${message}`,
});

/** Rules stand beside the configuration, by who evaluates them: reviewers and rule tools want them in one place. */
function configPath(system: string, name: string): string {
  const rules = /^rules\/(.+)/.exec(name)?.[1];
  return rules === undefined ? `config/${system}/${name}` : `rules/${system}/${rules}`;
}

/** Everything that `npm start` writes for one environment. */
export function render(rendering: Rendering): Rendered {
  const { environment } = rendering;
  const plan: StackPlan = planStack(environment);
  const objects = manifests(rendering);
  const pages = environment.stages.includes("dashboards") ? dashboards(environment) : [];
  const all = [...objects.values()].flat();
  const done = namedChecks(environment, plan, all);
  const evaluation = evaluated(rendering);
  const findings = [...findingsOf(done), ...evaluation.violations.map(found)];
  const sizing = sizingOf(environment, plan);
  const result = summary(rendering, plan, all, findings, sizing);
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  const files: Record<string, string> = {};
  for (const [name, list] of objects)
    files[`manifests/${name}.yaml`] = list.map((object) => yaml(object)).join("---\n");
  for (const system of plan.systems) {
    for (const [name, text] of Object.entries(system.config)) files[configPath(system.name, name)] = text;
  }
  for (const [name, value] of Object.entries(plan.storage.aws ? awsFiles(plan.storage.aws) : {}))
    files[`aws/${name.replace(/(\.json)?$/, ".json")}`] = json(value);
  for (const { uid, model } of pages) files[`dashboards/${uid}.json`] = json(model);
  const judged = judgement(rendering, done, evaluation);
  files["summary.json"] = json({ ...result, ...judged });
  files["thresholds.json"] = json(ruleThresholds(environment));
  files["pages.json"] = json(pageReasonsOf(environment));
  files["sizing.json"] = json(sizing);
  files["sizing.md"] = sizingPage(result, sizing);
  const shown = { pages, checks: done, policies: { policies, ...evaluation }, slos: judged.slos };
  files["report.html"] = report(rendering, plan, result, shown);
  return { summary: result, sizing, findings, files };
}

/** Writes the files, and only those: what an earlier run left behind is gone. */
export function write(folder: string, files: Readonly<Record<string, string>>): void {
  rmSync(folder, { recursive: true, force: true });
  const made = new Set<string>();
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    const parent = dirname(path);
    if (!made.has(parent)) mkdirSync(parent, { recursive: true });
    made.add(parent);
    writeFileSync(path, text);
  }
}

/** One hash over all files: two runs with the same one wrote the same bytes. */
export function fingerprint(files: Readonly<Record<string, string>>): string {
  const hash = createHash("sha256");
  for (const name of Object.keys(files).sort()) hash.update(`${name}\0${files[name] ?? ""}\0`);
  return hash.digest("hex").slice(0, 12);
}
