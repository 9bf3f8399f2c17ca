import { gauge, steady, type Fed, type Proof } from "../support/proof";

const target = { job: "pods", instance: "1.2.3.4:80", namespace: "demo", pod: "x" };
/** Written down once more: the rules are not to be believed when they say which there are, and which page. */
const vital = ["prometheus", "victoriametrics", "vmauth", "loki", "tempo", "alertmanager", "apiserver", "coredns"];
const others = [
  "vmagent",
  "vmalert",
  "grafana",
  "collector-gateway",
  "collector-agent",
  "collector-sampler",
  "node-exporter",
  "kube-state-metrics",
  "kube-state-metrics-telemetry",
  "kubelet",
  "cadvisor",
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
  {
    alert: "AnnotatedPodsDown",
    series: [
      gauge(
        `up{cluster="local", job="pods", instance="1.2.3.4:80", namespace="demo", service_name="shop", pod="x"}`,
        1,
      ),
      steady(
        `up{cluster="local", job="pods", instance="1.2.3.5:80", namespace="demo", service_name="shop", pod="y"}`,
        0,
      ),
    ],
    labels: { job: "pods", namespace: "demo", service_name: "shop" },
    for: 10,
    cases: {
      warning: [1, 0, "Every pod of it in demo that asks to be scraped fails to answer: what it measures is unknown."],
    },
  },
  ...[...vital, ...others].flatMap((job) => {
    const pages = vital.includes(job);
    const says = `None of ${job} answers, or service discovery finds none: what it measures is unknown, and alerts on it are blind.`;
    const proof = (near: number | "_", bad: number | "_", of: Fed[], lag: number): Proof => ({
      alert: "TargetMissing",
      rule: { job },
      series: of,
      labels: { job },
      for: pages ? 5 : 10,
      lag,
      cases: { [pages ? "critical" : "warning"]: [near, bad, says] },
    });
    const up = (instance: string) => `up{cluster="local", job="${job}", instance="${instance}"}`;
    return [
      // A series counts as there for five minutes after its last sample.
      proof(1, "_", [gauge(up("i"), 1)], 6),
      // One of two is enough, and none is too few.
      proof(1, 0, [gauge(up("i"), 1), steady(up("j"), 0)], 1),
    ];
  }),
];
