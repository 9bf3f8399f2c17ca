import { disruptionBudgets, replicasInProd } from "./availability";
import { bucketsEncrypted, bucketsPrivate, bucketsTlsOnly, bucketsWithLifecycle } from "./buckets";
import { evaluateWith, type Evaluation, type EvaluationContext } from "./evaluate";
import { doorsAuthenticated, doorsIntended, doorsWithLogin, servicesInternal } from "./exposure";
import { iamTrustNarrow, iamWithoutWildcards } from "./iam";
import { imagesAllowed, imagesPinned } from "./images";
import { cloudTagged, objectsLabelled } from "./labels";
import { namespacesDenyByDefault, networkClosed } from "./network";
import type { Policy, Resource } from "./policy";
import { namespacesRestricted, podsHardened, podsOffTheHost, podsUnprivileged } from "./privilege";
import { dataProtected } from "./protection";
import { rbacWithoutWildcards, tokensOnlyWhereUsed } from "./rbac";
import { retentionLongEnough } from "./retention";
import { noSecretsInPlainText } from "./secrets";
import { containersProbed, containersSized } from "./upkeep";

export { evaluateWith, exemptionsCurrent, judge, judgeExemptions } from "./evaluate";
export type { Evaluation, EvaluationContext, Exempted, Violation } from "./evaluate";
export { exemptionsOf } from "./exemptions";
export { findings, policyEnvironment } from "./policy";
export type { Finding, Flaw, Policy, PolicyEnvironment, Resource, Severity } from "./policy";

/** Every policy, in the order in which results are shown. */
export const policies: readonly Policy[] = [
  imagesPinned,
  imagesAllowed,
  podsUnprivileged,
  podsHardened,
  podsOffTheHost,
  namespacesRestricted,
  containersProbed,
  containersSized,
  namespacesDenyByDefault,
  networkClosed,
  servicesInternal,
  doorsIntended,
  doorsWithLogin,
  doorsAuthenticated,
  bucketsPrivate,
  bucketsEncrypted,
  bucketsTlsOnly,
  bucketsWithLifecycle,
  dataProtected,
  iamWithoutWildcards,
  iamTrustNarrow,
  rbacWithoutWildcards,
  tokensOnlyWhereUsed,
  noSecretsInPlainText,
  retentionLongEnough,
  replicasInProd,
  disruptionBudgets,
  objectsLabelled,
  cloudTagged,
];

/**
 * Judges the resources of a whole stack by every policy.
 * @throws RangeError when `today` is no day such as `2026-11-21`
 */
export function evaluate(resources: readonly Resource[], context: EvaluationContext): Evaluation {
  return evaluateWith(policies, resources, context);
}
