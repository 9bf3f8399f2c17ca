import { counter, gauge, growing, steady, written, type Proof } from "../support/proof";

const api = 'cluster="local", service_name="api"';
const target = `${api}, job="api", instance="i"`;
const service = { service_name: "api" };
const agent = { agent: "git" };
const git = 'cluster="local", agent="git"';
const gitTarget = `${git}, service_name="orchestrator", instance="i"`;
const gitOther = `${git}, service_name="orchestrator", instance="j"`;
const queue = { ...service, queue: "q" };

export const applicationProofs: readonly Proof[] = [
  {
    alert: "ServiceErrorsHigh",
    series: [gauge(`service:request_errors:ratio_rate5m{${api}}`, 0), steady(`service:requests:rate5m{${api}}`, 1)],
    labels: service,
    for: { info: 10, warning: 5 },
    cases: {
      info: [0.01, 0.02, "2% of the requests to api fail. The limit is 1 %."],
      warning: [0.05, 0.06, "6% of the requests to api fail. The limit is 5 %."],
    },
  },
  {
    alert: "ServiceSlow",
    series: [
      gauge(`service:request_duration_seconds:p95_5m{${api}}`, 0.1),
      steady(`service:requests_timed:rate5m{${api}}`, 1),
    ],
    labels: service,
    for: { warning: 10, critical: 5 },
    cases: {
      warning: [0.5, 0.6, "api takes 600ms to answer (p95). The limit is 500 ms."],
      critical: [1, 2, "api takes 2s to answer (p95). The limit is 1s."],
    },
  },
  {
    alert: "ServiceTasksFail",
    series: [
      counter(`tasks_failed_total{${target}, queue="q", type="x"}`, 0),
      growing(`tasks_completed_total{${target}, queue="q"}`, 90),
    ],
    labels: queue,
    for: { warning: 10, critical: 5 },
    lag: 6,
    recorded: true,
    cases: {
      warning: [0.9, 10, "10% of the tasks of q fail. The limit is 1 %."],
      critical: [4.5, 10, "10% of the tasks of q fail. The limit is 5 %."],
    },
  },
  {
    alert: "ServiceCacheMisses",
    series: [
      counter(`cache_hits_total{${target}, cache="c"}`, 90),
      growing(`cache_misses_total{${target}, cache="c"}`, 10),
    ],
    labels: { ...service, cache: "c" },
    for: 30,
    lag: 16,
    end: 40,
    cases: {
      info: [41, 30, "c answers 75% of what it is asked. The limit is 80 %."],
      warning: [11, 2.5, "c answers 20% of what it is asked. The limit is 50 %."],
    },
  },
  {
    alert: "ProcessFileDescriptorsLow",
    series: [
      gauge('process_open_fds{cluster="local", job="x", instance="i"}', 10),
      steady('process_max_fds{cluster="local", job="x", instance="i"}', 100),
    ],
    labels: { job: "x", instance: "i" },
    for: 10,
    cases: {
      info: [
        70,
        80,
        "x has 80% of its file descriptors open; without one it can't take a connection or open a file. The limit is 70 %.",
      ],
      warning: [
        90,
        95,
        "x has 95% of its file descriptors open; without one it can't take a connection or open a file. The limit is 90 %.",
      ],
    },
  },
  {
    alert: "AgentErrorsHigh",
    series: [
      gauge(`agent:agent_errors:ratio_rate5m{${git}}`, 0),
      growing(`agent_errors_total{${gitTarget}, operation="x", type="x"}`, 1.1),
    ],
    labels: agent,
    for: { info: 10, warning: 5 },
    cases: {
      info: [0.01, 0.02, "2% of the calls to git fail. The limit is 1 %."],
      warning: [0.05, 0.06, "6% of the calls to git fail. The limit is 5 %."],
    },
  },
  {
    alert: "AgentSlow",
    series: [gauge(`agent:agent_duration_seconds:p95_5m{${git}}`, 1)],
    labels: agent,
    for: 10,
    cases: { warning: [5, 6, "A call to git takes 6s (p95), longer than a whole plan may. The limit is 5s."] },
  },
  {
    alert: "AgentQueueDeep",
    series: [gauge(`agent_queue_depth{${gitTarget}}`, 1)],
    labels: agent,
    for: 5,
    cases: {
      info: [50, 60, "60 calls wait for git. The limit is 50."],
      warning: [200, 300, "300 calls wait for git. The limit is 200."],
    },
  },
  {
    alert: "AgentHealthLow",
    // Of two replicas one is well all the time.
    series: [gauge(`agent_health_score{${gitTarget}}`, 1), steady(`agent_health_score{${gitOther}}`, 0.9)],
    labels: agent,
    for: 5,
    cases: {
      info: [0.72, 0.5, "The health score of git is 70%. The limit is 80 %."],
      warning: [0.2, 0, "The health score of git is 45%. The limit is 50 %."],
    },
  },
  {
    alert: "AgentDown",
    series: [gauge(`agent_state{${gitTarget}, state="down"}`, 0)],
    labels: agent,
    for: 5,
    cases: { warning: [0, 1, "git reports that it can't work: plans that need it fail."] },
  },
  {
    // 1970 is when the test begins: a success half an hour before that is too long ago at its fifteenth minute.
    alert: "AgentSilent",
    series: [
      written(`agent_last_success_timestamp_seconds{${gitTarget}}`, "0x14 -1800x11 2400x40", "0x25 2400x40"),
      steady(`agent:agent_calls:rate5m{${git}}`, 1),
    ],
    labels: agent,
    for: 5,
    cases: { warning: [0, 0, "git is called, and last succeeded 51m 0s ago. The limit is 30m."] },
  },
  {
    alert: "PlansSlow",
    series: [
      gauge('cluster:plan_duration_seconds:p95_5m{cluster="local"}', 1),
      growing(`plan_duration_seconds_count{${target}, outcome="succeeded"}`, 1.1),
    ],
    labels: {},
    for: { warning: 10, critical: 5 },
    cases: {
      warning: [5, 6, "A plan takes 6s (p95). The limit is 5s."],
      critical: [10, 12, "A plan takes 12s (p95). The limit is 10s."],
    },
  },
  {
    alert: "PlanSuccessLow",
    // Of two replicas one is well all the time.
    series: [
      gauge(`plan_success_rate{${target}}`, 1),
      steady(`plan_success_rate{${api}, job="api", instance="j"}`, 1),
      growing(`plans_total{${target}, outcome="failed"}`, 1),
    ],
    labels: {},
    for: 10,
    cases: {
      warning: [0.91, 0.88, "Only 94% of the plans succeed. The limit is 95 %."],
      critical: [0.82, 0.6, "Only 80% of the plans succeed. The limit is 90 %."],
    },
  },
  {
    alert: "SystemLoadHigh",
    series: [gauge(`system_load_score{${target}}`, 0.2)],
    labels: {},
    for: 10,
    cases: {
      info: [0.8, 0.85, "Its load score is 85%. The limit is 80 %."],
      warning: [0.9, 0.95, "Its load score is 95%. The limit is 90 %."],
    },
  },
  ...(
    [
      ["info", "5", "8", "7.85s", "5s"],
      ["warning", "10", "20", "19.5s", "10s"],
    ] as const
  ).map(([severity, low, high, p95, limit]): Proof => ({
    alert: "TaskQueueSlow",
    series: [
      counter(`task_queue_time_seconds_bucket{${target}, queue="q", le="${low}"}`, 60),
      growing(`task_queue_time_seconds_bucket{${target}, queue="q", le="${high}"}`, 60),
      growing(`task_queue_time_seconds_bucket{${target}, queue="q", le="+Inf"}`, 60),
      growing(`task_queue_time_seconds_count{${target}, queue="q"}`, 60),
    ],
    labels: queue,
    for: 10,
    lag: 6,
    cases: { [severity]: [60, 0, `A task waits ${p95} in q (p95). The limit is ${limit}.`] },
  })),
  {
    alert: "SpanErrorsHigh",
    series: [
      gauge('service:span_errors:ratio_rate5m{cluster="local", service="api"}', 0),
      steady('service:spans:rate5m{cluster="local", service="api"}', 1),
    ],
    labels: { service: "api" },
    for: 10,
    cases: {
      info: [0.01, 0.02, "2% of the spans of api are errors. The limit is 1 %."],
      warning: [0.05, 0.1, "10% of the spans of api are errors. The limit is 5 %."],
    },
  },
];
