import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Pack } from "../../environment";
import { shopAlerts, shopObjectives } from "./alerts";
import { orderRules, orders, shop } from "./metrics";
import { shopPage } from "./page";
import { shopThresholds } from "./thresholds";

/**
 * A team's own pack, to copy: `cp -r examples/shop packs/shop`, and in `Pulumi.<env>.yaml`
 * `observability:packs: [hosts, application, phoenix, kubernetes, shop]`.
 */
export const shopPack: Pack = {
  name: "shop",
  metrics: [shop, orders],
  recorded: orderRules,
  thresholds: shopThresholds,
  pages: [{ page: () => shopPage }],
  alerts: [{ name: "shop", alerts: (_environment, thresholds) => shopAlerts(thresholds) }],
  objectives: shopObjectives,
  runbooks: { ShopOrders: readFileSync(join(__dirname, "runbooks", "ShopOrders.md"), "utf8") },
};
