import { PolicyPack, type Policies } from "@pulumi/policy";
import { Config, getStack } from "@pulumi/pulumi";
import { profileNames, project } from "../environment";
import { composition } from "../stacks/systems";
import {
  exemptionsCurrent,
  exemptionsOf,
  findings,
  judge,
  judgeExemptions,
  policies,
  type EvaluationContext,
  type Policy,
  type PolicyEnvironment,
  type Resource,
} from "./index";

/** The same policies in the engine: `pulumi preview --policy-pack policies`. */

const context: EvaluationContext = {
  environment: currentEnvironment(),
  // Here, and nowhere else, the clock is read.
  today: new Date().toISOString().slice(0, 10),
  exemptions: exemptionsOf(composition),
};

/** From the stack's own configuration; what is wrong with it is the program's to say. */
function currentEnvironment(): PolicyEnvironment {
  const config = new Config(project);
  const name = getStack();
  const wanted = config.get("profile") ?? name;
  return {
    name,
    // The strictest rules for what has no known profile.
    profile: profileNames.find((profile) => profile === wanted) ?? "prod",
    mirror: config.getObject<{ mirror?: string }>("images")?.mirror,
    domain: config.get("domain"),
  };
}

/** What the engine hands over of a resource. */
interface Seen {
  readonly type: string;
  readonly name: string;
  readonly props: Record<string, unknown>;
  readonly opts: { readonly protect: boolean };
}

const resourceOf = ({ type, name, props, opts }: Seen): Resource => ({
  type,
  name,
  inputs: props,
  protect: opts.protect,
});

function described({ name, reason, fix, severity }: Pick<Policy, "name" | "reason" | "fix" | "severity">) {
  return { name, description: reason, remediationSteps: fix, enforcementLevel: severity };
}

const violationsOf = (policy: Policy, resources: readonly Resource[]) =>
  judge(policy, findings(policy, resources, context.environment), context).violations;

const asPulumi: Policies = policies.map((policy) =>
  policy.kind === "resource"
    ? {
        ...described(policy),
        validateResource: (args, report) => {
          for (const { violation } of violationsOf(policy, [resourceOf(args)])) report(violation.message);
        },
      }
    : {
        ...described(policy),
        validateStack: (args, report) => {
          const urns = new Map<Resource, string>();
          for (const each of args.resources) urns.set(resourceOf(each), each.urn);
          for (const { finding, violation } of violationsOf(policy, [...urns.keys()])) {
            report(violation.message, urns.get(finding.resource));
          }
        },
      },
);

new PolicyPack("observability", {
  policies: [
    ...asPulumi,
    {
      ...described(exemptionsCurrent),
      validateStack: (_args, report) => {
        for (const { message } of judgeExemptions(policies, context)) report(message);
      },
    },
  ],
});
