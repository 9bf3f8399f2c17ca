import { increase, max, quantity } from "../../signals";
import { scrape } from "../../signals/sources/scrape";
import { alert, type Alert } from "../../alerts/language";
import { prometheus as p } from "./metrics";
import { annotatedPods } from "./scrape";

const component = "prometheus";
const dashboard = "prometheus";

/** Share of what a scrape may bring from which on its pod is named, before all that it brings is refused. */
const nearly = 0.8;

/**
 * What Prometheus can't let go of, and what it may not take.
 * @param sampleLimit samples that one scrape of an annotated pod may bring; 0 is no limit
 */
export const headAlerts = (sampleLimit: number): Alert[] => [
  ...(sampleLimit === 0 ? [] : [podSamplesNearLimit(sampleLimit)]),
  alert({
    name: "PrometheusWalNotTruncated",
    component,
    dashboard,
    runbook: "PrometheusStorage",
    severity: "warning",
    when: increase(p.prometheus_tsdb_wal_truncations_failed_total.over("3h"))
      .plus(increase(p.prometheus_tsdb_head_truncations_failed_total.over("3h")))
      .plus(increase(p.prometheus_tsdb_checkpoint_creations_failed_total.over("3h")))
      .above(0),
    for: "15m",
    summary: ({ pod }) => `The write-ahead log of ${pod} only grows.`,
    description: ({ pod }, value) =>
      `${value} attempts to shorten it failed on ${pod} in three hours: it fills the disk, and a start takes longer.`,
  }),
  alert({
    name: "PrometheusTargetsOverLimit",
    component,
    dashboard,
    runbook: "PrometheusSamplesRejected",
    severity: "warning",
    when: increase(p.prometheus_target_scrape_pool_exceeded_target_limit_total.over("10m"))
      .plus(increase(p.prometheus_target_scrape_pool_exceeded_label_limits_total.over("10m")))
      .above(0),
    for: "15m",
    summary: ({ pod }) => `${pod} leaves whole jobs out.`,
    description: ({ pod }, value) =>
      `${value} times in ten minutes a job on ${pod} had more targets, or more labels, than it may: none of it is scraped.`,
  }),
];

const podSamplesNearLimit = (sampleLimit: number): Alert =>
  alert({
    name: "PodSamplesNearLimit",
    component,
    dashboard,
    runbook: "PrometheusSamplesRejected",
    severity: "warning",
    when: max(scrape.scrape_samples_post_metric_relabeling.where({ job: annotatedPods }))
      .by("cluster", "namespace", "pod")
      .above(quantity(nearly * sampleLimit, "samples")),
    for: "15m",
    summary: ({ namespace, pod }) => `${namespace}/${pod} exposes nearly as many samples as one target may.`,
    description: ({ pod }, value) =>
      `${pod} exposes ${value} of ${sampleLimit}; with more its scrapes are refused whole, and it counts as down.`,
  });
