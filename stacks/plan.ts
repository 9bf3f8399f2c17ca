import { checkAlerting, lokiRules, prometheusRules, vmalertRules, type RuleGroup } from "../alerts";
import { dashboards } from "../dashboards";
import { runbookPages } from "../dashboards/runbooks";
import {
  agentsNamespace,
  isDeployed,
  phoenixNamespace,
  systemNames,
  type Environment,
  type SystemName,
} from "../environment";
import { alertmanager } from "./alertmanager/system";
import { collector } from "./collector/system";
import { exposureFlows, exposureObjects } from "./exposure";
import { grafana } from "./grafana/system";
import {
  defaultDeny,
  networkPolicyOf,
  objectLabels,
  workload,
  workloadEnd,
  type Flow,
  type KubernetesObject,
} from "./kubernetes";
import { kubeStateMetrics } from "./kube-state-metrics/system";
import { loki } from "./loki/system";
import { nodeExporter } from "./node-exporter/system";
import { prometheus } from "./prometheus/system";
import { phoenix } from "./phoenix/system";
import { quotaObjects } from "./quotas";
import { planStorage, type StoragePlan } from "./storage/plan";
import { yaml, type ScrapeJob, type SystemPlan } from "./system";
import { tempo } from "./tempo/system";
import { versitygw } from "./versitygw/system";
import { victoriametrics } from "./victoriametrics/system";
import { vmagent } from "./vmagent/system";
import { vmalert } from "./vmalert/system";

/** The whole stack, decided, as plain data: what gets deployed, rendered, checked and reviewed. */
export interface StackPlan {
  readonly storage: StoragePlan;
  /** Namespaces, what denies by default in them, quotas and priorities; they come first. */
  readonly namespaces: readonly KubernetesObject[];
  readonly systems: readonly (SystemPlan & { readonly rendered: readonly KubernetesObject[] })[];
  /** What belongs to no system: Ingress or Gateway. */
  readonly exposure: readonly KubernetesObject[];
  readonly flows: readonly Flow[];
}

/** Decides everything from the environment. Pure: the same environment gives the same plan. */
export function planStack(environment: Environment): StackPlan {
  checkAlerting(environment);
  const storage = planStorage(environment);
  const others = planners(storage)
    .filter(([name]) => isDeployed(environment, name))
    .map(([, plan]) => plan(environment));
  const scrapeJobs: ScrapeJob[] = others.flatMap((plan) => plan.scrapeJobs);
  const watched = isDeployed(environment, "prometheus")
    ? [prometheus(environment, scrapeJobs, ruleFiles(prometheusRules(environment), { cluster: environment.cluster }))]
    : [];
  const systems = [...watched, ...others].sort((a, b) => systemNames.indexOf(a.name) - systemNames.indexOf(b.name));
  const flows = [...systems.flatMap((system) => system.flows), ...exposureFlows(environment)];
  return {
    storage,
    namespaces: [
      ...namespaces(environment),
      ...quotaObjects(
        environment,
        systems.flatMap(({ workloads }) => workloads),
      ),
    ],
    systems: systems.map((system) => ({ ...system, rendered: render(system, flows, environment) })),
    exposure: exposureObjects(environment),
    flows,
  };
}

type Planner = (environment: Environment) => SystemPlan;

/** Every system but Prometheus, which needs to know all others first. */
function planners(storage: StoragePlan): [SystemName, Planner][] {
  return [
    ["victoriametrics", victoriametrics],
    ["vmagent", vmagent],
    ["vmalert", (environment) => vmalert(environment, ruleFiles(vmalertRules(environment)))],
    ["loki", (environment) => loki(environment, storage, ruleFiles(lokiRules(environment)))],
    ["tempo", (environment) => tempo(environment, storage)],
    ["grafana", (environment) => grafana(environment, [...dashboards(environment), ...runbookPages(environment)])],
    ["alertmanager", alertmanager],
    ["collector", collector],
    ["node-exporter", nodeExporter],
    ["kube-state-metrics", kubeStateMetrics],
    ["versitygw", (environment) => versitygw(environment, storage)],
    ["phoenix", phoenix],
  ];
}

/** @param labels stand on everything that the groups produce: `ALERTS`, which Prometheus makes itself, has no others */
function ruleFiles(
  groups: Readonly<Record<string, readonly RuleGroup[]>>,
  labels?: Readonly<Record<string, string>>,
): Record<string, string> {
  const labelled = (group: RuleGroup) => (labels === undefined ? group : { ...group, labels });
  return Object.fromEntries(Object.entries(groups).map(([name, all]) => [name, yaml({ groups: all.map(labelled) })]));
}

/** A system's objects: workloads, what is its own besides, and the network policy of each workload. */
function render(system: SystemPlan, flows: readonly Flow[], environment: Environment): KubernetesObject[] {
  const policies = system.workloads
    // A host-network pod has its node's address: policies do not apply to it.
    .filter(({ host }) => !host?.network)
    .map((args) => networkPolicyOf(workloadEnd(args), flows, objectLabels(args.system, args.component, args.version)));
  return [...system.workloads.flatMap((args) => workload(args, environment)), ...system.objects, ...policies];
}

function namespaces(environment: Environment): KubernetesObject[] {
  const namespace = (name: string, level: "restricted" | "privileged"): KubernetesObject => ({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name,
      labels: {
        "app.kubernetes.io/part-of": "observability",
        "app.kubernetes.io/managed-by": "pulumi",
        "pod-security.kubernetes.io/enforce": level,
        "pod-security.kubernetes.io/warn": level,
        "pod-security.kubernetes.io/audit": level,
      },
    },
  });
  const agents = agentsNamespace(environment);
  const demo = isDeployed(environment, "phoenix") ? [phoenixNamespace(environment)] : [];
  return [
    namespace(environment.namespace, "restricted"),
    // The log agent and node_exporter read the node: that is more than the restricted standard allows.
    namespace(agents, "privileged"),
    ...demo.map((name) => namespace(name, "restricted")),
    defaultDeny(environment.namespace),
    defaultDeny(agents),
    ...demo.map(defaultDeny),
  ];
}
