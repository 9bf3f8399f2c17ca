import { counter, histogram, histogramQuantile, rate, record, ruleGroup, source, sum } from "../../signals";

/** What the shop emits by OTLP: each series also has the labels that the gateway adds. */
export const shop = source(
  {
    name: "shop",
    jobs: [],
    targetLabels: ["cluster", "service_name", "service_namespace", "deployment_environment_name"],
  },
  {
    shop_orders_total: counter("count", ["outcome"], "Orders that ended, by outcome: done or failed"),
    shop_order_duration_seconds: histogram("seconds", [], "Time from the click to the confirmation"),
  },
);

const perShop = ["cluster", "service_name"] as const;

/** Recorded, since pages and alerts read it over long ranges. */
export const orders = {
  rate: record(
    "shop:orders:rate5m",
    "Orders that end each second, by outcome",
    sum(rate(shop.shop_orders_total.over("5m"))).by(...perShop, "outcome"),
  ),
  durationP95: record(
    "shop:order_duration_seconds:p95_5m",
    "Time in which 95 % of the orders are confirmed",
    histogramQuantile(0.95, sum(rate(shop.shop_order_duration_seconds.buckets.over("5m"))).by(...perShop, "le")),
  ),
} as const;

export const orderRules = [ruleGroup("orders", "30s", Object.values(orders))];
