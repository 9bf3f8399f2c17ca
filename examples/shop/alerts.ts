import { levels, slo, ticket, type Alert, type Objectives } from "../../alerts";
import { ownLevels, quantity, rate, sum, type Thresholds } from "../../signals";
import { orders, shop } from "./metrics";
import { shopThresholds } from "./thresholds";

const perShop = ["cluster", "service_name"] as const;
const all = sum(orders.rate).by(...perShop);
/** A shop in which no order ever failed has no series of failures: 0, not unknown. */
const failed = sum(orders.rate.where({ outcome: "failed" }))
  .by(...perShop)
  .or(all.times(0));
const common = { team: "shop", component: "orders", dashboard: "shop", runbook: "ShopOrders" } as const;

/** Alerts of the shop; `promtool test rules` in alerts.test.yaml says when each fires. */
export function shopAlerts(thresholds: Thresholds): Alert[] {
  const { failedOrders, orderTime } = ownLevels(shopThresholds, thresholds);
  return [
    levels({
      ...common,
      name: "ShopOrdersFail",
      value: failed.dividedBy(all),
      above: ticket(failedOrders),
      for: { info: "10m", warning: "5m" },
      summary: ({ service_name }) => `Orders of ${service_name} fail.`,
      description: ({ service_name }, value) => `${value} of the orders of ${service_name} fail.`,
    }),
    levels({
      ...common,
      name: "ShopOrdersSlow",
      value: orders.durationP95,
      above: ticket(orderTime),
      for: "10m",
      summary: ({ service_name }) => `Orders of ${service_name} are slow.`,
      description: (_labels, value) => `One order of twenty takes ${value} or more.`,
    }),
  ];
}

const ended = (window: string) => sum(rate(shop.shop_orders_total.over(window))).by(...perShop);

/** 99 of 100 orders are to succeed, over the period of the environment. */
export const shopObjectives: Objectives = (_thresholds, { alerting: { objectivePeriod } }) => [
  slo(
    {
      name: "shop-orders",
      alert: "ShopOrderBudget",
      team: "shop",
      component: "orders",
      of: "orders that succeed",
      events: "orders",
      objective: quantity(0.99, "ratio"),
      bad: (window) =>
        sum(rate(shop.shop_orders_total.where({ outcome: "failed" }).over(window)))
          .by(...perShop)
          .or(ended(window).times(0)),
      total: ended,
      labels: perShop,
      dashboard: "shop",
      runbook: "ShopOrders",
      traffic: { alert: "ShopOrdersGone" },
    },
    objectivePeriod,
  ),
];
