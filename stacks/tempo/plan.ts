import { type Environment } from "../../environment";
import { dnsFlows, workloadEnd, type Files, type Flow, type WorkloadArgs } from "../kubernetes";
import { flowsToStorage, flowTo } from "../reach";
import { s3Credentials } from "../shared";
import { serviceAccountAnnotations, type StoragePlan } from "../storage/plan";
import { image, yaml, type SystemPlan } from "../system";
import { configPath, endSeconds, hasTenants, tempoConfig, tempoTenants, tenantsFile } from "./config";
import { distributedTempo, fromApplications, receivingPorts } from "./distributed";
import { httpPort } from "./settings";

/** Tempo, in one piece (Tempo 3 alone, or 2.x with replicas that share a ring), or with its parts apart. */
export function planTempo(environment: Environment, storage: StoragePlan): SystemPlan {
  const { image: reference, version } = image(
    environment,
    environment.tempo.majorVersion === "3" ? "tempo" : "tempo-2",
  );
  const settings = environment.systems.tempo;
  const { namespace } = environment;
  const highlyAvailable = settings.replicas > 1;
  const config = {
    "tempo.yaml": yaml(tempoConfig(environment, storage)),
    ...(hasTenants(environment) ? { [tenantsFile]: yaml(tempoTenants(environment)) } : {}),
  };
  const files: Files[] = [{ name: "tempo-config", mountPath: configPath, files: config, mode: "immutable" }];
  const plan = { name: "tempo", version, secrets: [], config } as const;
  if (settings.mode === "distributed") return { ...plan, ...distributedTempo(environment, files) };
  const args: WorkloadArgs = {
    system: "tempo",
    component: "server",
    kind: "StatefulSet",
    namespace,
    image: reference,
    version,
    args: [
      `-config.file=${configPath}/tempo.yaml`,
      `-target=${environment.tempo.majorVersion === "2" && highlyAvailable ? "scalable-single-binary" : "all"}`,
    ],
    env: s3Credentials(environment),
    ports: {
      http: { port: httpPort },
      grpc: { port: 9095 },
      ...receivingPorts(environment),
      ...(highlyAvailable ? { gossip: { port: 7946 } } : {}),
    },
    readiness: { path: "/ready", port: "http" },
    liveness: { path: "/api/status/buildinfo", port: "http" },
    startupSeconds: 300,
    replicas: settings.replicas,
    resources: settings.resources,
    goMemoryShare: 0.9,
    user: 10001,
    ...(settings.volume ? { volume: { mountPath: "/var/tempo", size: settings.volume } } : {}),
    scratch: ["/tmp"],
    files,
    serviceAccountAnnotations: serviceAccountAnnotations(environment, "tempo"),
    gracePeriod: endSeconds,
  };
  const self = workloadEnd(args);
  const peers: Flow[] = highlyAvailable
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
    flows: [
      ...flowsToStorage(environment, self),
      ...flowTo(environment, self, "prometheus", "span metrics and service graphs, with exemplars"),
      ...fromApplications(environment, self),
      ...peers,
      ...dnsFlows(self),
    ],
    scrapeJobs: [{ job: "tempo", namespace, system: "tempo", component: "server", port: "http", number: httpPort }],
  };
}
