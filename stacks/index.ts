export { planStack, type StackPlan } from "./plan";
export { ObservabilityStack, type ObservabilityStackArgs } from "./stack";
