import { checkAlerting } from "../alerts";
import { agentsNamespace, deployedSystems, type Environment } from "../environment";
import { exposureFlows, exposureObjects } from "./exposure";
import {
  defaultDeny,
  networkPolicyOf,
  objectLabels,
  workload,
  workloadEnd,
  type Flow,
  type KubernetesObject,
} from "./kubernetes";
import { quotaObjects } from "./quotas";
import { planStorage, type StoragePlan } from "./storage/plan";
import type { SystemPlan } from "./system";

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

const plans = new WeakMap<Environment, StackPlan>();

/** Decides everything from the environment. Pure: the same environment gives the same plan, made once. */
export function planStack(environment: Environment): StackPlan {
  const plan = plans.get(environment) ?? planned(environment);
  plans.set(environment, plan);
  return plan;
}

function planned(environment: Environment): StackPlan {
  checkAlerting(environment);
  const storage = planStorage(environment);
  const deployed = deployedSystems(environment);
  const first = new Map(
    deployed
      .filter(({ lastPlanned }) => !lastPlanned)
      .map((each) => [each, each.plan(environment, { storage, scrapeJobs: [] })]),
  );
  const scrapeJobs = [...first.values()].flatMap((plan) => plan.scrapeJobs);
  const systems = deployed.map((each) => first.get(each) ?? each.plan(environment, { storage, scrapeJobs }));
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
  const further = deployedSystems(environment).flatMap((system) => system.namespace?.(environment) ?? []);
  return [
    namespace(environment.namespace, "restricted"),
    // The log agent and node_exporter read the node: that is more than the restricted standard allows.
    namespace(agents, "privileged"),
    ...further.map((name) => namespace(name, "restricted")),
    defaultDeny(environment.namespace),
    defaultDeny(agents),
    ...further.map(defaultDeny),
  ];
}
