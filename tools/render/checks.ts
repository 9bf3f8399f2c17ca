import type { Container, PodSpec } from "kubernetes-types/core/v1";
import { tooSmall, type Environment } from "../../environment";
import { alertingAdvice } from "./alerting";
import type { StackPlan } from "../../stacks";
import { lintOfTeams } from "./lint";
import { endName, isWorkload, type KubernetesObject } from "../../stacks/kubernetes";

/** What is wrong (`error`) or deserves a look (`warning`) in what was rendered. */
export interface Finding {
  readonly level: "error" | "warning";
  readonly message: string;
}

const error = (message: string): Finding => ({ level: "error", message });
const warning = (message: string): Finding => ({ level: "warning", message });

/** A check by name: what it found, or why it was not done. */
export type CheckDone =
  | { readonly name: string; readonly findings: readonly Finding[] }
  | { readonly name: string; readonly skipped: string };

/** What can't be known before something is deployed, and which command finds it out. */
const needServers: readonly CheckDone[] = [
  { name: "Each server starts with its configuration", skipped: "needs the servers: npm run e2e" },
  { name: "Data goes through: metrics, logs, traces, alerts", skipped: "needs a cluster: npm run e2e" },
  { name: "What the engine will change", skipped: "needs the deployed state: pulumi preview" },
];

/** Everything that is checked, done or not. What can be checked without any server is that the parts fit each other. */
export function namedChecks(
  environment: Environment,
  plan: StackPlan,
  objects: readonly KubernetesObject[],
): readonly CheckDone[] {
  return [
    { name: "No two objects share a name", findings: uniqueNames(objects) },
    { name: "Pods find the accounts, files and secrets that they name", findings: references(objects) },
    { name: "Every ConfigMap is small enough for the API server", findings: sizes(objects) },
    { name: "Every allowed connection ends at a port that is open", findings: ports(plan) },
    { name: "Every Service selects a pod", findings: selectors(objects) },
    { name: "Volumes hold what they are to keep", findings: shortVolumes(environment) },
    { name: "Settings that deserve a look", findings: advice(environment, plan) },
    { name: "Rules and pages of teams keep to the linters", findings: lintOfTeams(environment).map(warning) },
    ...needServers,
  ];
}

/** What the checks found. */
export const findingsOf = (done: readonly CheckDone[]): Finding[] =>
  done.flatMap((check) => ("findings" in check ? check.findings : []));

/** Every finding of {@link namedChecks}. */
export const checks = (...all: Parameters<typeof namedChecks>): Finding[] => findingsOf(namedChecks(...all));

/** How a check went, in a word: the worst that it found. */
export function resultOf(check: CheckDone): "passed" | "warns" | "failed" | "skipped" {
  if ("skipped" in check) return "skipped";
  if (check.findings.some(({ level }) => level === "error")) return "failed";
  return check.findings.length > 0 ? "warns" : "passed";
}

const nameOf = ({ kind, metadata }: KubernetesObject) =>
  [kind, metadata?.namespace, metadata?.name].filter(Boolean).join(" ");

function uniqueNames(objects: readonly KubernetesObject[]): Finding[] {
  const seen = new Set<string>();
  return objects.flatMap((object) => {
    const name = nameOf(object);
    const twice = seen.has(name);
    seen.add(name);
    return twice ? [error(`two objects are called ${name}`)] : [];
  });
}

/** The pod of a workload, with its namespace and name. */
export function podSpecs(
  objects: readonly KubernetesObject[],
): { name: string; namespace: string; labels: Record<string, string>; spec: PodSpec }[] {
  return objects.flatMap((object) => {
    const template = (
      object as { spec?: { template?: { metadata?: { labels?: Record<string, string> }; spec?: PodSpec } } }
    ).spec?.template;
    if (template?.spec === undefined) return [];
    return [
      {
        name: nameOf(object),
        namespace: object.metadata?.namespace ?? "",
        labels: template.metadata?.labels ?? {},
        spec: template.spec,
      },
    ];
  });
}

