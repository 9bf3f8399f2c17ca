import { deepMerge, urlOf, type Environment, type Receiver } from "../../environment";
import { serverTracing } from "../shared";

/** Where the secrets of receivers lie in the container, one file for each. */
export const receiverSecretsPath = "/etc/alertmanager/secrets";
const file = (secret: string) => `${receiverSecretsPath}/${secret}`;

/** Takes alerts and tells nobody: `local` without receivers. */
const nobody = "nobody";

/** The alert that always fires (G8); it has a route of its own. */
export const watchdog = "Watchdog";

function receiver(receiver: Receiver): object {
  const { name } = receiver;
  const resolved = { send_resolved: true };
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
            title:
              '[{{ .Status | toUpper }}{{ if eq .Status "firing" }}:{{ .Alerts.Firing | len }}{{ end }}] {{ .CommonLabels.alertname }} ({{ .CommonLabels.cluster }})',
            text: "{{ range .Alerts }}*{{ .Labels.severity }}* {{ .Annotations.summary }}\n{{ .Annotations.description }}{{ if .Annotations.runbook_url }}\n<{{ .Annotations.runbook_url }}|Runbook>{{ end }}\n{{ end }}",
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
            severity: '{{ or .CommonLabels.severity "error" }}',
          },
        ],
      };
    case "opsgenie":
      return { name, opsgenie_configs: [{ ...resolved, api_key_file: file(receiver.apiKeySecret) }] };
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
  }
}

/** Alertmanager's own configuration: routes by severity, one alert of a kind at a time. */
export function alertmanagerConfig(environment: Environment): object {
  const { receivers, defaultReceiver, watchdogReceiver } = environment.alerting;
  const tempo = urlOf(environment, "tempo");
  const fallback = defaultReceiver ?? receivers[0]?.name ?? nobody;
  const same = ["cluster", "namespace", "alertname"];
  const config = {
    global: { resolve_timeout: "5m" },
    route: {
      receiver: fallback,
      group_by: ["cluster", "namespace", "alertname"],
      group_wait: "30s",
      group_interval: "5m",
      repeat_interval: "4h",
      routes: [
        {
          matchers: [`alertname="${watchdog}"`],
          receiver: watchdogReceiver ?? nobody,
          group_wait: "0s",
          group_interval: "1m",
          // A dead man's switch is heard often, or it is no switch.
          repeat_interval: "5m",
        },
        { matchers: ['severity="critical"'], group_wait: "10s", repeat_interval: "1h" },
        { matchers: ['severity="info"'], receiver: nobody },
      ],
    },
    inhibit_rules: [
      { source_matchers: ['severity="critical"'], target_matchers: ['severity=~"warning|info"'], equal: same },
      { source_matchers: ['severity="warning"'], target_matchers: ['severity="info"'], equal: same },
    ],
    ...(tempo === undefined ? {} : { tracing: serverTracing(tempo) }),
    receivers: [{ name: nobody }, ...receivers.map((each) => receiver(each as Receiver))],
  };
  return deepMerge(config, environment.systems.alertmanager.config);
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
