import type { Exemption } from "../environment";
import { exemptionFaults, isAbout, isCurrent, requireDay } from "./exemption";
import { findings, type Finding, type Policy, type PolicyEnvironment, type Resource, type Severity } from "./policy";
import { displayName } from "./resources";

/** One sentence of the judgement, ready to be shown. */
export interface Violation {
  readonly policy: string;
  readonly severity: Severity;
  /** `StatefulSet observability/loki`; for an exemption its own words. */
  readonly resource: string;
  readonly subject: string;
  /** Resource, problem and fix. */
  readonly message: string;
}

/** What an exemption let through. */
export interface Exempted {
  readonly policy: string;
  readonly resource: string;
  readonly problem: string;
  readonly exemption: Exemption;
}

export interface Evaluation {
  /** Mandatory ones first, each severity in the order of the policies. */
  readonly violations: readonly Violation[];
  readonly exempted: readonly Exempted[];
}

export interface EvaluationContext {
  readonly environment: PolicyEnvironment;
  /** The day for which exemptions are judged, `2026-11-21`: given in, so that a judgement can be repeated. */
  readonly today: string;
  readonly exemptions: readonly Exemption[];
}

/** Name of the policy that judges the exemptions themselves. */
export const exemptionsCurrent = {
  name: "exemptions-current",
  reason: "An exemption that nobody looks at again is a hole that nobody remembers.",
  fix: "remove the exemption, or renew it with its reason checked, in exemptions.ts of its system or of policies/",
  severity: "mandatory",
} as const;

/** Judges resources by policies. @throws RangeError when `today` is no day */
export function evaluateWith(
  policies: readonly Policy[],
  resources: readonly Resource[],
  context: EvaluationContext,
): Evaluation {
  requireDay(context.today);
  const judged = policies.map((policy) => judge(policy, findings(policy, resources, context.environment), context));
  const violations = [
    ...judgeExemptions(policies, context),
    ...judged.flatMap(({ violations }) => violations.map(({ violation }) => violation)),
  ];
  const of = (wanted: Severity) => violations.filter(({ severity }) => severity === wanted);
  return {
    violations: [...of("mandatory"), ...of("advisory")],
    exempted: judged.flatMap(({ exempted }) => exempted),
  };
}

/** Splits the findings of one policy into violations and what exemptions let through. */
export function judge(
  policy: Policy,
  found: readonly Finding[],
  { environment, today, exemptions }: EvaluationContext,
): {
  readonly violations: readonly { finding: Finding; violation: Violation }[];
  readonly exempted: readonly Exempted[];
} {
  const decided = found.map((finding) => {
    const about = exemptions.filter((each) => isAbout(each, policy, finding.resource, finding, environment));
    return { finding, about, current: about.find((each) => isCurrent(each, today)) };
  });
  return {
    violations: decided
      .filter(({ current }) => current === undefined)
      .map(({ finding, about: [expired] }) => ({ finding, violation: violationOf(policy, finding, expired) })),
    exempted: decided.flatMap(({ finding: { resource, problem }, current: exemption }) =>
      exemption === undefined ? [] : [{ policy: policy.name, resource: displayName(resource), problem, exemption }],
    ),
  };
}

function violationOf(
  policy: Policy,
  { resource, subject, problem }: Finding,
  expired: Exemption | undefined,
): Violation {
  const name = displayName(resource);
  const until = expired === undefined ? "" : ` (its exemption ended on ${expired.expires})`;
  return {
    policy: policy.name,
    severity: policy.severity,
    resource: name,
    subject,
    message: `${name} ${problem}${until}; fix: ${policy.fix}`,
  };
}

/** The violations of {@link exemptionsCurrent}: expired exemptions, and those that say nothing that counts. */
export function judgeExemptions(
  policies: readonly Policy[],
  { today, exemptions }: Pick<EvaluationContext, "today" | "exemptions">,
): readonly Violation[] {
  return exemptions.flatMap((exemption) => {
    const resource = `exemption of ${exemption.resource} from ${exemption.policy}`;
    return exemptionFaults(exemption, policies, today).map((fault) => ({
      policy: exemptionsCurrent.name,
      severity: exemptionsCurrent.severity,
      resource,
      subject: exemption.policy,
      message: `${resource} ${fault}; fix: ${exemptionsCurrent.fix}`,
    }));
  });
}
