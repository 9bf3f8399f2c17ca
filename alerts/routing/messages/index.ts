import type { Environment } from "../../../environment";
import { links } from "./links";
import { mail } from "./mail";
import { limits } from "./limits";
import { shortened, text, told, type Style } from "./words";

/** The file of templates that Alertmanager reads beside its configuration. */
export const templatesFile = "messages.tmpl";

const asIs = (expression: string) => expression;

/** Text that nothing interprets: mail, OpsGenie. */
const plain = (of: Style["limits"]): Style => ({
  escaped: asIs,
  strong: asIs,
  link: (url, words) => `(printf "${words}: %s" ${url})`,
  limits: of,
});

/** Slack reads three characters as its own; without this a label's value could mention a whole channel. */
const slackEscaped = (expression: string) =>
  `(${expression} | reReplaceAll "&" "&amp;" | reReplaceAll "<" "&lt;" | reReplaceAll ">" "&gt;")`;
const slack: Style = {
  escaped: slackEscaped,
  strong: (expression) => `(printf "*%s*" ${expression})`,
  link: (url, words) => `(printf "<%s|${words}>" ${slackEscaped(url)})`,
  limits: limits.slack,
};

/** Alerts as PagerDuty's table of details shows them: what they say, without addresses inside the cluster. */
const details = (which: "Firing" | "Resolved") =>
  [
    `{{- $all := list }}{{ range $index, $alert := .Alerts.${which} }}{{ if lt $index ${limits.pagerduty.alerts} }}`,
    '{{ $all = append $all (dict "summary" $alert.Annotations.summary "description" $alert.Annotations.description',
    ' "dashboard" (or $alert.Annotations.dashboard_url $alert.Annotations.dashboard)',
    ' "runbook" (or $alert.Annotations.runbook_url $alert.Annotations.runbook)',
    ' "labels" $alert.Labels "since" $alert.StartsAt) }}{{ end }}{{ end }}{{ toJson $all }}',
  ].join("");

const bySeverity = (critical: string, warning: string, info: string) =>
  `${told}{{ if eq $severity "critical" }}${critical}{{ else if eq $severity "warning" }}${warning}{{ else }}${info}{{ end }}`;

/** Every text of a message, by name. Each starts from the alerts: variables end with the template they are set in. */
function texts(environment: Environment) {
  const shown = told + links(environment);
  const address = (name: string) => `${shown}{{ $${name} }}`;
  return {
    severity: `${told}{{ $severity }}`,
    source:
      '{{ with .CommonLabels }}{{ or .instance .node .service_name .namespace .cluster "Alertmanager" }}{{ end }}',
    "pagerduty.summary": told + shortened("$line", limits.pagerduty.summary),
    "pagerduty.firing": details("Firing"),
    "pagerduty.resolved": details("Resolved"),
    "link.dashboard": address("dashboard"),
    "link.runbook": address("runbook"),
    "link.silence": address("silence"),
    "link.query": address("query"),
    "slack.title": `${told}[{{ $state }}] ${shortened("$name", limits.slack.title - 20)}`,
    "slack.fallback": `${told}[{{ $state }}] ${shortened("$line", limits.slack.title - 20)}`,
    "slack.color": `{{ if eq .Status "resolved" }}good{{ else }}${bySeverity("danger", "warning", "#439FE0")}{{ end }}`,
    "slack.text": shown + text(slack),
    "opsgenie.message": told + shortened("$line", limits.opsgenie.message),
    "opsgenie.description": shown + text(plain(limits.opsgenie)),
    "opsgenie.priority": bySeverity("P1", "P3", "P5"),
    "sms.message": `${told}{{ $state }} ${shortened("$line", limits.sms.message - 20)}`,
    "sms.subject": `${told}{{ $subject := printf "[%s] %s" $state $line | reReplaceAll "[^ -~]" "?" }}${shortened("$subject", limits.sms.subject, "...")}`,
    "email.subject": `${told}{{ $subject := printf "[%s] %s" $state $line }}${shortened("$subject", limits.email.subject)}`,
    "email.text": `${shown}{{ $state }}: {{ $name }}\n\n${text(plain(limits.email))}`,
    "email.html": shown + mail,
  };
}

export type MessageText = keyof ReturnType<typeof texts>;

/** What a receiver's field says, in Alertmanager's configuration. */
export const message = (name: MessageText): string => `{{ template "stack.${name}" . }}`;

/** One action a line, for whoever reads the file: what stands between two of them is taken away again by the dash. */
const inLines = (template: string) => template.replace(/\}\}\{\{-?\s*/g, "}}\n{{- ");

/** The templates of all messages of an environment, as Alertmanager's file of templates. */
export const messageTemplates = (environment: Environment): string =>
  Object.entries(texts(environment))
    .map(([name, template]) => inLines(`{{ define "stack.${name}" }}${template}{{ end }}`))
    .join("\n\n")
    .concat("\n");
