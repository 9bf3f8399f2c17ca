export {
  EnvironmentError,
  type Composition,
  type Environment,
  type Fault,
  type Pack,
  type SystemName,
} from "../environment";
export { ownPacks } from "../packs";
export { environmentWith, projectEnvironment, stackEnvironment, type StackOptions } from "./environment";
export { planStack, type StackPlan } from "./plan";
export { ObservabilityStack, type ObservabilityStackArgs } from "./stack";
