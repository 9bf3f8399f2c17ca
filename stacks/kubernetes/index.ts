export {
  apiFlows,
  defaultDeny,
  dnsFlows,
  endName,
  isWorkload,
  networkPolicyOf,
  type Flow,
  type Outside,
  type Workload,
} from "./flows";
export { configMap, objectLabels, selectorLabels, stableName, type KubernetesObject } from "./objects";
export { workloadEnd, workloadName, type Files, type Port, type WorkloadArgs } from "./args";
export { serviceAccount, workload } from "./workload";
