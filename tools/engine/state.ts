import { EngineError } from "./errors";
import { resourceName, type ResourceName } from "./progress";

/** The part of an exported state that is looked at here. */
export interface State {
  readonly deployment: {
    readonly resources?: readonly {
      readonly urn: string;
      readonly type: string;
      readonly protect?: boolean;
      readonly inputs?: Readonly<Record<string, unknown>>;
    }[];
    readonly pending_operations?: readonly unknown[];
  };
}

/**
 * One environment is deployed to one cluster: with another one, the engine would take the objects for moved, and delete
 * and make them in places where nobody expects it.
 * @throws EngineError when the state holds objects of another kube context
 */
export function checkState({ deployment }: State, env: string, context: string): void {
  const resources = deployment.resources ?? [];
  const providers = resources.filter(({ type }) => type === "pulumi:providers:kubernetes");
  const contexts = providers.map(({ inputs }) => inputs?.["context"]).filter((name) => typeof name === "string");
  const other = contexts.find((name) => name !== context);
  const objects = resources.filter(({ type }) => type.startsWith("kubernetes:"));
  if (other === undefined || objects.length === 0) return;
  throw new EngineError(`environment "${env}" is deployed to another cluster than "${context}"; nothing was changed`, {
    reason: `its state holds ${objects.length} objects of kube context "${other}"`,
    fix: `--context ${other}; to move it: npm run down -- --env ${env} --context ${other}, then up where it shall be`,
  });
}

/** Resources that the engine refuses to delete. */
export function protectedResources({ deployment }: State): ResourceName[] {
  return (deployment.resources ?? []).filter(({ protect }) => protect).map(({ urn }) => resourceName(urn));
}
