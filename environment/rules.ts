import { alertingRules } from "./alerting-rules";
import { capacityRules } from "./capacity-rules";
import { at, type Fault } from "./faults";
import { retentionRules } from "./retention-rules";
import { faultAt, type Rule } from "./rule";
import type { Environment } from "./schema";

const awsGiven: Rule = ({ storage, aws, name }) => {
  if (storage.kind !== "aws" || aws !== undefined) return [];
  return [
    {
      key: at("aws"),
      reason: "is missing: buckets need a region, an account and how pods get their roles",
      fix: `in Pulumi.${name}.yaml: observability:aws: {region: us-west-2, account: "123456789012", identity: {kind: pod-identity}}`,
    },
  ];
};

const inClusterStorageOnlyLocal: Rule = ({ storage, profile }) =>
  storage.kind === "in-cluster" && profile === "prod"
    ? [faultAt("storage.kind", "in-cluster", "one S3 server on one volume does not keep prod's data", "aws")]
    : [];

const distinctZones: Rule = ({ zones }) =>
  zones.flatMap((zone, index) =>
    zones.indexOf(zone) === index ? [] : [faultAt(`zones[${index}]`, zone, "stands here twice", "take one away")],
  );

const hosts: Rule = ({ exposure, domain }) =>
  domain === undefined && exposure.hosts.grafana !== undefined
    ? [
        {
          key: at("exposure.hosts"),
          value: exposure.hosts.grafana,
          reason: "without a domain nothing is exposed",
          fix: "set observability:domain too",
        },
      ]
    : [];

const distinctBuckets: Rule = ({ storage }) => {
  const { logs, traces } = { ...storage.buckets, ...storage.existingBuckets };
  return logs !== undefined && logs === traces
    ? [
        {
          key: at("storage.buckets"),
          value: logs,
          reason: "logs and traces in one bucket share one lifecycle",
          fix: "two buckets",
        },
      ]
    : [];
};

/** Names that follow from the cluster's name have to fit where they go: 63 characters for a bucket, 64 for a role. */
const namesFit: Rule = ({ cluster, namespace, storage, aws, alerting }) => {
  const account = storage.kind === "aws" && aws !== undefined ? `${aws.account}-` : "";
  const buckets = (["logs", "traces"] as const).flatMap((content): Fault[] => {
    const name = storage.existingBuckets[content] ?? storage.buckets[content] ?? `${account}${cluster}-${content}`;
    const reason = `the bucket for ${content} would be called ${name}: ${name.length} characters, S3 takes 63`;
    return name.length > 63
      ? [{ key: at("cluster"), value: cluster, reason, fix: `a shorter name, or storage.buckets.${content}` }]
      : [];
  });
  const longest = alerting.receivers.some(({ kind }) => kind === "sms") ? "alertmanager" : "tempo";
  const role = `${cluster}-${namespace}-${longest}`;
  const reason = `a role would be called ${role}: ${role.length} characters, IAM takes 64`;
  const roles =
    storage.kind === "aws" && role.length > 64
      ? [{ key: at("cluster"), value: cluster, reason, fix: "a shorter name" }]
      : [];
  return [...buckets, ...roles];
};

const common: readonly Rule[] = [
  ...retentionRules,
  awsGiven,
  inClusterStorageOnlyLocal,
  ...alertingRules,
  distinctZones,
  hosts,
  distinctBuckets,
  namesFit,
  ...capacityRules,
];

/** Every fault between keys: of those that span systems first, then of each system. */
export function crossChecks(environment: Environment): Fault[] {
  const { systems } = environment.composition;
  return [...common, ...systems.flatMap(({ rules }) => rules ?? [])].flatMap((rule) => rule(environment));
}
