import { gauge, type Proof } from "../support/proof";

export const objectStoreProofs: readonly Proof[] = [
  {
    alert: "ObjectStoreDown",
    series: [
      gauge(
        'kube_statefulset_status_replicas_ready{cluster="local", job="kube-state-metrics", pod="ksm", namespace="observability", statefulset="versitygw"}',
        1,
      ),
    ],
    labels: { namespace: "observability", statefulset: "versitygw" },
    for: 2,
    cases: {
      critical: [1, 0, "versitygw has no ready pod: Loki and Tempo keep data on their volumes until these are full."],
    },
  },
];
