import { isForEverybody, list, statementName, statementsOf, type Statement } from "./documents";
import type { Flaw, Resource, ResourcePolicy } from "./policy";
import { isAws, kindOf } from "./resources";

/** The permission documents that a resource holds, by where they stand. */
function permissions(resource: Resource): readonly (readonly [where: string, document: unknown])[] {
  if (!resource.type.startsWith("aws:iam/")) return [];
  const { inputs } = resource;
  const inline = (inputs["inlinePolicies"] ?? []) as readonly { readonly name?: string; readonly policy?: unknown }[];
  return [
    ...(inputs["policy"] === undefined ? [] : [["policy", inputs["policy"]] as const]),
    ...inline.map(({ name, policy }, index) => [`inline policy ${name ?? index + 1}`, policy] as const),
  ];
}

/** A wildcard is narrow only as the objects of one bucket, or of a folder in it: `arn:aws:s3:::name/logs/*`. */
const narrowResource = /^arn:[^*?]+(\/\*)?$/;
const wildcard = /[*?]/;

export const iamWithoutWildcards: ResourcePolicy = {
  kind: "resource",
  name: "iam-without-wildcards",
  reason: "A wildcard grants what AWS adds next year, and other teams' resources today.",
  fix: "list the actions and the ARNs; a wildcard may only end an object path (arn:aws:s3:::bucket/prefix/*)",
  severity: "mandatory",
  check(resource) {
    return [...permissions(resource).flatMap(([where, document]) => wide(where, document)), ...managed(resource)];
  },
};

function wide(where: string, document: unknown): Flaw[] {
  const statements = statementsOf(document);
  if (statements === undefined) return [{ subject: where, problem: `has a ${where} that is no IAM document` }];
  return statements.flatMap((statement, index) => {
    if (statement.Effect !== "Allow") return [];
    const name = statementName(statement, index);
    const flaw = (what: string): Flaw => ({ subject: name, problem: `allows ${what} in ${name} of its ${where}` });
    return [
      ...list(statement.Action)
        .filter((action) => wildcard.test(action))
        .map((action) => flaw(`the action ${action}`)),
      ...list(statement.Resource)
        .filter((arn) => !narrowResource.test(arn))
        .map((arn) => flaw(`the resource ${arn}`)),
      ...(statement.NotAction === undefined ? [] : [flaw("every action but some (NotAction)")]),
      ...(statement.NotResource === undefined || isToNumbers(statement)
        ? []
        : [flaw("every resource but some (NotResource)")]),
    ];
  });
}

/**
 * The right to send text messages to telephone numbers. A number has no ARN, so a statement can only say what it is not:
 * a topic.
 */
function isToNumbers({ Action, NotResource }: Statement): boolean {
  return list(Action).join() === "sns:Publish" && /^arn:[a-z-]+:sns:\*:\*:\*$/.test(String(NotResource));
}

/** Policies of AWS itself that are as wide as a wildcard. */
function managed(resource: Resource): Flaw[] {
  if (!resource.type.startsWith("aws:iam/")) return [];
  const { inputs } = resource;
  const arns = [...list(inputs["managedPolicyArns"] as string | string[] | undefined), inputs["policyArn"]];
  return arns
    .filter(
      (arn): arn is string =>
        typeof arn === "string" && /:aws:policy\/.*(FullAccess|AdministratorAccess|PowerUserAccess)/.test(arn),
    )
    .map((arn) => ({ subject: arn, problem: `has the managed policy ${arn.slice(arn.lastIndexOf("/") + 1)}` }));
}

export const iamTrustNarrow: ResourcePolicy = {
  kind: "resource",
  name: "iam-trust-narrow",
  reason: "A role that any pod of any cluster may take is no boundary between them.",
  fix: "trust one service account: StringEquals on the issuer's :sub (IRSA), or on the cluster and account (Pod Identity)",
  severity: "mandatory",
  check(resource) {
    if (!isAws(resource) || kindOf(resource) !== "Role" || !resource.type.startsWith("aws:iam/")) return [];
    const statements = statementsOf(resource.inputs["assumeRolePolicy"]);
    if (statements === undefined) return [{ subject: "trust", problem: "has a trust policy that is no IAM document" }];
    return statements.flatMap((statement, index) => {
      const who = statement.Effect === "Allow" ? tooWide(statement) : undefined;
      const name = statementName(statement, index);
      return who === undefined ? [] : [{ subject: name, problem: `may be taken by ${who} (${name})` }];
    });
  },
};

function tooWide(statement: Statement): string | undefined {
  const { Principal: principal, NotPrincipal, Condition } = statement;
  if (NotPrincipal !== undefined) return "everybody but some";
  if (isForEverybody(statement)) return "everybody";
  if (typeof principal !== "object") return undefined;
  const exact = Object.entries(Condition?.["StringEquals"] ?? {});
  const bound = (suffix: string) =>
    exact.some(([key, value]) => key.endsWith(suffix) && list(value).every((each) => !wildcard.test(each)));
  if (principal["Federated"] !== undefined && !bound(":sub")) return "any identity of the issuer";
  if (list(principal["Service"]).includes("pods.eks.amazonaws.com")) {
    const needed = ["aws:SourceAccount", "aws:RequestTag/kubernetes-service-account"];
    if (!needed.every(bound)) return "pods of other clusters or accounts";
  }
  return undefined;
}
