import { faultAt, singleReplica, type Rule } from "../../environment/rule";

const keysOfItsOwn: Rule = ({ systems }) => {
  const { existingUrl } = systems.versitygw;
  if (existingUrl === undefined) return [];
  const reason = "an S3 server that exists has keys of its own, which Loki and Tempo would not know";
  const fix = "take it away; for buckets elsewhere use storage.kind aws";
  return [faultAt("systems.versitygw.existingUrl", existingUrl, reason, fix)];
};

const neededInCluster: Rule = ({ storage, systems }) =>
  storage.kind === "in-cluster" && !systems.versitygw.enabled
    ? [faultAt("systems.versitygw.enabled", "false", "storage.kind is in-cluster", "true, or storage.kind aws")]
    : [];

/** What must hold of its keys. */
export const rules: readonly Rule[] = [
  keysOfItsOwn,
  neededInCluster,
  singleReplica("versitygw", "one volume has one server; use storage.kind aws"),
];
