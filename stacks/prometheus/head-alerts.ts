import { increase } from "../../signals";
import { alert, type Alert } from "../../alerts/language";
import { prometheus as p } from "./metrics";

const component = "prometheus";
const dashboard = "prometheus";

/** What Prometheus can't let go of, and what it may not take. */
export const headAlerts = (): Alert[] => [
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
