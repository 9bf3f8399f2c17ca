import { type Environment } from "../../environment";
import { dnsFlows, workloadEnd, type Flow, type WorkloadArgs } from "../kubernetes";
import { flowsToStorage } from "../reach";
import { s3Credentials } from "../shared";
import { serviceAccountAnnotations, type StoragePlan } from "../storage/plan";
import { image, yaml, type SystemPlan } from "../system";
import { lokiConfig } from "./config";
import { distributedLoki } from "./distributed";
import { rulerFlows } from "./ruler";
import { httpPort } from "./settings";

/**
 * Loki, in one piece or with its parts apart; each line is kept on as many replicas as `loki.replicationFactor` says.
 * @param rules rule files of the tenant, by name, as YAML text
 */
export function planLoki(
  environment: Environment,
  storage: StoragePlan,
  rules: Readonly<Record<string, string>>,
): SystemPlan {
  const { image: reference, version } = image(environment, "loki");
  const settings = environment.systems.loki;
  const { namespace } = environment;
  const config = { "loki.yaml": yaml(lokiConfig(environment, storage)) };
  const plan = {
    name: "loki",
    version,
    secrets: [],
    config: { ...config, ...Object.fromEntries(Object.entries(rules).map(([name, text]) => [`rules/${name}`, text])) },
  } as const;
  const files: WorkloadArgs["files"] = [
    { name: "loki-config", mountPath: "/etc/loki/config", files: config, mode: "immutable" },
    // Loki's ruler reads `<directory>/<tenant>/<file>` anew every minute.
    { name: "loki-rules", mountPath: `/etc/loki/rules/${environment.tenant}`, files: rules, mode: "reloaded" },
  ];
  if (settings.mode === "distributed") return { ...plan, ...distributedLoki(environment, files) };
  const args: WorkloadArgs = {
    system: "loki",
    component: "server",
    kind: "StatefulSet",
    namespace,
    image: reference,
    version,
    args: ["-config.file=/etc/loki/config/loki.yaml", "-target=all"],
    env: s3Credentials(environment),
    ports: {
      http: { port: httpPort },
      grpc: { port: 9095 },
      ...(settings.replicas > 1 ? { gossip: { port: 7946 } } : {}),
    },
    readiness: { path: "/ready", port: "http" },
    liveness: { path: "/loki/api/v1/status/buildinfo", port: "http" },
    startupSeconds: 300,
    replicas: settings.replicas,
    resources: settings.resources,
    goMemoryShare: 0.9,
    user: 10001,
    ...(settings.volume ? { volume: { mountPath: "/loki", size: settings.volume } } : {}),
    scratch: ["/tmp"],
    files,
    serviceAccountAnnotations: serviceAccountAnnotations(environment, "loki"),
    gracePeriod: 300,
  };
  const self = workloadEnd(args);
  const peers: Flow[] =
    settings.replicas > 1
      ? (
          [
            ["TCP", 9095, "one replica asks another"],
            ["TCP", 7946, "gossip"],
          ] as const
        ).map(([protocol, port, why]) => ({ from: self, to: self, port, protocol, why }))
      : [];
  return {
    ...plan,
    workloads: [args],
    objects: [],
    flows: [...flowsToStorage(environment, self), ...rulerFlows(environment, self), ...peers, ...dnsFlows(self)],
    scrapeJobs: [{ job: "loki", namespace, system: "loki", component: "server", port: "http", number: httpPort }],
  };
}
