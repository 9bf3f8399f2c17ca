import { awesomeCollectorScenarios, collectorScenarios } from "./collector";
import { coreDnsScenarios, etcdScenarios } from "./control-plane";
import { nodeScenarios } from "./hosts";
import { kubePrometheusScenarios, kubernetesScenarios, kubeStateMetricsScenarios } from "./kubernetes";
import { lokiScenarios, tempoScenarios } from "./loki-tempo";
import { vmagentScenarios, vmalertScenarios, vmauthScenarios } from "./metrics-path";
import { alertmanagerScenarios, grafanaScenarios, prometheusScenarios } from "./prometheus";
import type { Scenarios } from "./scenario";
import {
  victoriametricsClusterScenarios,
  victoriametricsHealthScenarios,
  victoriametricsSingleScenarios,
} from "./victoriametrics";

/** Every scenario, by rule set. */
export const allScenarios: readonly Scenarios[] = [
  kubernetesScenarios,
  kubeStateMetricsScenarios,
  kubePrometheusScenarios,
  coreDnsScenarios,
  etcdScenarios,
  nodeScenarios,
  prometheusScenarios,
  alertmanagerScenarios,
  grafanaScenarios,
  lokiScenarios,
  tempoScenarios,
  collectorScenarios,
  awesomeCollectorScenarios,
  victoriametricsSingleScenarios,
  victoriametricsClusterScenarios,
  victoriametricsHealthScenarios,
  vmagentScenarios,
  vmalertScenarios,
  vmauthScenarios,
];
