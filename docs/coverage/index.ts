import { awesomeCollector, collectorMixin } from "./collector";
import { coreDnsMixin, etcdMixin } from "./control-plane";
import { nodeMixin } from "./hosts";
import { kubePrometheus, kubernetesMixin, kubeStateMetricsMixin } from "./kubernetes";
import { lokiMixin, tempoMixin } from "./loki-tempo";
import { alertmanagerMixin, grafanaMixin, prometheusMixin } from "./prometheus";
import type { RuleSet } from "./verdict";
import {
  victoriametricsCluster,
  victoriametricsHealth,
  victoriametricsSingle,
  vmagentRules,
  vmalertRules,
  vmauthRules,
} from "./victoriametrics";

export * from "./verdict";

/** Every rule set that ours are held against. */
export const ruleSets: readonly RuleSet[] = [
  kubernetesMixin,
  kubeStateMetricsMixin,
  kubePrometheus,
  coreDnsMixin,
  etcdMixin,
  nodeMixin,
  prometheusMixin,
  alertmanagerMixin,
  grafanaMixin,
  lokiMixin,
  tempoMixin,
  collectorMixin,
  awesomeCollector,
  victoriametricsSingle,
  victoriametricsCluster,
  victoriametricsHealth,
  vmagentRules,
  vmalertRules,
  vmauthRules,
];
