import { counter, gauge, growing, type Proof } from "../support/proof";
import { at, increaseOf, target } from "./servers";

const prometheus = at("prometheus");

/** What Prometheus and Loki can't let go of, and what they may soon not take. */
export const upkeepProofs: readonly Proof[] = [
  {
    alert: "PrometheusWalNotTruncated",
    series: [
      counter(`prometheus_tsdb_checkpoint_creations_failed_total{${prometheus}}`, 0),
      growing(`prometheus_tsdb_wal_truncations_failed_total{${prometheus}}`, 0),
      growing(`prometheus_tsdb_head_truncations_failed_total{${prometheus}}`, 0),
    ],
    labels: target("prometheus"),
    for: 15,
    lag: 2,
    end: 220,
    cases: {
      warning: [
        0,
        1,
        "18 attempts to shorten it failed on prometheus-0 in three hours: it fills the disk, and a start takes longer.",
      ],
    },
  },
  {
    alert: "PrometheusTargetsOverLimit",
    series: [
      counter(`prometheus_target_scrape_pool_exceeded_target_limit_total{${prometheus}}`, 0),
      growing(`prometheus_target_scrape_pool_exceeded_label_limits_total{${prometheus}}`, 0),
    ],
    labels: target("prometheus"),
    for: 15,
    lag: 12,
    end: 40,
    cases: {
      warning: [
        0,
        1,
        "10 times in ten minutes a job on prometheus-0 had more targets, or more labels, than it may: none of it is scraped.",
      ],
    },
  },
  {
    // A pod of `local` may have 10,000.
    alert: "PodSamplesNearLimit",
    series: [
      gauge(`scrape_samples_post_metric_relabeling{cluster="local", job="pods", namespace="shop", pod="api-0"}`, 500),
    ],
    labels: { namespace: "shop", pod: "api-0" },
    for: 15,
    cases: {
      warning: [
        8_000,
        9_000,
        "api-0 exposes 9k samples of 10000; with more its scrapes are refused whole, and it counts as down.",
      ],
    },
  },
  {
    // A tenant may have 20,000.
    alert: "LokiStreamsNearLimit",
    series: [gauge(`loki_ingester_memory_streams{${at("loki")}, tenant="t"}`, 500)],
    labels: { namespace: "o", tenant: "t" },
    for: 15,
    cases: {
      warning: [
        16_000,
        18_000,
        "The ingesters hold 18k streams of t, each once; at 20000 different ones Loki refuses lines of new ones. The limit is 16000.",
      ],
    },
  },
  increaseOf("LokiCheckpointFails", "loki", "loki_ingester_checkpoint_creations_failed_total", {
    for: 0,
    lag: 2,
    end: 100,
    cases: { warning: [0, 1, "3 checkpoints failed on loki-0 in an hour: its volume fills, a start takes longer."] },
  }),
];
