export { notifiedSeverities, type AlertTuning, type Receiver, type TimeRange } from "./alerting";
export {
  agentsNamespace,
  burnWindowLengths,
  doorOf,
  grafanaHost,
  httpPort,
  isDeployed,
  phoenixNamespace,
  replicaUrls,
  samplesTraces,
  serviceHost,
  urlOf,
  writeUrls,
  type Use,
} from "./addresses";
export {
  tempoComponentsOf,
  type LokiComponent,
  type TempoComponent,
  type VictoriametricsComponent,
} from "./components";
export { readConfiguration } from "./configuration";
export { at, EnvironmentError, nearest, unknownName, type Fault } from "./faults";
export { deepMerge } from "./merge";
export { parseEnvironment, project } from "./parse";
export { isEncrypted, secretForms } from "./plain-secrets";
export { profileNames } from "./defaults";
export {
  historyLost,
  logsKept,
  metricsKept,
  queryLength,
  tenantHeader,
  traceTiers,
  type LostHistory,
  type TraceTier,
} from "./retention";
export {
  controlPlaneParts,
  stages,
  type DeepReadonly,
  type Environment,
  type RuleFileTexts,
  type Stage,
} from "./schema";
export {
  alertHistory,
  keepings,
  logCountsKept,
  metricsStores,
  metricsTiers,
  metricsWriter,
  storeName,
  type MetricsStore,
} from "./stores";
export { systemNames, type ComponentSettings, type Resources, type SystemName } from "./systems";
export { monthlyCost, type Cost, type Reserved } from "./cost/estimate";
export { priceTable, type Prices } from "./cost/prices";
export { explain, explainLoad, tooSmall, type Explained } from "./sizing/explain";
export { type Quota } from "./capacity";
export { Bytes, Cpu, Duration, Rate, Series, UnitError } from "./units";
export { imageReference, images, imageVersion, type ImageName } from "./versions";
