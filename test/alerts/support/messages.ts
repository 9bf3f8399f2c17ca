import { isAlert, prometheusRules } from "../../../alerts";
import type { Environment } from "../../../environment";
import { stackEnvironment } from "../../../stacks";
import { filled } from "./promtool";

/** An environment with every kind of receiver, each told everything. */
export const told = (more: Readonly<Record<string, unknown>>): Environment =>
  stackEnvironment("prod", {
    cluster: "example",
    aws: { region: "us-west-2", account: "123456789012", identity: { kind: "pod-identity" } },
    secrets: ["hook", "pagerdutyKey", "slackUrl", "opsgenieKey", "smtp"],
    alerting: {
      receivers: [
        { kind: "webhook", name: "hook", urlSecret: "hook" },
        { kind: "pagerduty", name: "pagerduty", routingKeySecret: "pagerdutyKey" },
        { kind: "slack", name: "slack", channel: "#alerts", urlSecret: "slackUrl" },
        { kind: "opsgenie", name: "opsgenie", apiKeySecret: "opsgenieKey" },
        {
          kind: "email",
          name: "email",
          to: "a@example.com",
          from: "b@example.com",
          smarthost: "smtp.example.com:587",
          username: "b",
          passwordSecret: "smtp",
        },
        { kind: "sms", name: "phone", region: "eu-west-1", phoneNumber: "+491700000000" },
        { kind: "sms", name: "topic", region: "eu-west-1", topicArn: "arn:aws:sns:eu-west-1:123456789012:oncall" },
      ],
    },
    ...more,
  });

export interface Posted {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt?: string;
  readonly generatorURL: string;
}

const startsAt = "2026-11-18T02:00:00Z";
/** Where Prometheus says that an alert comes from, inside the cluster and encoded as Go does. */
const source = (expression: string) =>
  `http://prometheus.observability.svc:9090/graph?${new URLSearchParams({ "g0.expr": expression, "g0.tab": "1" }).toString()}`;

/** An alert as Prometheus posts it: the rule that is deployed, its templates filled in. */
export function posted(
  environment: Environment,
  name: string,
  severity: string,
  labels: Readonly<Record<string, string>>,
  value = "",
): Posted {
  const rule = Object.values(prometheusRules(environment))
    .flat()
    .flatMap(({ rules }) => rules)
    .filter(isAlert)
    .find(({ alert, labels: own }) => alert === name && own.severity === severity && own["escalation"] === undefined);
  if (rule === undefined) throw new Error(`${name} has no level ${severity}`);
  const all = { cluster: environment.cluster, ...labels };
  const fill = (of: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries(of).map(([key, text]) => [key, filled(text, all).replace(/\{\{ \$value[^}]*\}\}/g, value)]),
    );
  const { annotations, expr } = rule;
  return {
    labels: { alertname: name, ...all, ...fill(rule.labels) },
    annotations: fill({ ...annotations }),
    startsAt,
    generatorURL: source(expr),
  };
}

/** What no rule of ours would say, but a name in somebody's cluster might. */
export function hostile(environment: Environment, count: number): Posted[] {
  const long = `<!channel> & "quotes" it's ü \n${"ü".repeat(3000)}`;
  return Array.from({ length: count }, (_, index) => ({
    labels: { alertname: "Hostile", severity: "critical", cluster: environment.cluster, pod: `<b>${index}</b>|&'` },
    annotations: { summary: long, description: long },
    startsAt,
    generatorURL: index === 0 ? "http://elsewhere/graph?g0.expr=%zz" : source("up"),
  }));
}

/** An alert of somebody who never heard of annotations. */
export const bare: Posted = {
  labels: { alertname: "Bare", severity: "page" },
  annotations: {},
  startsAt,
  generatorURL: "",
};
