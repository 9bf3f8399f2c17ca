export { EnvironmentError, parseEnvironment, type Environment } from "../environment";
export { planStack, type StackPlan } from "./plan";
export { ObservabilityStack, type ObservabilityStackArgs } from "./stack";
