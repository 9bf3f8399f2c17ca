import { deepMerge, type Environment } from "../../environment";
import { parseEnvironment } from "../../stacks/environment";

export const account = "123456789012";
export const issuer = "oidc.eks.us-west-2.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE";

const irsa = { region: "us-west-2", account, identity: { kind: "irsa", oidcIssuer: issuer } };
const podIdentity = { region: "us-west-2", account, identity: { kind: "pod-identity" }, eksCluster: "eks-prod-1" };
const receiver = { kind: "webhook", name: "oncall", url: "https://hooks.example.com/alerts" };

/** A dev environment on IRSA. */
export function dev(values: object = {}): Environment {
  return parseEnvironment("dev", deepMerge({ cluster: "phoenix-dev", aws: irsa }, values) as Record<string, unknown>);
}

/** A prod environment on Pod Identity, its EKS cluster named differently. */
export function prod(values: object = {}): Environment {
  const base = { cluster: "phoenix-prod", aws: podIdentity, alerting: { receivers: [receiver] } };
  return parseEnvironment("prod", deepMerge(base, values) as Record<string, unknown>);
}

export const local = (values: object = {}) => parseEnvironment("local", values as Record<string, unknown>);
