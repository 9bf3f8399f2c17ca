import type { Environment } from "../environment";
import { lineCount, logs, matches, matchesNot, quantity, sum, type Thresholds } from "../signals";
import { alert, levels, type Alert } from "./language";

const perService = ["cluster", "service_name"] as const;

/** Alerts from log lines, evaluated by Loki's ruler (D5). */
export function logAlerts(thresholds: Thresholds, { namespace }: Environment): Alert[] {
  const all = logs({ service_name: matches(".+") });
  const bad = all.where({ detected_level: matches("error|fatal|critical") });
  const badLines = sum(lineCount(bad, "5m")).by(...perService);
  // The stack logs the queries that it is asked: it would find the words of this rule in its own lines.
  const others = logs({
    service_name: matches(".+"),
    k8s_namespace_name: matchesNot(`${namespace}|${namespace}-agents`),
  });
  return [
    levels({
      name: "LogErrorsHigh",
      team: "product",
      component: "logs",
      dashboard: "logs",
      runbook: "Logs",
      value: badLines.dividedBy(sum(lineCount(all, "5m")).by(...perService)),
      guard: (over) => over.and(badLines.above(quantity(10, "lines"))),
      above: thresholds.logErrors,
      for: "10m",
      summary: ({ service_name }) => `${service_name} logs many errors.`,
      description: ({ service_name }, value) => `${value} of the lines of ${service_name} are errors.`,
    }),
    alert({
      name: "LogPanic",
      team: "product",
      component: "logs",
      dashboard: "logs",
      runbook: "Logs",
      severity: "warning",
      when: sum(lineCount(others.matching("panic:|fatal error:|OutOfMemoryError|Segmentation fault|core dumped"), "5m"))
        .by(...perService)
        .above(quantity(0, "lines")),
      for: "0s",
      summary: ({ service_name }) => `${service_name} crashed, its log says.`,
      description: ({ service_name }, value) => `${value} of ${service_name} in five minutes speak of a crash.`,
    }),
  ];
}
