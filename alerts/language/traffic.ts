import { Duration } from "../../environment";
import { age, Gauge, on, quantity, time, type Instant, type Unit } from "../../signals";
import type { RuleGroup } from "../rule";
import type { Alert, Level } from "./alert";
import { recordedOf } from "./burn";
import type { SloOptions } from "./objective";
import { subjectOf } from "./text";

/**
 * How silence is told from a quiet hour. What is asked less than once in twenty seconds never pages: five minutes without a
 * request are nothing unusual for it. The drop is wide on purpose, since weekends and campaigns are no faults.
 */
export const usualTraffic = {
  /** Events per second; what had fewer is not missed. */
  least: 0.05,
  /** Of what is younger than a day, and whose nights nobody knows, so many are missed though it still runs. */
  busy: 1,
  /** Share of the traffic of before, below which something is wrong. */
  drop: 0.1,
  /** What is gone is missed for so long, unless it comes back or is taken down. */
  missed: Duration.parse("7d"),
  /** How long an evaluator may be away without forgetting: a record reads its own past so far back. */
  memory: "1d",
} as const;

/** Services whose workloads are all scaled to 0 or deleted: see alerts/taken-down.ts. */
export const takenDownSeries = "slo:service_taken_down:state";
/** What a service and its workloads are linked by. */
export const perService = ["cluster", "service_name"] as const;

/** The series that are recorded of an SLO's traffic. */
function seriesOf<L extends string>(options: SloOptions<L>) {
  const series = <const U extends Unit>(name: string, unit: U, help: string) => recordedOf(options, name, unit, help);
  return {
    /** When there last was an event; ends a week later. A record that goes on from what it was. */
    seen: series("slo:events_seen:timestamp", "timestamp", "When an SLO last had an event"),
    /** Events per second, 0 for what had some in the last week and has no series now. */
    now: series("slo:events:rate5m", "number", "Events of an SLO per second"),
    /** What there was in nine tenths of the two hours around this time yesterday: an hour early or late is no fault. */
    yesterday: series("slo:events:p10_2h_offset1d", "number", "Events of an SLO per second, a day ago"),
    day: series("slo:events:avg1d", "number", "Events of an SLO per second, over the last day"),
    gone: series("slo:events_gone:timestamp", "timestamp", "Since when an SLO's events are missed"),
  };
}

/**
 * Records what is remembered of an SLO's traffic. None of it looks back a week: what was seen last and what is gone read
 * their own last value, so that a restart forgets nothing and the week costs two samples.
 *
 * Gone is what has no traffic now, and had some at this time yesterday: who sleeps at night is not missed at night. Of what
 * is younger than a day nobody knows its nights; it is missed, by the mean of its life so far, when its series are gone too
 * or when it had many, and when it was asked all the time for an hour: three minutes of a load test are no habit.
 */
export function trafficGroup<L extends string>(options: SloOptions<L>): RuleGroup {
  const { name, total, labels, traffic: { least = usualTraffic.least } = {} } = options;
  const { seen, now, yesterday, day, gone } = seriesOf(options);
  const { memory, missed } = usualTraffic;
  const same = on(...labels);
  const events = total("5m").as("number");
  const usual = quantity(least, "number");
  const remembered = (series: Gauge<L | "slo">) => `last_over_time(${series.over(memory).text})`;
  const dead = day.atLeast(usual).unless(yesterday, same).unless(events, same);
  const busy = day.atLeast(quantity(usualTraffic.busy, "number")).unless(yesterday, same);
  // The last ten minutes are those in which it went.
  const steady = `(${now.text} offset 1h > 0 and ${same} min_over_time(${now.over("50m").text} offset 10m) > 0)`;
  const missing = `${now.equals(0).text} and ${same} (${yesterday.atLeast(usual).text} or (${dead.or(busy).text}) and ${same} ${steady})`;
  const rules = [
    [
      seen,
      `${events.above(0).times(0).text} + time() or ${same} ${remembered(seen)} > ${time().text} - ${missed.seconds}`,
    ],
    [now, `${events.text} or ${same} ${seen.text} * 0`],
    [yesterday, `quantile_over_time(0.1, ${now.over("2h").text} offset 23h)`],
    [day, `avg_over_time(${now.over("1d").text})`],
    // What came back in between was seen later than it was missed: that it was once gone counts no more.
    [gone, `${remembered(gone)} > ${same} ${seen.text} or ${same} 0 * (${missing}) + time()`],
  ] as const;
  return {
    name: `slo-${name}-traffic`,
    interval: "1m",
    rules: rules.map(([{ metric }, expr]) => ({ record: metric.name, expr, labels: { slo: name } })),
  };
}

/** Critical when the traffic of an SLO is gone, a warning when little is left of it. */
export function trafficAlert<L extends string>(options: SloOptions<L>): Alert {
  const { team, component, events = "events", labels, dashboard, traffic = {} } = options;
  const { seen, now, yesterday, day, gone } = seriesOf(options);
  const same = on(...labels);
  const usual = quantity(traffic.least ?? usualTraffic.least, "number");
  const drop = quantity(usualTraffic.drop, "ratio");
  const linked = perService.every((label) => (labels as readonly string[]).includes(label));
  const wanted = (found: Instant<L | "slo">) => (linked ? found.unless(takenDown, on(...perService) as never) : found);
  // Of what is younger than a day nobody knows the nights: what falls there is no fault.
  const fallen = now
    .dividedBy(yesterday)
    .below(drop)
    .and(now.dividedBy(day).below(drop))
    .and(yesterday.atLeast(usual))
    .and(day.atLeast(usual));
  const subject = subjectOf(labels);
  const until = linked
    ? "when its workload is scaled to 0 or deleted, as far as its telemetry names one, or after"
    : "by a silence, since nothing tells which workload it is, or after";
  const common = {
    labels: (labels as readonly string[]).includes("service_name") ? { service: "{{ $labels.service_name }}" } : {},
  };
  const levels: Level[] = [
    {
      ...common,
      severity: "critical",
      // That it is gone stands in a record; no number here decides.
      threshold: undefined,
      expr: wanted(age(seen).and(now.equals(0), same).and(gone, same) as Instant<L | "slo">),
      for: "5m",
      // An evaluation that misses what it reads does not end it.
      keepFiringFor: "7m",
      summary: `${subject} has no ${events} any more.`,
      description:
        `The last came {{ $value | humanizeDuration }} ago; usually there are some at this time of day. ` +
        `Ends when they come back, ${until} ${usualTraffic.missed.toString()}.`,
    },
    {
      ...common,
      severity: "warning",
      threshold: drop,
      expr: wanted(fallen as Instant<L | "slo">),
      for: "15m",
      summary: `${subject} has far fewer ${events} than before.`,
      description:
        `{{ $value | humanizePercentage }} is left of what there was at this time yesterday, ` +
        `and less than ${usualTraffic.drop * 100} % of the last day's mean.`,
    },
  ];
  return {
    name: traffic.alert ?? `${options.alert.replace(/Budget$/, "")}TrafficGone`,
    team,
    component,
    runbook: traffic.runbook ?? options.runbook,
    dashboard,
    pages: options.pages ?? "users",
    labels: [...labels, "slo"],
    levels,
  };
}

const takenDown = new Gauge<"cluster" | "service_name", "state">(
  {
    name: takenDownSeries,
    kind: "gauge",
    labels: [...perService],
    unit: "state",
    help: "1 for a service whose workloads are all scaled to 0 or deleted",
    source: "recording rules",
    jobs: [],
  },
  "state",
);
