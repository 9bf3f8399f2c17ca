import { isDeployed } from "../../environment/addresses";
import { at } from "../../environment/faults";
import type { Rule } from "../../environment/rule";
import { metricsStores } from "../../environment/stores";

/** Several stores get their samples from vmagent, and from no other that would have to know them. */
const vmagentFeedsStores: Rule = (environment) => {
  const { enabled, existingUrl } = environment.systems.vmagent;
  const stores = metricsStores(environment).length;
  const key = at("systems.vmagent.existingUrl");
  if (existingUrl !== undefined) {
    const reason = "a vmagent that exists does not know the stores of this stack";
    return [
      { key, value: existingUrl, reason, fix: "take it away; for metrics elsewhere use systems.victoriametrics" },
    ];
  }
  if (stores < 2 || isDeployed(environment, "vmagent")) return [];
  const reason = `retention.metrics and retention.alerts make ${stores} stores, and only our vmagent knows them`;
  return [{ key: at("systems.vmagent.enabled"), value: String(enabled), reason, fix: "true, or one tier of metrics" }];
};

/** What must hold of its keys. */
export const rules: readonly Rule[] = [vmagentFeedsStores];
