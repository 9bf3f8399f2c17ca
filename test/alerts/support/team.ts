import path from "node:path";
import { stringify } from "yaml";
import { alertingFaults } from "../../../alerts";
import { EnvironmentError, type Environment } from "../../../environment";
import { stackEnvironment } from "../../../stacks";
import { parseEnvironment } from "../../../stacks/environment";

/** Folder of the project, which the paths of the example are relative to. */
export const root = path.join(__dirname, "../../..");

/** What a stack file says of the example's rules. */
export const shop = {
  folder: "examples/rules/shop",
  metrics: { shop_orders_total: ["outcome"], shop_order_duration_seconds: [] },
  logFields: ["provider"],
};

/** An environment with the example's rules. */
export const withShop = (more: Readonly<Record<string, unknown>> = {}, alerting: object = {}): Environment =>
  stackEnvironment("local", { ...more, alerting: { rules: { shop }, ...alerting } }, { root });

/** A rule that nothing is wrong with. */
export const sound = {
  alert: "ShopOrdersFail",
  expr: "sum by (cluster, service_name) (rate(shop_orders_total[5m])) > 1",
  labels: { severity: "warning", team: "shop" },
  annotations: {
    summary: "Orders of {{ $labels.service_name }} fail.",
    description: "{{ $value | humanize }} orders.",
    runbook_url: "https://runbooks.example.com/shop",
  },
};

export const fileOf = (...rules: readonly object[]) => stringify({ groups: [{ name: "orders", rules }] });

/** What is wrong with rule files of the team "shop": `place = value: reason; fix`, the folder left out. */
export function faultsIn(
  files: Readonly<Record<string, string>>,
  more: Readonly<Record<string, unknown>> = {},
): string[] {
  const rules = { shop: { ...shop, folder: "rules" }, ...(more["teams"] as object | undefined) };
  const texts = { shop: files, ...(more["ruleFiles"] as Record<string, Record<string, string>> | undefined) };
  try {
    parseEnvironment(
      "local",
      { alerting: { rules }, ...(more["values"] as object | undefined) },
      alertingFaults,
      texts,
    );
    return [];
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    return error.faults.map(({ key, value, reason, fix }) =>
      `${key.replace("rules/", "")}${value === undefined ? "" : ` = ${value}`}: ${reason}`.concat(
        fix === undefined ? "" : `; ${fix}`,
      ),
    );
  }
}
