import { grafanaUrl, isDeployed, type Environment } from "../../../environment";
import { dataSources, explorePath } from "../../../dashboards/language";
import { literal } from "./words";

/**
 * Where a message leads: `$dashboard`, `$runbook`, `$silence` and `$query` are addresses, `$…_text` says the same to whoever
 * has none, and both are empty where there is nothing to lead to. All alerts of a group share them.
 */
export function links(environment: Environment): string {
  // A Grafana that exists has data sources of its own, under names that nobody here knows.
  const grafana = isDeployed(environment, "grafana") ? grafanaUrl(environment) : undefined;
  return [
    '{{- $common := .CommonLabels.Remove (stringSlice "escalation") }}',
    ...["dashboard", "runbook"].map(
      (name) => `{{ $${name} := .CommonAnnotations.${name}_url }}{{ $${name}_text := .CommonAnnotations.${name} }}`,
    ),
    `{{ with $dashboard_text }}{{ $dashboard_text = printf "%s in Grafana (npm run status says how to open it)" . }}{{ end }}`,
    '{{ $silence := "" }}{{ $silence_text := "" }}{{ $query := "" }}{{ $query_text := "" }}',
    '{{ if eq .Status "firing" }}',
    grafana === undefined ? silenceCommand(environment.name) : silenceForm(grafana),
    query(grafana),
    "{{ end -}}",
  ].join("");
}

/** A value for an address; a space becomes a plus in Go, which not everybody reads as a space. */
const encoded = (text: string) => `(${text} | urlquery | reReplaceAll \`\\+\` "%20")`;

/**
 * Grafana's form for a new silence, filled in with the labels that all alerts of the group have. The one label left out is
 * the escalation: a silence is for all levels. Parameters: `alertmanager`, the data source's name, and a `matcher` each.
 */
const silenceForm = (grafana: string) =>
  [
    `{{ $silence = ${literal(`${grafana}/alerting/silence/new?alertmanager=${dataSources.alertmanager.name}`)} }}`,
    '{{ range $common.SortedPairs }}{{ $silence = printf "%s&matcher=%s" $silence ',
    `${encoded('printf "%s=%s" .Name .Value')} }}{{ end }}`,
  ].join("");

/** The command for a shell. A value that a shell could take for anything but a value is left out: the silence is wider. */
const silenceCommand = (environment: string) =>
  [
    '{{ $matchers := "" }}{{ range $common.SortedPairs }}{{ if match `^[\\w./:@%+-]+$` .Value }}',
    '{{ if $matchers }}{{ $matchers = printf "%s, " $matchers }}{{ end }}',
    '{{ $matchers = printf "%s%s=%q" $matchers .Name .Value }}{{ end }}{{ end }}',
    `{{ $silence_text = printf "npm run silence -- --env ${environment} --matchers '%s' --duration 2h --comment WHY" $matchers }}`,
  ].join("");

/**
 * The expression in Grafana's Explore, from an hour before the alert on. Prometheus' own address for it is one inside the
 * cluster, which has the expression in it; vmalert and Loki point at Explore themselves.
 */
function query(grafana: string | undefined): string {
  // What is not encoded well is left alone: a template that fails is a message that nobody gets.
  const own = "`[?&]g0\\.expr=(?:[^%&]|%[0-9A-Fa-f]{2})+(?:&|$)`";
  const expression = '(reReplaceAll `^.*[?&]g0\\.expr=([^&]*).*$` "$1" $first.GeneratorURL | urlUnescape)';
  const asked = `{{ if match ${own} $first.GeneratorURL }}{{ $expression := ${expression} }}`;
  if (grafana === undefined) return `${asked}{{ $query_text = $expression }}{{ end }}`;
  // A time that no link has; the template puts the alert's own there. 3,600,000,000,000 ns are an hour.
  const explore = `${grafana}/explore`;
  const [before = "", between = "", after = ""] = `${grafana}/${explorePath("prometheus", "\0", "\0")}`.split("\0");
  return [
    asked,
    `{{ $query = printf "%s%s%s%d%s" ${literal(before)} ${encoded("$expression | toJson")} ${literal(between)}`,
    ` ($first.StartsAt.Add -3600000000000).UnixMilli ${literal(after)} }}`,
    `{{ else if eq (printf "%.${explore.length}s" $first.GeneratorURL) ${literal(explore)} }}`,
    "{{ $query = $first.GeneratorURL }}{{ end }}",
  ].join("");
}
