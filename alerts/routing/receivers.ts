import type { DeepReadonly, Environment, Receiver } from "../../environment";
import { message } from "./messages";

/** Where the secrets of receivers lie in Alertmanager's container, one file for each. */
export const receiverSecretsPath = "/etc/alertmanager/secrets";
const file = (secret: string) => `${receiverSecretsPath}/${secret}`;
const resolved = { send_resolved: true } as const;

const pagerdutyLinks = [
  ["dashboard", "Dashboard"],
  ["runbook", "Runbook"],
  ["silence", "Silence"],
  ["query", "Query"],
] as const;

/** A receiver as Alertmanager reads it; secrets are files, never text. */
export function receiverConfig(receiver: DeepReadonly<Receiver>): object {
  const { name } = receiver;
  switch (receiver.kind) {
    case "webhook": {
      const { url, urlSecret } = receiver;
      return {
        name,
        webhook_configs: [{ ...resolved, ...(urlSecret === undefined ? { url } : { url_file: file(urlSecret) }) }],
      };
    }
    case "slack":
      return {
        name,
        slack_configs: [
          {
            ...resolved,
            api_url_file: file(receiver.urlSecret),
            channel: receiver.channel,
            title: message("slack.title"),
            // Alertmanager's default leads to itself, inside the cluster.
            title_link: message("link.dashboard"),
            fallback: message("slack.fallback"),
            color: message("slack.color"),
            text: message("slack.text"),
          },
        ],
      };
    case "pagerduty":
      return {
        name,
        pagerduty_configs: [
          {
            ...resolved,
            routing_key_file: file(receiver.routingKeySecret),
            severity: message("severity"),
            description: message("pagerduty.summary"),
            source: message("source"),
            class: "{{ .CommonLabels.alertname }}",
            component: "{{ .CommonLabels.component }}",
            group: "{{ .CommonLabels.namespace }}",
            client_url: message("link.dashboard"),
            details: {
              firing: message("pagerduty.firing"),
              resolved: message("pagerduty.resolved"),
              ...(receiver.escalationPolicy === undefined ? {} : { escalation_policy: receiver.escalationPolicy }),
            },
            // Alertmanager leaves out a link that comes out empty.
            links: pagerdutyLinks.map(([name, text]) => ({ href: message(`link.${name}`), text })),
          },
        ],
      };
    case "opsgenie":
      return {
        name,
        opsgenie_configs: [
          {
            ...resolved,
            api_key_file: file(receiver.apiKeySecret),
            message: message("opsgenie.message"),
            description: message("opsgenie.description"),
            priority: message("opsgenie.priority"),
            source: "Alertmanager",
            entity: message("source"),
            tags: message("severity"),
            ...(receiver.responders === undefined ? {} : { responders: receiver.responders.map(responder) }),
          },
        ],
      };
    case "email": {
      const { to, from, smarthost, username, passwordSecret } = receiver;
      return {
        name,
        email_configs: [
          {
            ...resolved,
            to,
            from,
            smarthost,
            headers: { Subject: message("email.subject") },
            text: message("email.text"),
            html: message("email.html"),
            ...(username === undefined ? {} : { auth_username: username }),
            ...(passwordSecret === undefined ? {} : { auth_password_file: file(passwordSecret) }),
          },
        ],
      };
    }
    case "sms": {
      const { region, phoneNumber, topicArn } = receiver;
      return {
        name,
        sns_configs: [
          {
            ...resolved,
            sigv4: { region },
            ...(topicArn === undefined ? { phone_number: phoneNumber } : { topic_arn: topicArn }),
            // Read by those who get a topic by mail; a text message has none.
            subject: message("sms.subject"),
            message: message("sms.message"),
          },
        ],
      };
    }
  }
}

/** OpsGenie knows people by the address that they log in with. */
const responder = ({ type, name }: { readonly type: string; readonly name: string }) =>
  type === "user" ? { type, username: name } : { type, name };

/** Names of the secrets that receivers read. */
export function receiverSecrets(environment: Environment): string[] {
  const names = environment.alerting.receivers.flatMap((receiver) =>
    Object.entries(receiver).flatMap(([key, value]) =>
      key.endsWith("Secret") && typeof value === "string" ? [value] : [],
    ),
  );
  return [...new Set(names)].sort();
}
