import type { Severity } from "../../../alerts";
import { counter, gauge, growing, steady, type Fed, type Proof } from "../support/proof";

const api = 'cluster="local", service_name="api", instance="i"';
const git = 'cluster="local", agent="git", instance="i"';
const server = 'cluster="local", job="apiserver", verb="GET"';

/**
 * The four windows: minutes until the long one is over its level, and what then stands in the text. Series fail wholly,
 * so that the share in a window is the part of it that is over.
 */
interface Burning {
  readonly severity: Severity;
  readonly long: string;
  readonly for: number;
  /** Minutes of the window, all of which a test keeps good at first. */
  readonly minutes: number;
  readonly step: number;
}
const windows: readonly Burning[] = [
  { severity: "critical", long: "1h", for: 2, minutes: 60, step: 1 },
  { severity: "critical", long: "6h", for: 15, minutes: 360, step: 5 },
  { severity: "warning", long: "1d", for: 60, minutes: 1440, step: 15 },
  { severity: "warning", long: "3d", for: 180, minutes: 4320, step: 30 },
];
const factors: Readonly<Record<string, [number, string]>> = {
  "1h": [14.4, "50h"],
  "6h": [6, "5d"],
  "1d": [3, "10d"],
  "3d": [1, "30d"],
};

/** Bad events each minute that make a share; `near` stays below the level of the window. */
interface Shares {
  readonly alert: string;
  readonly of: string;
  readonly objective: string;
  readonly budget: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly slo: string;
  readonly series: readonly Fed[];
  /** Value of the driven series for a share of bad events among 1000 a minute. */
  readonly value: (share: number) => number;
}

const objectives: readonly Shares[] = [
  {
    alert: "ServiceAvailabilityBudget",
    slo: "service-availability",
    of: "requests that work",
    objective: "99.9",
    budget: 0.001,
    labels: { service_name: "api" },
    series: [
      counter(`request_errors_total{${api}, type="x"}`, 0),
      growing(`requests_total{${api}, status="200"}`, 1000),
    ],
    value: (share) => 1000 * share,
  },
  {
    alert: "ServiceLatencyBudget",
    slo: "service-latency",
    of: "requests answered within 500 ms",
    objective: "95",
    budget: 0.05,
    labels: { service_name: "api" },
    series: [
      counter(`request_duration_seconds_bucket{${api}, le="0.5"}`, 1000),
      growing(`request_duration_seconds_count{${api}}`, 1000),
    ],
    value: (share) => 1000 * (1 - share),
  },
  {
    alert: "AgentAvailabilityBudget",
    slo: "agent-availability",
    of: "calls that work",
    objective: "99",
    budget: 0.01,
    labels: { agent: "git" },
    series: [counter(`agent_errors_total{${git}, type="x"}`, 0), growing(`agent_calls_total{${git}}`, 1000)],
    value: (share) => 1000 * share,
  },
  {
    alert: "PlanSuccessBudget",
    slo: "plan-success",
    of: "plans that succeed",
    objective: "95",
    budget: 0.05,
    labels: {},
    series: [
      counter(`plans_total{${api}, outcome="failed"}`, 0),
      growing(`plans_total{${api}, outcome="succeeded"}`, 1000),
    ],
    // Failed plans come on top of the thousand.
    value: (share) => (1000 * share) / (1 - share),
  },
  {
    alert: "ApiServerAvailabilityBudget",
    slo: "apiserver-availability",
    of: "requests that work",
    objective: "99",
    budget: 0.01,
    labels: {},
    series: [
      counter(`apiserver_request_total{${server}, code="503"}`, 0),
      growing(`apiserver_request_total{${server}, code="200"}`, 1000),
    ],
    value: (share) => (1000 * share) / (1 - share),
  },
];

const proofOf = (of: Shares, window: Burning): Proof => {
  const [factor, gone] = factors[window.long] ?? [NaN, ""];
  const level = factor * of.budget;
  // Bad for a whole window, the share is exact; half as much more than the level is clearly over it.
  const share = Math.min(level * 1.25, 0.99);
  const shown = Number((share * 100).toPrecision(4));
  return {
    alert: of.alert,
    rule: { long: window.long },
    series: of.series,
    labels: { ...of.labels, slo: of.slo },
    warm: 30,
    step: window.step,
    for: window.for,
    // The long window holds only bad minutes, and the short one too.
    lag: window.minutes + 30,
    // The short window forgets first: that is what it is for.
    end: window.minutes / 4 + 30,
    recorded: true,
    cases: {
      [window.severity]: [
        of.value(level * 0.95),
        of.value(share),
        `${shown}% over ${window.long} were not ${of.of}; the objective is ${of.objective} %. At this rate the budget of 30d is gone in ${gone}.`,
      ],
    },
  };
};

const missed: Readonly<Record<string, string>> = {
  ServiceAvailabilityBudget: "ServiceTrafficGone",
  ServiceLatencyBudget: "ServiceLatencyTrafficGone",
  AgentAvailabilityBudget: "AgentTrafficGone",
  PlanSuccessBudget: "PlanTrafficGone",
  ApiServerAvailabilityBudget: "ApiServerTrafficGone",
};

/** What is recorded of traffic is fed here; that it is recorded rightly, over days, is what traffic.test.ts shows. */
function trafficProofsOf({ alert, slo, labels }: Shares): Proof[] {
  const series = (name: string) => {
    const all = Object.entries({ cluster: "local", ...labels, slo });
    return `${name}{${all.map(([label, value]) => `${label}="${value}"`).join(", ")}}`;
  };
  const common = { alert: missed[alert] ?? "", labels: { ...labels, slo } };
  const until = labels["service_name"]
    ? "when its workload is scaled to 0 or deleted, as far as its telemetry names one, or after"
    : "by a silence, since nothing tells which workload it is, or after";
  return [
    {
      ...common,
      for: 5,
      // 1970 is when the test begins, and when the last event was.
      series: [
        steady(series("slo:events_seen:timestamp"), 0),
        steady(series("slo:events:rate5m"), 0),
        gauge(series("slo:events_gone:timestamp"), "_"),
      ],
      cases: {
        critical: [
          "_",
          1,
          `The last came 21m 0s ago; usually there are some at this time of day. Ends when they come back, ${until} 7d.`,
        ],
      },
      // A sample counts for five minutes, and the alert is kept for five more.
      end: 30,
    },
    {
      ...common,
      for: 15,
      series: [
        gauge(series("slo:events:rate5m"), 20),
        steady(series("slo:events:p10_2h_offset1d"), 20),
        steady(series("slo:events:avg1d"), 20),
      ],
      cases: {
        warning: [
          2,
          1,
          "5% is left of what there was at this time yesterday, and less than 10 % of the last day's mean.",
        ],
      },
    },
  ];
}

export const sloProofs: readonly Proof[] = objectives.flatMap((of) => [
  ...windows.map((window) => proofOf(of, window)),
  ...trafficProofsOf(of),
]);
