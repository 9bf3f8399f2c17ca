import { alertingRules } from "./alerting-rules";
import { capacityRules } from "./capacity-rules";
import { at, missingSecret, type Fault } from "./faults";
import { retentionRules } from "./retention-rules";
import type { Rule } from "./rule";
import type { Environment } from "./schema";
import { topologyRules } from "./topology-rules";

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

const inClusterStorageOnlyLocal: Rule = ({ storage, profile, systems }) => {
  const faults: Fault[] = [];
  if (storage.kind === "in-cluster" && profile === "prod") {
    faults.push({
      key: at("storage.kind"),
      value: "in-cluster",
      reason: "one S3 server on one volume does not keep prod's data",
      fix: "aws",
    });
  }
  if (systems.versitygw.existingUrl !== undefined) {
    faults.push({
      key: at("systems.versitygw.existingUrl"),
      value: systems.versitygw.existingUrl,
      reason: "an S3 server that exists has keys of its own, which Loki and Tempo would not know",
      fix: "take it away; for buckets elsewhere use storage.kind aws",
    });
  }
  if (systems.phoenix.existingUrl !== undefined) {
    faults.push({
      key: at("systems.phoenix.existingUrl"),
      value: systems.phoenix.existingUrl,
      reason: "the stack asks nothing of its demo application: there is no use for one that exists",
      fix: "take it away; systems.phoenix.enabled: false deploys none",
    });
  }
  if (storage.kind === "in-cluster" && !systems.versitygw.enabled) {
    faults.push({
      key: at("systems.versitygw.enabled"),
      value: "false",
      reason: "storage.kind is in-cluster",
      fix: "true, or storage.kind aws",
    });
  }
  return faults;
};

const grafanaDoor: Rule = ({ grafana, secrets, profile }) => {
  const named = {
    adminPasswordSecret: grafana.adminPasswordSecret,
    "database.passwordSecret": grafana.database?.passwordSecret,
  };
  const faults = Object.entries(named).flatMap(([key, value]): Fault[] =>
    value === undefined || secrets.includes(value) ? [] : [missingSecret(`grafana.${key}`, value)],
  );
  if (grafana.anonymous && profile === "prod") {
    faults.push({
      key: at("grafana.anonymous"),
      value: "true",
      reason: "prod's dashboards would be open to everyone",
      fix: "false",
    });
  }
  return faults;
};

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

const rules: readonly Rule[] = [
  ...retentionRules,
  awsGiven,
  inClusterStorageOnlyLocal,
  ...alertingRules,
  grafanaDoor,
  ...topologyRules,
  hosts,
  tenantIsNoIndex,
  distinctBuckets,
  namesFit,
  ...capacityRules,
];

/** Every fault between keys, in the order of the rules. */
export function crossChecks(environment: Environment): Fault[] {
  return rules.flatMap((rule) => rule(environment));
}
