import type { Fault } from "./faults";
import type { Environment } from "./schema";
import { Duration } from "./units";

/** What must hold between keys. Each rule gives its faults; none of them stops the others from speaking. */
type Rule = (environment: Environment) => Fault[];

const at = (key: string) => `observability:${key}`;

/** The shortest retention each server takes, from its own documentation and start-up checks. */
const minimumRetention = {
  prometheus: ["2h", "Prometheus keeps at least one two-hour block"],
  metrics: ["1d", "VictoriaMetrics refuses less than a day"],
  logs: ["24h", "Loki's index has one table a day: nothing goes before it is that old"],
  traces: ["1h", "Tempo's blocks are up to half an hour long"],
} as const;

const retentionMinimums: Rule = ({ retention }) =>
  Object.entries(minimumRetention).flatMap(([name, [minimum, why]]) => {
    const value = retention[name as keyof typeof minimumRetention];
    const fault = { key: at(`retention.${name}`), value: value.toString(), reason: why, fix: `at least ${minimum}` };
    return value.seconds < Duration.parse(minimum).seconds ? [fault] : [];
  });

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

const receivers: Rule = ({ alerting, profile, stages, secrets }) => {
  const faults: Fault[] = [];
  const names = alerting.receivers.map(({ name }) => name);
  if (profile === "prod" && stages.includes("alerts") && names.length === 0) {
    faults.push({
      key: at("alerting.receivers"),
      value: "[]",
      reason: "prod has nobody to tell: no alert would reach a person",
      fix: 'add one, for example {kind: slack, name: oncall, channel: "#alerts", urlSecret: slackUrl}',
    });
  }
  for (const key of ["defaultReceiver", "watchdogReceiver"] as const) {
    const wanted = alerting[key];
    if (wanted !== undefined && !names.includes(wanted)) {
      faults.push({
        key: at(`alerting.${key}`),
        value: wanted,
        reason: "no receiver has this name",
        fix: `one of ${names.join(", ") || "(none)"}`,
      });
    }
  }
  names.forEach((name, index) => {
    if (names.indexOf(name) !== index)
      faults.push({
        key: at(`alerting.receivers[${index}].name`),
        value: name,
        reason: "two receivers have one name",
        fix: "a name of its own",
      });
  });
  alerting.receivers.forEach((receiver, index) => {
    const key = at(`alerting.receivers[${index}]`);
    if (receiver.kind === "webhook" && (receiver.url === undefined) === (receiver.urlSecret === undefined)) {
      const fix = receiver.url === undefined ? "add url, or urlSecret when it is secret" : "take one of them away";
      faults.push({ key, value: receiver.name, reason: "a webhook needs either url or urlSecret", fix });
    }
    for (const [field, secret] of Object.entries(receiver)) {
      if (!field.endsWith("Secret") || secret === undefined || secrets.includes(secret)) continue;
      faults.push({
        key: `${key}.${field}`,
        value: secret,
        reason: "no secret has this name",
        fix: `pulumi config set --secret --path observability:secrets.${secret} <value>`,
      });
    }
  });
  return faults;
};

