import { gauge, steady, type Proof } from "../support/proof";

const target = { job: "pods", instance: "1.2.3.4:80", namespace: "demo", pod: "x" };
/** Written down once more: the rules are not to be believed when they say which there are. */
const jobs = [
  "victoriametrics",
  "vmauth",
  "vmagent",
  "vmalert",
  "loki",
  "tempo",
  "grafana",
  "alertmanager",
  "collector-gateway",
  "collector-agent",
  "collector-sampler",
  "node-exporter",
  "kube-state-metrics",
  "kube-state-metrics-telemetry",
  "kubelet",
  "cadvisor",
  "apiserver",
  "etcd",
  "kube-scheduler",
  "kube-controller-manager",
  "kube-proxy",
];

export const stackProofs: readonly Proof[] = [
  {
    alert: "InfoInhibitor",
    series: [
      gauge('ALERTS{cluster="local", namespace="shop", severity="info", alertstate="firing", alertname="X"}', "_"),
      steady('ALERTS{cluster="local", namespace="loud", severity="info", alertstate="firing", alertname="X"}', 1),
      steady('ALERTS{cluster="local", namespace="loud", severity="warning", alertstate="firing", alertname="Y"}', 1),
    ],
    labels: { namespace: "shop" },
    for: 0,
    cases: { none: ["_", 1, "Keeps information back while nothing worse fires beside it; it is no alert of its own."] },
  },
  {
    alert: "TargetDown",
    series: [gauge('up{cluster="local", job="pods", instance="1.2.3.4:80", namespace="demo", pod="x"}', 1)],
    labels: target,
    for: 1,
    cases: {
      warning: [
        1,
        0,
        "Prometheus has had no answer from 1.2.3.4:80 (pods) for a minute: it is down, overloaded, or a network policy is in the way.",
      ],
    },
  },
  ...jobs.map((job): Proof => ({
    alert: "TargetMissing",
    rule: { job },
    series: [gauge(`up{cluster="local", job="${job}", instance="i"}`, 1)],
    labels: { job },
    for: 10,
    // A series counts as there for five minutes after its last sample.
    lag: 6,
    cases: {
      critical: [
        0,
        "_",
        `Service discovery finds nothing for job ${job}: what it measures is unknown, and alerts on it are blind.`,
      ],
    },
  })),
];
