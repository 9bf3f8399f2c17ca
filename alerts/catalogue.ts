import { controlPlaneParts, isDeployed, type Environment } from "../environment";
import { diskAlerts } from "./disks";
import { hostAlerts } from "./hosts";
import type { Alert } from "./kit";
import { apiServerAlerts, controlPlaneAlerts } from "./kubernetes/control-plane";
import { nodeAlerts } from "./kubernetes/nodes";
import { podAlerts } from "./kubernetes/pods";
import { quotaAlerts, volumeAlerts } from "./kubernetes/volumes";
import { workloadAlerts } from "./kubernetes/workloads";
import type { Limits } from "./limits";
import { logAlerts } from "./logs";
import { agentAlerts, businessAlerts, serviceAlerts, spanAlerts } from "./services";
import { keptBy, objectives } from "./slos";
import { metaAlerts, missingAlerts } from "./stack";
import type { Subject } from "./system";

/** Subjects that span systems. */
const common: readonly Subject[] = [
  {
    name: "stack",
    needs: [],
    alerts: (environment) => [...metaAlerts(), ...missingAlerts(environment)],
  },
  { name: "hosts", needs: ["node-exporter"], alerts: (_, limits) => [...hostAlerts(limits), ...diskAlerts(limits)] },
  { name: "kubernetes-nodes", needs: ["kube-state-metrics"], alerts: (_, limits) => nodeAlerts(limits) },
  { name: "kubernetes-pods", needs: ["kube-state-metrics"], alerts: (_, limits) => podAlerts(limits) },
  { name: "kubernetes-workloads", needs: ["kube-state-metrics"], alerts: (_, limits) => workloadAlerts(limits) },
  { name: "kubernetes-volumes", needs: [], alerts: (_, limits) => volumeAlerts(limits) },
  { name: "kubernetes-quotas", needs: ["kube-state-metrics"], alerts: (_, limits) => quotaAlerts(limits) },
  {
    name: "control-plane",
    needs: [],
    alerts: ({ controlPlane }, limits) => [...apiServerAlerts(limits), ...controlPlaneAlerts(limits, controlPlane)],
  },
  {
    name: "application",
    needs: [],
    alerts: (_, limits) => [...serviceAlerts(limits), ...agentAlerts(limits), ...businessAlerts(limits)],
  },
  { name: "spans", needs: ["tempo"], alerts: (_, limits) => spanAlerts(limits) },
];

/** Everything that Prometheus evaluates besides SLOs: on subjects that span systems, then of each system. */
const subjects = ({ composition }: Environment): readonly Subject[] => [
  ...common,
  ...composition.systems.flatMap(({ alerts }) => alerts ?? []),
];

/** The subjects whose systems an environment deploys. */
export const subjectsOf = (environment: Environment): readonly Subject[] =>
  subjects(environment).filter(({ needs }) => needs.every((system) => isDeployed(environment, system)));

/** Every alert there is, whatever an environment deploys: what a name in its settings may mean. */
export function everyAlert(environment: Environment, limits: Limits): Alert[] {
  const { systems } = environment;
  const alertmanager = { ...systems.alertmanager, replicas: Math.max(2, systems.alertmanager.replicas) };
  const widest = { ...environment, controlPlane: controlPlaneParts, systems: { ...systems, alertmanager } };
  const all = (["2", "3"] as const).flatMap((dialect) => alertsOf({ ...widest, tempo: { dialect } }, limits));
  return [...new Map(all.map((each) => [each.name, each])).values()];
}

function alertsOf(environment: Environment, limits: Limits): Alert[] {
  const { short, store } = keptBy(environment);
  return [
    ...subjects(environment).flatMap(({ alerts }) => alerts(environment, limits)),
    ...objectives(limits, environment).flatMap((slo) =>
      [slo.within(short).alert, slo.beyond(short, store)?.alert ?? []].flat(),
    ),
    ...logAlerts(limits, environment),
  ];
}