const grafanaPassword: Rule = ({ grafana, secrets, profile }) => {
  const faults: Fault[] = [];
  if (grafana.adminPasswordSecret !== undefined && !secrets.includes(grafana.adminPasswordSecret)) {
    const value = grafana.adminPasswordSecret;
    faults.push({
      key: at("grafana.adminPasswordSecret"),
      value,
      reason: "no secret has this name",
      fix: `pulumi config set --secret --path observability:secrets.${value} <value>`,
    });
  }
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

const tempoReplicas: Rule = ({ tempo, systems }) => {
  const { replicas } = systems.tempo;
  const fault = (reason: string, fix: string): Fault[] => [
    { key: at("systems.tempo.replicas"), value: String(replicas), reason, fix },
  ];
  if (tempo.dialect === "3" && replicas > 1) {
    return fault(
      "Tempo 3 with more than one replica needs Kafka, which this stack does not deploy",
      'tempo.dialect: "2" (2.10 is highly available without Kafka), or 1 replica',
    );
  }
  // Spans are kept as often as there are replicas, three times at most, and a majority has to take them.
  return replicas === 2 ? fault("of two replicas both must answer: the loss of one stops all writes", "3, or 1") : [];
};

const lokiQuorum: Rule = ({ loki, systems, profile }) => {
  const faults: Fault[] = [];
  const factor = loki.replicationFactor;
  if (systems.loki.replicas < factor) {
    faults.push({
      key: at("systems.loki.replicas"),
      value: String(systems.loki.replicas),
      reason: `fewer replicas than loki.replicationFactor (${factor}) can't keep every line ${factor} times`,
      fix: `at least ${factor}`,
    });
  }
  if (factor < 3 && profile !== "local") {
    faults.push({
      key: at("loki.replicationFactor"),
      value: String(factor),
      reason: "a lost pod would lose accepted lines",
      fix: "3 (1 only in local)",
    });
  }
  return faults;
};

/** Systems whose replicas know nothing of each other, and what to do instead. */
const singles = {
  victoriametrics:
    "two single nodes would each hold half; give it more memory, or bring a cluster along by existingUrl",
  "kube-state-metrics": "each replica would report every object once more",
  versitygw: "one volume has one server; use storage.kind aws",
} as const;

const singleReplica: Rule = ({ systems }) => {
  const faults = Object.entries(singles).flatMap(([name, why]): Fault[] => {
    const { replicas } = systems[name as keyof typeof singles];
    const fault = { key: at(`systems.${name}.replicas`), value: String(replicas), reason: why, fix: "1" };
    return replicas > 1 ? [fault] : [];
  });
  const { replicas, config } = systems.grafana;
  if (replicas > 1 && config.database === undefined) {
    faults.push({
      key: at("systems.grafana.replicas"),
      value: String(replicas),
      reason: "replicas share their users and sessions only through a database",
      fix: "systems.grafana.config.database: {type: postgres, host: …}, or 1 replica",
    });
  }
  return faults;
};

const hosts: Rule = ({ exposure, domain }) => {
  const faults: Fault[] = [];
  const { grafana, otlp } = exposure.hosts;
  if (domain === undefined && (grafana ?? otlp) !== undefined) {
    faults.push({
      key: at("exposure.hosts"),
      value: [grafana, otlp].filter((host) => host !== undefined).join(", "),
      reason: "without a domain nothing is exposed",
      fix: "set observability:domain too",
    });
  }
  // A name that was not chosen follows from the domain, and can be the one that was chosen for the other.
  const names = { grafana: grafana ?? `grafana.${domain ?? ""}`, otlp: otlp ?? `otlp.${domain ?? ""}` };
  if (names.grafana === names.otlp) {
    faults.push({
      key: at("exposure.hosts"),
      value: names.grafana,
      reason: "Grafana and OTLP on one host name: requests of one would reach the other",
      fix: "two host names",
    });
  }
  return faults;
};

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
const namesFit: Rule = ({ cluster, namespace, storage, aws }) => {
  const account = storage.kind === "aws" && aws !== undefined ? `${aws.account}-` : "";
  const buckets = (["logs", "traces"] as const).flatMap((content): Fault[] => {
    const name = storage.existingBuckets[content] ?? storage.buckets[content] ?? `${account}${cluster}-${content}`;
    const reason = `the bucket for ${content} would be called ${name}: ${name.length} characters, S3 takes 63`;
    return name.length > 63
      ? [{ key: at("cluster"), value: cluster, reason, fix: `a shorter name, or storage.buckets.${content}` }]
      : [];
  });
  const role = `${cluster}-${namespace}-tempo`;
  const reason = `a role would be called ${role}: ${role.length} characters, IAM takes 64`;
  const roles =
    storage.kind === "aws" && role.length > 64
      ? [{ key: at("cluster"), value: cluster, reason, fix: "a shorter name" }]
      : [];
  return [...buckets, ...roles];
};

const rules: readonly Rule[] = [
  retentionMinimums,
  awsGiven,
  inClusterStorageOnlyLocal,
  receivers,
  grafanaPassword,
  tempoReplicas,
  lokiQuorum,
  singleReplica,
  hosts,
  distinctBuckets,
  namesFit,
];

/** Every fault between keys, in the order of the rules. */
export function crossChecks(environment: Environment): Fault[] {
  return rules.flatMap((rule) => rule(environment));
}
