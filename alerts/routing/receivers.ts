import type { DeepReadonly, Environment, Receiver } from "../../environment";

/** Where the secrets of receivers lie in Alertmanager's container, one file for each. */
export const receiverSecretsPath = "/etc/alertmanager/secrets";
const file = (secret: string) => `${receiverSecretsPath}/${secret}`;
const resolved = { send_resolved: true } as const;

const title =
  '[{{ .Status | toUpper }}{{ if eq .Status "firing" }}:{{ .Alerts.Firing | len }}{{ end }}] {{ .CommonLabels.alertname }} ({{ .CommonLabels.cluster }})';
const text =
  "{{ range .Alerts }}*{{ .Labels.severity }}* {{ .Annotations.summary }}\n{{ .Annotations.description }}" +
  "{{ with .Annotations.runbook_url }}\n<{{ . }}|Runbook>{{ end }}{{ with .Annotations.runbook }}\nRunbook: {{ . }}{{ end }}" +
  "{{ with .Annotations.dashboard_url }} <{{ . }}|Dashboard>{{ end }}\n{{ end }}";
/** PagerDuty knows these four; what the others stand for is decided here. */
const pagerdutySeverity =
  '{{ if eq .CommonLabels.severity "critical" "warning" "info" }}{{ .CommonLabels.severity }}{{ else }}error{{ end }}';
const priority =
  '{{ if eq .CommonLabels.severity "critical" }}P1{{ else if eq .CommonLabels.severity "warning" }}P3{{ else }}P5{{ end }}';
const escalationNote = "{{ with .CommonLabels.escalation }}{{ . }}: {{ end }}";

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
            title: `${escalationNote}${title}`,
            text,
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
            severity: pagerdutySeverity,
            description: `${escalationNote}{{ .CommonAnnotations.summary }}`,
            links: [{ href: "{{ .CommonAnnotations.runbook_url }}", text: "Runbook" }],
          },
        ],
      };
    case "opsgenie":
      return { name, opsgenie_configs: [{ ...resolved, api_key_file: file(receiver.apiKeySecret), priority }] };
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
            message: `${escalationNote}{{ .CommonLabels.severity }} {{ .CommonLabels.alertname }}: {{ .CommonAnnotations.summary }}`,
          },
        ],
      };
    }
  }
}

/** Names of the secrets that receivers read. */
export function receiverSecrets(environment: Environment): string[] {
  const names = environment.alerting.receivers.flatMap((receiver) =>
    Object.entries(receiver).flatMap(([key, value]) =>
      key.endsWith("Secret") && typeof value === "string" ? [value] : [],
    ),
  );
  return [...new Set(names)].sort();
}
