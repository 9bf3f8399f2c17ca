import { controlPlaneParts, isDeployed, type Environment, type SystemName } from "../environment";
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
import { alertmanagerAlerts } from "./systems/alertmanager";
import { collectorAlerts } from "./systems/collector";
import { lokiAlerts } from "./systems/loki";
import { grafanaAlerts, objectStoreAlerts } from "./systems/others";
import { prometheusAlerts } from "./systems/prometheus";
import { tempoAlerts } from "./systems/tempo";
import { victoriametricsAlerts } from "./systems/victoriametrics";
import { vmagentAlerts } from "./systems/vmagent";
import { vmalertAlerts } from "./systems/vmalert";

/** Alerts on one subject: a rule file with a group of the same name. */
export interface Subject {
  readonly name: string;
  /** Systems without which none of them could fire. */
  readonly needs: readonly SystemName[];
  readonly alerts: (environment: Environment, limits: Limits) => Alert[];
}

const has = (environment: Environment, system: SystemName) => isDeployed(environment, system);

/** Everything that Prometheus evaluates besides SLOs. */
const subjects: readonly Subject[] = [
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
  {
    name: "prometheus",
    needs: [],
    alerts: (environment, limits) =>
      prometheusAlerts(limits, {
        remote: has(environment, "victoriametrics"),
        alertmanager: has(environment, "alertmanager"),
      }),
  },
  {
    name: "alertmanager",
    needs: ["alertmanager"],
    alerts: ({ systems }, limits) => alertmanagerAlerts(limits, systems.alertmanager.replicas),
  },
  { name: "victoriametrics", needs: ["victoriametrics"], alerts: (_, limits) => victoriametricsAlerts(limits) },
  { name: "vmagent", needs: ["vmagent"], alerts: () => vmagentAlerts() },
  { name: "vmalert", needs: ["vmalert"], alerts: (_, limits) => vmalertAlerts(limits) },
  { name: "loki", needs: ["loki"], alerts: (_, limits) => lokiAlerts(limits) },
  { name: "tempo", needs: ["tempo"], alerts: ({ tempo }, limits) => tempoAlerts(limits, tempo.dialect) },
  { name: "collector", needs: ["collector"], alerts: (_, limits) => collectorAlerts(limits) },
  { name: "grafana", needs: ["grafana"], alerts: (_, limits) => grafanaAlerts(limits) },
  {
    name: "object-store",
    needs: ["versitygw", "kube-state-metrics"],
    alerts: ({ namespace }) => objectStoreAlerts(namespace),
  },
];

/** The subjects whose systems an environment deploys. */
export const subjectsOf = (environment: Environment): readonly Subject[] =>
  subjects.filter(({ needs }) => needs.every((system) => has(environment, system)));

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
    ...subjects.flatMap(({ alerts }) => alerts(environment, limits)),
    ...objectives(limits, environment).flatMap((slo) =>
      [slo.within(short).alert, slo.beyond(short, store)?.alert ?? []].flat(),
    ),
    ...logAlerts(limits, environment),
  ];
}
