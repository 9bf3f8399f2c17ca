import { limits } from "./limits";
import { titled } from "./words";

/** Colours of a message's head, dark enough for white letters on them: 4.5 to 1 and more. */
const colours = { critical: "#b42318", warning: "#92590a", info: "#175cd3", resolved: "#067647" } as const;

const colour = [
  `{{ $colour := "${colours.info}" }}{{ if eq .Status "resolved" }}{{ $colour = "${colours.resolved}" }}`,
  `{{ else if eq $severity "critical" }}{{ $colour = "${colours.critical}" }}`,
  `{{ else if eq $severity "warning" }}{{ $colour = "${colours.warning}" }}{{ end }}`,
].join("");

const button = "display:inline-block;margin:0 8px 8px 0;padding:8px 14px;border-radius:6px;text-decoration:none;";
const small = "font-size:13px;line-height:19px;color:#475467;overflow-wrap:anywhere;";

/** One way out of the mail: a button, or in words where nothing leads there. */
const way = (name: string) =>
  [
    `{{ if $${name} }}<a href="{{ $${name} }}" style="${button}background:#eef2f6;color:#101828">${titled(name)}</a>`,
    `{{ else if $${name}_text }}<div style="${small}margin:0 0 6px"><b>${titled(name)}:</b> {{ $${name}_text }}</div>{{ end }}`,
  ].join("");

const alerts = [
  `{{ range $index, $alert := $told }}{{ if lt $index ${limits.email.alerts} }}`,
  '<div style="margin:0 0 14px;padding:0 0 0 12px;border-left:3px solid {{ $colour }};overflow-wrap:anywhere">',
  '<div style="font-weight:600">{{ or $alert.Annotations.summary $alert.Labels.alertname }}</div>',
  "{{ with $alert.Annotations.description }}<div>{{ . }}</div>{{ end }}",
  "{{ if gt (len $told) 1 }}{{ with ($alert.Labels.Remove $common.Names).SortedPairs }}",
  `<div style="${small}">{{ . }}</div>{{ end }}`,
  ...["dashboard", "runbook"].map(
    (name) =>
      `{{ if not $${name} }}{{ with $alert.Annotations.${name}_url }}<a href="{{ . }}" style="color:#175cd3">${titled(name)}</a> {{ end }}{{ end }}`,
  ),
  `{{ end }}</div>{{ else if eq $index ${limits.email.alerts} }}`,
  "<p>… and {{ len (slice $told $index) }} more.</p>{{ end }}{{ end }}",
  '{{ if and (eq .Status "firing") (gt (len .Alerts.Resolved) 0) }}<p>{{ len .Alerts.Resolved }} resolved.</p>{{ end }}',
].join("");

/** The HTML of a mail, in what mail programs show: styles in place, one column, nothing that is fetched. */
export const mail = [
  colour,
  '<!doctype html><html lang="en"><head><meta charset="utf-8">',
  '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light">',
  "<title>{{ $name }}</title></head>",
  '<body style="margin:0;padding:16px;background:#f2f4f7;color:#101828;font:15px/22px -apple-system,Segoe UI,Roboto,Arial,sans-serif">',
  '<div style="max-width:640px;margin:0 auto;background:#ffffff;border-radius:8px;overflow:hidden">',
  '<div style="padding:14px 20px;background:{{ $colour }};color:#ffffff">',
  '<div style="font-size:13px;letter-spacing:.06em">{{ $state }}</div>',
  '<div style="font-size:20px;line-height:26px;font-weight:600;overflow-wrap:anywhere">{{ $name }}</div></div>',
  '<div style="padding:18px 20px">',
  alerts,
  `<div style="margin:18px 0 10px">${["dashboard", "runbook", "silence", "query"].map(way).join("")}</div>`,
  `<div style="${small}border-top:1px solid #eaecf0;padding-top:10px">{{ $common.SortedPairs }}</div>`,
  "</div></div></body></html>",
].join("");
