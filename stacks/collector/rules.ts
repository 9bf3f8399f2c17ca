import { faultAt, type Rule } from "../../environment/rule";

const gatewayBounds: Rule = ({ systems }) => {
  const { autoscaling } = systems.collector;
  if (autoscaling === undefined || autoscaling.minReplicas <= autoscaling.maxReplicas) return [];
  const reason = `more than maxReplicas (${autoscaling.maxReplicas})`;
  const fix = `at most ${autoscaling.maxReplicas}`;
  return [faultAt("systems.collector.autoscaling.minReplicas", autoscaling.minReplicas, reason, fix)];
};

/** What must hold of its keys. */
export const rules: readonly Rule[] = [gatewayBounds];
