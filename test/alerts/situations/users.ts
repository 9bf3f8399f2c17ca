import { counter, gauge, growing } from "../support/proof";
import { pods, type Happening, type Situation } from "./situation";

const api = (pod: string) => `cluster="local", service_name="api", job="api", instance="${pod}"`;
/** 20 requests a second on two pods, one in a thousand slow; `then` is what changes of each, each minute. */
const served = (then: {
  all?: number | "_";
  errors?: number | "_";
  fast?: number | "_";
  slow?: number | "_";
}): Happening[] =>
  pods.flatMap((pod): Happening[] => [
    [counter(`requests_total{${api(pod)}, method="GET", route="/", status="200"}`, 600), then.all],
    [counter(`request_errors_total{${api(pod)}, route="/", type="x"}`, 0), then.errors],
    [counter(`request_duration_seconds_bucket{${api(pod)}, le="0.5"}`, 599), then.fast],
    [counter(`request_duration_seconds_bucket{${api(pod)}, le="2.5"}`, 600), then.slow ?? then.all],
    [counter(`request_duration_seconds_bucket{${api(pod)}, le="+Inf"}`, 600), then.all],
    [counter(`request_duration_seconds_count{${api(pod)}}`, 600), then.all],
  ]);
const agent = 'cluster="local", agent="git", service_name="orchestrator", job="orchestrator", instance="i"';

/** Users get errors, wait, or get nothing at all. */
export const users: readonly Situation[] = [
  { what: "a tenth of a service's requests fails", series: served({ errors: 60 }), within: 15 },
  { what: "every request to a service fails", series: served({ errors: 600 }), within: 10 },
  { what: "half of a service's requests take seconds", series: served({ fast: 300, slow: 550 }), within: 15 },
  {
    what: "a third of the plans fails",
    series: [
      [gauge('plan_success_rate{cluster="local", job="o", instance="i", service_name="orchestrator"}', 1), 0.66],
      [counter('plans_total{cluster="local", job="o", instance="i", outcome="failed"}', 0), 20],
      [growing('plans_total{cluster="local", job="o", instance="i", outcome="done"}', 40)],
    ],
    within: 15,
  },
  {
    what: "an agent fails a fifth of its calls",
    series: [[counter(`agent_errors_total{${agent}, type="x"}`, 0), 20], [growing(`agent_calls_total{${agent}}`, 100)]],
    within: 60,
  },
  {
    what: "a service that had 20 requests a second vanishes, series and all",
    series: served({ all: "_", errors: "_", fast: "_" }),
    within: 30,
  },
  {
    what: "nobody reaches a service any more: it runs, and its counters stand still",
    series: served({ all: 0, errors: 0, fast: 0 }),
    within: 30,
  },
];