/** Everything that a pod names exists in its namespace. */
function references(objects: readonly KubernetesObject[]): Finding[] {
  const names = new Set(objects.map(nameOf));
  return podSpecs(objects).flatMap(({ name, namespace, spec }) => {
    const wanted = [
      `ServiceAccount ${namespace} ${spec.serviceAccountName ?? ""}`,
      ...(spec.volumes ?? []).flatMap(({ configMap, secret }) => [
        ...(configMap ? [`ConfigMap ${namespace} ${configMap.name ?? ""}`] : []),
        ...(secret ? [`Secret ${namespace} ${secret.secretName ?? ""}`] : []),
      ]),
      ...spec.containers.flatMap(({ env = [] }: Container) =>
        env.flatMap(({ valueFrom }) =>
          valueFrom?.secretKeyRef ? [`Secret ${namespace} ${valueFrom.secretKeyRef.name ?? ""}`] : [],
        ),
      ),
    ];
    return wanted.filter((each) => !names.has(each)).map((each) => error(`${name} needs ${each}, which is not there`));
  });
}

/** What the API server stores of a ConfigMap at most, in bytes. */
const configMapLimit = 1_048_576;

function sizes(objects: readonly KubernetesObject[]): Finding[] {
  return objects.flatMap((object) => {
    if (object.kind !== "ConfigMap") return [];
    const size = Buffer.byteLength(JSON.stringify((object as { data?: object }).data ?? {}));
    return size > configMapLimit
      ? [error(`${nameOf(object)} has ${size} bytes; Kubernetes takes ${configMapLimit}`)]
      : [];
  });
}

/** Each flow to one of our workloads, and each scrape, ends at a port that the workload has. */
function ports(plan: StackPlan): Finding[] {
  const workloads = plan.systems.flatMap(({ workloads }) => workloads);
  return plan.flows.flatMap(({ from, to, port, protocol, why }) => {
    if (!isWorkload(to)) return [];
    const target = workloads.find(
      ({ system, component, namespace }) =>
        system === to.system && component === to.component && namespace === to.namespace,
    );
    const open = Object.values(target?.ports ?? {}).some(
      (each) => each.port === port && (each.protocol ?? "TCP") === protocol,
    );
    return open
      ? []
      : [error(`${endName(from)} wants ${endName(to)}:${port}/${protocol} (${why}), which does not listen there`)];
  });
}

/** Services and policies select a workload that exists. */
function selectors(objects: readonly KubernetesObject[]): Finding[] {
  const pods = podSpecs(objects);
  return objects.flatMap((object) => {
    if (object.kind !== "Service") return [];
    const { selector = {} } = (object as { spec?: { selector?: Record<string, string> } }).spec ?? {};
    const found = pods.some(
      ({ namespace, labels }) =>
        namespace === object.metadata?.namespace &&
        Object.entries(selector).every(([key, value]) => labels[key] === value),
    );
    return found ? [] : [error(`${nameOf(object)} selects no pod`)];
  });
}

/** The account number that Amazon's own documentation uses. */
const exampleAccount = "123456789012";

function advice(environment: Environment, plan: StackPlan): Finding[] {
  const { aws, profile, tempo, systems } = environment;
  const deployed = (name: string) => plan.systems.some((system) => system.name === name);
  return [
    ...(aws?.account === exampleAccount
      ? [warning(`observability:aws.account is the example ${exampleAccount}: put in your own`)]
      : []),
    ...alertingAdvice(environment).map(warning),
    ...(deployed("tempo") && tempo.majorVersion === "3" && systems.tempo.mode === "single" && profile === "prod"
      ? [warning('Tempo 3 runs as one replica (more need Kafka); tempo.majorVersion: "2" is highly available')]
      : []),
  ];
}

/** With a stated load a short volume is refused; without one nobody said how much comes. */
function shortVolumes(environment: Environment): Finding[] {
  if (environment.load !== undefined) return [];
  return tooSmall(environment).map(({ key, volume, least }) =>
    warning(
      `observability:${key} = ${volume.toString()} is full before its retention ends at the load that ${environment.profile}'s sizes carry, ${least.toString()} is not: write it, or state your load`,
    ),
  );
}
