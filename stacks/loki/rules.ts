import { at, type Fault } from "../../environment/faults";
import { faultAt, keptAtLeast, type Rule } from "../../environment/rule";

const longEnough = keptAtLeast(
  "24h",
  "Loki's index has one table a day: nothing goes before it is that old",
  ({ logs }) => ({
    "logs.keep": logs.keep,
    ...Object.fromEntries(logs.streams.map(({ keep }, index) => [`logs.streams[${index}].keep`, keep])),
  }),
);

const lokiQuorum: Rule = ({ loki, systems, profile, zones }) => {
  const faults: Fault[] = [];
  const factor = loki.replicationFactor;
  const { mode, replicas, components } = systems.loki;
  const distributed = mode === "distributed";
  const keepers = distributed ? components.ingester.replicas : replicas;
  if (keepers < factor) {
    const key = distributed ? "systems.loki.components.ingester.replicas" : "systems.loki.replicas";
    const reason = `fewer replicas than loki.replicationFactor (${factor}) can't keep every line ${factor} times`;
    faults.push(faultAt(key, keepers, reason, `at least ${factor}`));
  }
  if (factor < 3 && profile !== "local") {
    faults.push(
      faultAt("loki.replicationFactor", factor, "a lost pod would lose accepted lines", "3 (1 only in local)"),
    );
  }
  if (distributed && zones.length > 0 && zones.length < factor) {
    const reason = `fewer zones than loki.replicationFactor (${factor}): two copies of a line would share one`;
    faults.push(faultAt("zones", zones.join(", "), reason, `${factor} zones or more, or none: best effort`));
  }
  if (distributed && components.compactor.replicas > 1) {
    const { replicas: count } = components.compactor;
    const reason = "one compactor works at a time, a second would only wait";
    faults.push(faultAt("systems.loki.components.compactor.replicas", count, reason, "1"));
  }
  return faults;
};

/** Loki keeps its index beside the folders of tenants. */
const tenantIsNoIndex: Rule = ({ tenant }) =>
  tenant === "index"
    ? [
        {
          key: at("tenant"),
          value: tenant,
          reason: "Loki keeps its index in a folder of this name",
          fix: "another name",
        },
      ]
    : [];

/** What must hold of its keys. */
export const rules: readonly Rule[] = [longEnough, lokiQuorum, tenantIsNoIndex];
