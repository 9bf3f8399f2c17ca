import type { RuleGroup } from "./rule";

/** What watches the watching: the dead man's switch, and targets that don't answer. */
export function stackAlerts(): RuleGroup {
  return {
    name: "observability",
    rules: [
      {
        alert: "Watchdog",
        expr: "vector(1)",
        labels: { severity: "none" },
        annotations: {
          summary: "The alerting pipeline works.",
          description: "Always firing; whoever stops hearing it knows that alerts no longer arrive.",
        },
      },
      {
        alert: "TargetDown",
        expr: "up == 0",
        for: "1m",
        labels: { severity: "warning" },
        annotations: {
          summary: "{{ $labels.job }} on {{ $labels.instance }} can't be scraped.",
          description:
            "Prometheus has had no answer from {{ $labels.instance }} ({{ $labels.job }}) for a minute: it is down, overloaded, or a network policy is in the way.",
        },
      },
    ],
  };
}
