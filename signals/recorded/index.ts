export { agentRates, agentRules } from "./agents";
export { controlPlaneRates, controlPlaneRules } from "./control-plane";
export { hosts, hostRules, hostShares } from "./hosts";
export { logCountRules, logCounts } from "./logs";
export { objectiveSeries } from "./objectives";
export { services, serviceRules } from "./services";
export { workloadRules, workloads } from "./workloads";
