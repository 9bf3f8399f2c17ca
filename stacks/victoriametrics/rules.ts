import { isDeployed } from "../../environment/addresses";
import { at } from "../../environment/faults";
import { metricsKept } from "../../environment/retention";
import { faultAt, keptAtLeast, type Rule } from "../../environment/rule";
import { sizingRequest } from "../../environment/sizing/request";
import { tooMuchForOne } from "./sizing";

const longEnough = keptAtLeast("1d", "VictoriaMetrics refuses less than a day", ({ metrics, alerts }) => ({
  ...Object.fromEntries(metrics.map(({ keep }, index) => [`metrics[${index}].keep`, keep])),
  alerts,
}));

const victoriametricsCopies: Rule = ({ systems }) => {
  const { mode, replicas, replicationFactor, components } = systems.victoriametrics;
  if (mode === "single") {
    if (replicas <= 3) return [];
    const reason = "each single node holds every sample: more than three only cost";
    return [faultAt("systems.victoriametrics.replicas", replicas, reason, "2, or mode: cluster")];
  }
  const nodes = components.vmstorage.replicas;
  const wanted = 2 * replicationFactor - 1;
  if (nodes >= wanted) return [];
  const reason = `${replicationFactor} copies want at least ${wanted} storage nodes: with fewer, the loss of one stops writes or hides samples`;
  const key = "systems.victoriametrics.components.vmstorage.replicas";
  return [faultAt(key, nodes, reason, `at least ${wanted}, or a smaller replicationFactor`)];
};

/** Only the longest tier of metrics can be several servers. */
const tiersFitServers: Rule = (environment) =>
  isDeployed(environment, "victoriametrics")
    ? tooMuchForOne(sizingRequest(environment, environment)).map(({ name, why }) => ({
        key: at("retention.metrics"),
        value: name,
        reason: `this tier is one server, and would need more than one is: ${why}; only the longest tier can be a cluster`,
        fix: `one tier, for example "${metricsKept(environment).toString()}"`,
      }))
    : [];

/** What must hold of its keys. */
export const rules: readonly Rule[] = [longEnough, victoriametricsCopies, tiersFitServers];
