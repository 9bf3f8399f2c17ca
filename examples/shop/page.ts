import { selected, cluster, here, page, query, rising, row, stat, timeSeries, variable } from "../../dashboards";
import { sum } from "../../signals";
import { orders, shop } from "./metrics";
import { shopThresholds } from "./thresholds";

const service = variable("service", shop.shop_orders_total.where(here), "service_name");
const ofShop = { ...here, service_name: selected("service") } as const;
const all = sum(orders.rate.where(ofShop));
const failed = sum(orders.rate.where({ ...ofShop, outcome: "failed" }));

/** The shop's page. */
export const shopPage = page(shopThresholds, ({ failedOrders, orderTime }) => ({
  uid: "shop",
  title: "Shop",
  description: "Orders of the shop: how many, how many fail, how long they take.",
  folder: "Shop",
  variables: [cluster, service],
  rows: [
    row("Orders", [
      stat("Orders", "Orders that end each second.", query(all, "orders")),
      stat(
        "Failed orders",
        "Share of orders that fail. At the red line somebody is paged.",
        query(failed.or(all.times(0)).dividedBy(all), "failed"),
        { thresholds: rising(failedOrders) },
      ),
      timeSeries("Orders by outcome", "A drop of all lines at once is the shop, of one of them its payment provider.", [
        query(sum(orders.rate.where(ofShop)).by("outcome"), "{{outcome}}"),
      ]),
      timeSeries(
        "Time to confirm, p95",
        "What one order of twenty takes at least. Above the line customers leave.",
        [query(orders.durationP95.where(ofShop), "{{service_name}}")],
        { thresholds: rising(orderTime) },
      ),
    ]),
  ],
}));
