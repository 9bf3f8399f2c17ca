export { EnvironmentError, type Environment } from "../environment";
export { stackEnvironment } from "./environment";
export { planStack, type StackPlan } from "./plan";
export { ObservabilityStack, type ObservabilityStackArgs } from "./stack";
