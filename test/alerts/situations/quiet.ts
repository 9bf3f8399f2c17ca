import { counter, gauge, growing, steady, written } from "../support/proof";
import { pods, target, type Situation } from "./situation";

const ksm = 'cluster="local", job="kube-state-metrics"';
const api = (pod: string) => `cluster="local", service_name="api", job="api", instance="${pod}"`;
const to = (replica: string) =>
  `${target("prometheus")}, alertmanager="http://alertmanager-${replica}:9093/api/v2/alerts"`;
const by = (replica: string) => `${target("vmalert")}, addr="http://alertmanager-${replica}:9093/api/v2/alerts"`;
const slack = `${target("alertmanager")}, integration="slack"`;
/** A counter that grows from a minute of the test on, in each of some minutes, and stands still before and after. */
const burst = (selector: string, minute: number, each: number, minutes = 3) => {
  const grown = Array.from({ length: minutes }, (_, index) => each * (index + 1));
  const values = `0x${minute - 1} ${grown.join(" ")} ${each * minutes}x200`;
  return written(selector, values, values);
};
const agent = 'cluster="local", agent="git"';

/** What is a ticket, or nothing at all: users notice nothing, and the morning is early enough. */
export const quiet: readonly Situation[] = [
  {
    what: "an idle service answers two requests in the night, both slow",
    series: [
      [counter(`requests_total{${api("a")}, method="GET", route="/", status="200"}`, 0), 2 / 60],
      [counter(`request_duration_seconds_bucket{${api("a")}, le="0.5"}`, 0), 0],
      [counter(`request_duration_seconds_bucket{${api("a")}, le="2.5"}`, 0), 0],
      [counter(`request_duration_seconds_bucket{${api("a")}, le="+Inf"}`, 0), 2 / 60],
      [counter(`request_duration_seconds_count{${api("a")}}`, 0), 2 / 60],
    ],
    within: 60,
  },
  {
    what: "one of two pods of a service is replaced, and its counters begin anew",
    series: pods.flatMap((pod) => [
      [counter(`requests_total{${api(pod)}, method="GET", route="/", status="200"}`, 600), pod === "a" ? "_" : 1200],
    ]),
    within: 60,
  },
  {
    what: "a service with a request every minute has none for an hour",
    series: [[counter(`requests_total{${api("a")}, method="GET", route="/", status="200"}`, 1), 0]],
    within: 60,
  },
  {
    what: "a service with 10 requests a second is scaled to 0",
    series: [
      [counter(`requests_total{${api("a")}, method="GET", route="/", status="200"}`, 600), "_"],
      [
        gauge(`target_info{${api("a")}, k8s_namespace_name="shop", k8s_deployment_name="api", k8s_pod_name="a"}`, 1),
        "_",
      ],
      [gauge(`kube_deployment_spec_replicas{${ksm}, namespace="shop", deployment="api"}`, 2), 0],
    ],
    within: 60,
  },
  {
    what: "one pod of somebody crashes again and again",
    series: [
      [
        counter(
          `kube_pod_container_status_restarts_total{${ksm}, namespace="shop", pod="x", container="c", uid="u"}`,
          0,
        ),
        1,
      ],
      [
        gauge(
          `kube_pod_container_status_waiting_reason{${ksm}, namespace="shop", pod="x", container="c", uid="u", reason="CrashLoopBackOff"}`,
          "_",
        ),
        1,
      ],
    ],
    within: 60,
  },
  {
    what: "one node of many is not ready",
    series: ["a", "b", "c"].map((node) => [
      gauge(`kube_node_status_condition{${ksm}, node="${node}", condition="Ready", status="true"}`, 1),
      node === "a" ? 0 : 1,
    ]),
    within: 60,
  },
  {
    what: "one of two Alertmanagers is away",
    series: ["0", "1"].flatMap((replica) => [
      [counter(`prometheus_notifications_errors_total{${to(replica)}}`, 0), replica === "0" ? 10 : 0],
      [growing(`prometheus_notifications_sent_total{${to(replica)}}`, 10)],
    ]),
    within: 60,
  },
  ...(["once", "after another"] as const).map((way, index): Situation => ({
    what: `two Alertmanagers are replaced, ${index === 0 ? "both at" : "one"} ${way}: a few alerts are lost and sent again`,
    series: ["0", "1"].flatMap((replica) => [
      [burst(`prometheus_notifications_errors_total{${to(replica)}}`, 71 + index * 3 * Number(replica), 8)],
      [growing(`prometheus_notifications_sent_total{${to(replica)}}`, 10)],
      [burst(`vmalert_alerts_send_errors_total{${by(replica)}}`, 71 + index * 3 * Number(replica), 8)],
      [growing(`vmalert_alerts_sent_total{${by(replica)}}`, 10)],
    ]),
    within: 60,
  })),
  {
    what: "one evaluation of a group of rules fails, and the next one does not",
    series: [
      [burst(`prometheus_rule_evaluation_failures_total{${target("prometheus")}, rule_group="g"}`, 71, 30, 1)],
      [
        burst(
          `vmalert_alerting_rules_errors_total{${target("vmalert")}, group="g", file="f", alertname="a"}`,
          71,
          1,
          1,
        ),
      ],
    ],
    within: 60,
  },
  {
    what: "a provider refuses notifications for three minutes",
    series: [
      [burst(`alertmanager_notifications_failed_total{${slack}}`, 71, 1)],
      [growing(`alertmanager_notifications_total{${slack}}`, 1)],
    ],
    within: 60,
  },
  {
    what: "a node computes as much as it can",
    series: [
      [gauge('instance:cpu_usage:percent{cluster="local", instance="n", job="node-exporter"}', 20), 99],
      [gauge('cpu_usage_percent{cluster="local", instance="n", job="node-exporter"}', 20), 99],
    ],
    within: 60,
  },
  {
    what: "one of two replicas of an agent says that it is not well, the other is",
    series: [
      [gauge(`agent_health_score{${agent}, instance="a"}`, 1), 0.2],
      [steady(`agent_health_score{${agent}, instance="b"}`, 1)],
    ],
    within: 60,
  },
];
