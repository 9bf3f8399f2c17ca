import { type Environment } from "../../../environment";
import { stackEnvironment } from "../../../stacks";
import { root, shop } from "./team";
import { parseEnvironment } from "../../../stacks/environment";

/** Everything that can fire: peers, tiers, samplers, vmauth, the whole control plane, the S3 server inside the cluster. */
export const everything = (majorVersion: "2" | "3" = "2", more: Readonly<Record<string, unknown>> = {}): Environment =>
  parseEnvironment("local", {
    controlPlane: ["etcd", "kube-scheduler", "kube-controller-manager", "kube-proxy"],
    tempo: { majorVersion },
    sampling: { ratio: 0.5 },
    systems: { alertmanager: { replicas: 2 }, victoriametrics: { replicas: 2 } },
    retention: { metrics: [{ keep: "1d" }, { resolution: "5m", keep: "7d" }] },
    ...more,
  });

/** Adds settings under `alerting` to an environment as a stack file would. */
export function withAlerting(environment: Environment, alerting: object): Environment {
  return { ...environment, alerting: { ...environment.alerting, ...alerting } };
}

/** The three profiles, as they are deployed. */
export const profiles: readonly Environment[] = [
  parseEnvironment("local", {}),
  parseEnvironment("dev", { cluster: "dev", aws: aws() }),
  parseEnvironment("prod", {
    cluster: "prod",
    aws: aws(),
    alerting: { receivers: [{ kind: "webhook", name: "oncall", url: "https://hooks.example.com/oncall" }] },
  }),
];

const hook = (name: string) => ({ kind: "webhook", name, url: `https://hooks.example.com/${name}` });

/**
 * Everything that routing can say, at once: all receivers, teams, working hours, maintenance, levels of support, and the
 * rules of a team of their own.
 */
export const example: Environment = stackEnvironment(
  "prod",
  {
    cluster: "example",
    aws: aws(),
    controlPlane: ["etcd", "kube-scheduler", "kube-controller-manager", "kube-proxy"],
    secrets: ["pagerdutyKey", "productKey", "slackUrl", "opsgenieKey", "smtp"],
    alerting: {
      receivers: [
        hook("chat"),
        {
          kind: "pagerduty",
          name: "pager",
          routingKeySecret: "pagerdutyKey",
          escalationPolicy: "Platform, day and night",
        },
        { kind: "pagerduty", name: "product-pager", routingKeySecret: "productKey" },
        { kind: "slack", name: "product-chat", channel: "#product", urlSecret: "slackUrl" },
        {
          kind: "opsgenie",
          name: "level-2",
          apiKeySecret: "opsgenieKey",
          responders: [
            { type: "schedule", name: "Platform on call" },
            { type: "user", name: "head@example.com" },
          ],
        },
        {
          kind: "email",
          name: "mail",
          to: "a@example.com",
          from: "b@example.com",
          smarthost: "smtp.example.com:587",
          username: "b",
          passwordSecret: "smtp",
        },
        { kind: "sms", name: "phone", region: "eu-west-1", phoneNumber: "+491700000000" },
        hook("deadman"),
        hook("deadman-logs"),
        hook("shop-chat"),
      ],
      defaultReceiver: "chat",
      watchdogReceiver: "deadman",
      watchdogReceivers: { vmalert: "chat", loki: "deadman-logs" },
      alertingPathReceiver: "phone",
      severities: { critical: "pager", info: "mail" },
      teams: { product: { warning: "product-chat", critical: "product-pager" }, shop: { warning: "shop-chat" } },
      rules: { shop },
      timeIntervals: {
        office: [{ weekdays: ["monday:friday"], times: ["09:00-17:30"], location: "Europe/Berlin" }],
        "new-year": [{ months: ["january"], daysOfMonth: ["1"] }],
      },
      workingHours: "office",
      maintenance: [{ interval: "new-year" }],
      escalation: { L2: { receiver: "level-2", after: { critical: "1h", warning: "1d" } } },
    },
  },
  { root },
);

function aws() {
  return { region: "us-west-2", account: "123456789012", identity: { kind: "pod-identity" } };
}
