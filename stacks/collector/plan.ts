import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  agentsNamespace,
  Bytes,
  Cpu,
  samplesTraces,
  serviceHost,
  traceTiers,
  urlOf,
  type Environment,
} from "../../environment";
import type { Port, WorkloadArgs } from "../kubernetes";
import { image, yaml, type ScrapeJob, type SystemPlan } from "../system";
import { agentConfig } from "./agent";
import { collectorFlows } from "./flows";
import { gatewayConfig } from "./gateway";
import { ports, storagePath } from "./pieces";
import { samplerConfig } from "./sampler";

/** The OpenTelemetry Collector: an agent on each node, a gateway, samplers where traces are chosen from, and the events. */
export function planCollector(environment: Environment): SystemPlan {
  const { version } = image(environment, "collector");
  const agent = agentWorkload(environment);
  const gateway = gatewayWorkload(environment);
  const sampler = samplesTraces(environment) ? [samplerWorkload(environment)] : [];
  const events = urlOf(environment, "loki") === undefined ? [] : [eventsWorkload(environment)];
  const configs = [agent, gateway, ...sampler].map(({ component, files }) => [
    `${component}.yaml`,
    files?.[0]?.files["config.yaml"] ?? "",
  ]);
  return {
    name: "collector",
    version,
    workloads: [agent, gateway, ...sampler, ...events],
    objects: [],
    secrets: [],
    config: Object.fromEntries(configs) as Record<string, string>,
    flows: collectorFlows(environment, { agent, gateway, sampler: sampler[0], events: events[0] }),
    scrapeJobs: [agent, gateway, ...sampler].map(({ component, namespace }): ScrapeJob => ({
      job: `collector-${component}`,
      namespace,
      system: "collector",
      component,
      port: "metrics",
      number: ports.metrics,
    })),
  };
}

const internalPorts: Record<string, Port> = {
  metrics: { port: ports.metrics, internal: true },
  health: { port: ports.health, internal: true },
};

/** What is the same for each of the Collector's roles. */
function base(environment: Environment, component: string, namespace: string, config: object) {
  const { image: reference, version } = image(environment, "collector");
  return {
    system: "collector",
    component,
    namespace,
    image: reference,
    version,
    args: ["--config=/etc/otelcol/config.yaml"],
    readiness: { path: "/", port: "health" },
    resources: environment.systems.collector.resources,
    goMemoryShare: 0.8,
    files: [
      {
        name: `collector-${component}-config`,
        mountPath: "/etc/otelcol",
        files: { "config.yaml": yaml(config) },
        mode: "immutable",
      },
    ],
    gracePeriod: 60,
  } as const;
}

const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });
const watchesPods = [
  { apiGroups: [""], resources: ["pods", "namespaces", "nodes"], verbs: ["get", "list", "watch"] },
  {
    apiGroups: ["apps"],
    resources: ["replicasets", "deployments", "statefulsets", "daemonsets"],
    verbs: ["get", "list", "watch"],
  },
  { apiGroups: ["batch"], resources: ["jobs", "cronjobs"], verbs: ["get", "list", "watch"] },
];

function agentWorkload(environment: Environment): WorkloadArgs {
  return {
    ...base(environment, "agent", agentsNamespace(environment), agentConfig(environment)),
    kind: "DaemonSet",
    resources: environment.systems.collector.agentResources,
    env: [field("NODE_NAME", "spec.nodeName")],
    ports: {
      "otlp-grpc": { port: ports.otlpGrpc, hostPort: ports.otlpGrpc },
      "otlp-http": { port: ports.otlpHttp, hostPort: ports.otlpHttp },
      ...internalPorts,
    },
    replicas: 1,
    user: 0,
    clusterRules: watchesPods,
    tolerations: [{ operator: "Exists" }],
    host: {
      reason: "reads the logs of all pods, which belong to root, and keeps its place in them on the node",
      paths: [
        { name: "logs", path: "/var/log/pods", mountPath: "/var/log/pods" },
        { name: "state", path: "/var/lib/observability/collector-agent", mountPath: storagePath, writable: true },
      ],
    },
  };
}

function gatewayWorkload(environment: Environment): WorkloadArgs {
  const { replicas, volume, autoscaling } = environment.systems.collector;
  return {
    ...base(environment, "gateway", environment.namespace, gatewayConfig(environment)),
    kind: "StatefulSet",
    env: [field("POD_NAME", "metadata.name")],
    ports: {
      "otlp-grpc": { port: ports.otlpGrpc },
      "otlp-http": { port: ports.otlpHttp },
      statsd: { port: ports.statsd, protocol: "UDP" },
      fluentd: { port: ports.fluentForward },
      ...(traceTiers(environment).length > 1 ? { jaeger: { port: ports.jaeger }, zipkin: { port: ports.zipkin } } : {}),
      ...internalPorts,
    },
    replicas,
    ...(autoscaling === undefined ? {} : { autoscaling }),
    user: 10001,
    ...(volume ? { volume: { mountPath: storagePath, size: volume } } : {}),
    clusterRules: watchesPods,
  };
}

function samplerWorkload(environment: Environment): WorkloadArgs {
  const { replicas, volume } = environment.systems.collector;
  return {
    ...base(environment, "sampler", environment.namespace, samplerConfig(environment)),
    kind: "StatefulSet",
    ports: { "otlp-grpc": { port: ports.otlpGrpc }, ...internalPorts },
    replicas,
    user: 10001,
    ...(volume ? { volume: { mountPath: storagePath, size: volume } } : {}),
  };
}

/** The forwarder of Kubernetes events: one, since two would send each event twice. */
function eventsWorkload(environment: Environment): WorkloadArgs {
  const { image: reference, version } = image(environment, "node");
  const account = "/var/run/secrets/kubernetes.io/serviceaccount";
  const script = readFileSync(join(__dirname, "events.mjs"), "utf8");
  return {
    system: "collector",
    component: "events",
    kind: "Deployment",
    namespace: environment.namespace,
    image: reference,
    version,
    command: ["node"],
    args: ["--max-old-space-size=48", "/app/events.mjs"],
    env: [
      { name: "KUBERNETES_API", value: "https://kubernetes.default.svc" },
      { name: "NODE_EXTRA_CA_CERTS", value: `${account}/ca.crt` },
      { name: "TOKEN_FILE", value: `${account}/token` },
      { name: "OTLP_LOGS", value: `http://${serviceHost(environment, "collector-gateway")}:${ports.otlpHttp}/v1/logs` },
      { name: "CLUSTER", value: environment.cluster },
    ],
    ports: { health: { port: 8080, internal: true } },
    readiness: { path: "/", port: "health" },
    replicas: 1,
    resources: {
      requests: { cpu: Cpu.parse("5m"), memory: Bytes.parse("48Mi") },
      limits: { memory: Bytes.parse("128Mi") },
    },
    user: 1000,
    files: [{ name: "collector-events-script", mountPath: "/app", files: { "events.mjs": script }, mode: "immutable" }],
    clusterRules: [{ apiGroups: [""], resources: ["events"], verbs: ["get", "list", "watch"] }],
    gracePeriod: 10,
  };
}
