import { faultAt, singleReplica, type Rule } from "../../environment/rule";

const noneThatExists: Rule = ({ systems }) => {
  const { existingUrl } = systems.phoenix;
  if (existingUrl === undefined) return [];
  const reason = "the stack asks nothing of its demo application: there is no use for one that exists";
  const fix = "take it away; systems.phoenix.enabled: false deploys none";
  return [faultAt("systems.phoenix.existingUrl", existingUrl, reason, fix)];
};

/** What must hold of its keys. */
export const rules: readonly Rule[] = [
  noneThatExists,
  singleReplica(
    "phoenix",
    "its queue and its cache are one process each; systems.phoenix.load.plansPerSecond gives it more to do",
  ),
];
