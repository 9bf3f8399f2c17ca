/**
 * Pieces of Alertmanager's templates, as text. A message speaks of what fires, or, once nothing does, of what did. A
 * template can't be measured once it is written out, so everything is first put into variables.
 */

/** A text as a literal of Go's templates. */
export const literal = (text: string): string => JSON.stringify(text);

/**
 * Sets `$told` (the alerts that the message speaks of), `$first`, `$severity` (the worst), `$state` (`CRITICAL`, or
 * `RESOLVED`), `$name` (`L2: 3 alerts: HostCpuHigh (prod)`) and `$line`, which goes on with the first alert's summary. None of
 * them is ever empty: providers refuse what is.
 */
export const told = [
  '{{- $told := .Alerts.Firing }}{{ if eq .Status "resolved" }}{{ $told = .Alerts.Resolved }}{{ end }}',
  '{{ $first := index $told 0 }}{{ $severity := "info" }}',
  '{{ range $told }}{{ if eq .Labels.severity "critical" }}{{ $severity = "critical" }}',
  '{{ else if and (eq .Labels.severity "warning") (ne $severity "critical") }}{{ $severity = "warning" }}{{ end }}{{ end }}',
  '{{ $state := $severity | toUpper }}{{ if eq .Status "resolved" }}{{ $state = "RESOLVED" }}{{ end }}',
  '{{ $name := or .CommonLabels.alertname (printf "%s and others" $first.Labels.alertname) }}',
  '{{ with .CommonLabels.cluster }}{{ $name = printf "%s (%s)" $name . }}{{ end }}',
  '{{ if gt (len $told) 1 }}{{ $name = printf "%d alerts: %s" (len $told) $name }}{{ end }}',
  '{{ with .CommonLabels.escalation }}{{ $name = printf "%s: %s" . $name }}{{ end }}',
  "{{ $line := $name }}{{ with $first.Annotations.summary }}",
  '{{ $line = printf "%s: %s" $line . | reReplaceAll `\\s+` " " }}{{ end -}}',
].join("");

/**
 * A text, cut with a mark at so many characters.
 * @param mark what stands where it was cut @default one character, which is no ASCII
 */
export const shortened = (text: string, characters: number, mark = "…"): string =>
  [
    `{{ if eq (printf "%.${characters}s" ${text}) ${text} }}{{ ${text} }}`,
    `{{ else }}{{ printf "%.${characters - mark.length}s${mark}" ${text} }}{{ end }}`,
  ].join("");

/** Adds a text to `$body` where it fits into so many bytes: nothing is cut in two, least of all a link. */
export const added = (text: string, bytes: number): string =>
  `{{ $more := ${text} }}{{ if le (len (printf "%s%s" $body $more)) ${bytes} }}{{ $body = printf "%s%s" $body $more }}{{ end }}`;

/** How a provider's texts are written: expressions of Go's templates in, expressions out. */
export interface Style {
  readonly escaped: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly link: (url: string, words: string) => string;
  /** Bytes of a whole text, and of the list of alerts in it. */
  readonly limits: { readonly text: number; readonly list: number };
}

/** What one alert of several says of itself; what all of them share stands below the list. */
const entry = ({ escaped, strong, link }: Style): string =>
  [
    `{{ $entry := printf "- %s\\n" ${strong(escaped('(printf "%.300s" (or $alert.Annotations.summary $alert.Labels.alertname))'))} }}`,
    '{{ with $alert.Annotations.description }}{{ $entry = printf "%s  %s\\n" $entry ',
    `${escaped('(printf "%.700s" .)')} }}{{ end }}`,
    "{{ if gt (len $told) 1 }}",
    "{{ with ($alert.Labels.Remove $common.Names).SortedPairs }}",
    `{{ $entry = printf "%s  %s\\n" $entry ${escaped('(printf "%.300s" .String)')} }}{{ end }}`,
    ...["dashboard", "runbook"].map(
      (name) =>
        `{{ if not $${name} }}{{ with $alert.Annotations.${name}_url }}` +
        `{{ $entry = printf "%s  %s\\n" $entry ${link(".", titled(name))} }}{{ end }}{{ end }}`,
    ),
    "{{ end }}",
  ].join("");

export const titled = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;

/** Adds the alerts to `$body`, as many as fit, and says how many are left out. */
export const list = (style: Style): string =>
  [
    "{{ $full := false }}{{ range $index, $alert := $told }}{{ if not $full }}",
    entry(style),
    `{{ if gt (len (printf "%s%s" $body $entry)) ${style.limits.list} }}{{ $full = true }}`,
    '{{ $body = printf "%s- … and %d more\\n" $body (len (slice $told $index)) }}',
    '{{ else }}{{ $body = printf "%s%s" $body $entry }}{{ end }}{{ end }}{{ end }}',
    '{{ if and (eq .Status "firing") (gt (len .Alerts.Resolved) 0) }}',
    '{{ $body = printf "%s%d resolved\\n" $body (len .Alerts.Resolved) }}{{ end }}',
  ].join("");

/** A text with the list of alerts, where each thing is to be found, and the labels that all alerts have. */
export const text = (style: Style): string =>
  [
    '{{ $body := "" }}',
    list(style),
    '{{ $body = printf "%s\\n" $body }}',
    ...["dashboard", "runbook", "silence", "query"].map((name) =>
      [
        `{{ if $${name} }}`,
        added(`printf "%s\\n" ${style.link(`$${name}`, titled(name))}`, style.limits.text),
        `{{ else if $${name}_text }}`,
        added(`printf "${titled(name)}: %s\\n" ${style.escaped(`$${name}_text`)}`, style.limits.text),
        "{{ end }}",
      ].join(""),
    ),
    added(`printf "Labels: %s\\n" ${style.escaped("$common.SortedPairs.String")}`, style.limits.text),
    "{{ $body }}",
  ].join("");
