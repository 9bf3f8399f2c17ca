import { type Environment } from "../../environment";
import { dnsFlows, workloadEnd, type Files, type Flow, type Workload, type WorkloadArgs } from "../kubernetes";
import {
  gossipFlows,
  gossipPort,
  grpcPort,
  inZones,
  partFlows,
  partJobs,
  sharedObjects,
  sized,
  type Member,
} from "../parts";
import { flowsToStorage, flowTo } from "../reach";
import { s3Credentials } from "../shared";
import { serviceAccountAnnotations } from "../storage/plan";
import { image, type SystemPlan } from "../system";
import { endSeconds, hasTenants, liveStoreZones, receiverPorts } from "./config";
import { httpPort } from "./settings";
import { tempoComponentsOf, type TempoComponent } from "./components";

/** The ports of what takes spans. */
export const receivingPorts = (environment: Environment) => ({
  "otlp-grpc": { port: receiverPorts.otlpGrpc },
  "otlp-http": { port: receiverPorts.otlpHttp },
  ...(hasTenants(environment)
    ? {}
    : { jaeger: { port: receiverPorts.jaeger }, zipkin: { port: receiverPorts.zipkin } }),
});

/** Protocols that applications send straight to Tempo, unless it has tenants: their clients name none. */
export function fromApplications(environment: Environment, to: Workload): Flow[] {
  if (hasTenants(environment)) return [];
  const flow = (port: number, why: string): Flow => ({ from: "applications", to, port, protocol: "TCP", why });
  return [
    flow(receiverPorts.jaeger, "spans of Jaeger clients (thrift over HTTP)"),
    flow(receiverPorts.zipkin, "spans of Zipkin clients"),
  ];
}

/** What keeps something on a volume, or is looked up pod by pod: those get names of their own. */
const named: readonly TempoComponent[] = [
  "ingester",
  "live-store",
  "block-builder",
  "metrics-generator",
  "backend-scheduler",
  "query-frontend",
];

/** Who asks whom over gRPC, in both lines. */
const asks: Partial<Record<TempoComponent, readonly TempoComponent[]>> = {
  distributor: ["ingester", "metrics-generator"],
  querier: ["ingester", "live-store", "metrics-generator", "query-frontend"],
  "query-frontend": ["querier"],
  "backend-worker": ["backend-scheduler"],
};

/** Who meets in Kafka, in Tempo 3. */
const streams: readonly TempoComponent[] = ["distributor", "live-store", "block-builder", "metrics-generator"];

/**
 * Tempo with its parts apart: 2.10 keeps each span on three ingesters, 3 writes it to Kafka once and reads it in two
 * zones.
 * @param files the configuration, which every part reads
 */
export function distributedTempo(
  environment: Environment,
  files: readonly Files[],
): Omit<SystemPlan, "name" | "version" | "config" | "secrets"> {
  const shared = files.map((each) => ({ ...each, shared: true }));
  const members = tempoComponentsOf[environment.tempo.majorVersion].flatMap((part) =>
    workloadsOf(environment, part, shared).map((args): Member<TempoComponent> => ({ part, args })),
  );
  const own = (part: TempoComponent) => members.filter((each) => each.part === part).map(({ args }) => args);
  const ends = (parts: readonly TempoComponent[]) => parts.flatMap(own).map(workloadEnd);
  const workloads = members.map(({ args }) => args);
  const name = environment.tempo.majorVersion === "3" ? "tempo" : "tempo-2";
  return {
    workloads,
    objects: sharedObjects(environment, name, files, serviceAccountAnnotations(environment, "tempo")),
    flows: [
      ...members
        .filter(({ part }) => part !== "distributor")
        .flatMap(({ args }) => flowsToStorage(environment, workloadEnd(args))),
      ...ends(["metrics-generator"]).flatMap((end) =>
        flowTo(environment, end, "prometheus", "span metrics and service graphs, with exemplars"),
      ),
      ...ends(["distributor"]).flatMap((end) => fromApplications(environment, end)),
      ...(environment.tempo.majorVersion === "3" ? kafkaFlows(environment, ends(streams)) : []),
      ...partFlows(members, asks, grpcPort, "one part asks another"),
      ...gossipFlows(workloads),
      ...workloads.flatMap((args) => dnsFlows(workloadEnd(args))),
    ],
    scrapeJobs: partJobs("tempo", workloads, httpPort),
  };
}

function kafkaFlows({ tempo }: Environment, ends: readonly Workload[]): Flow[] {
  const port = Number(tempo.kafka?.address.split(":")[1]);
  return ends.map((from) => ({ from, to: "existing", port, protocol: "TCP", why: "spans through Kafka" }));
}

function workloadsOf(environment: Environment, part: TempoComponent, files: readonly Files[]): WorkloadArgs[] {
  const { image: reference, version } = image(
    environment,
    environment.tempo.majorVersion === "3" ? "tempo" : "tempo-2",
  );
  const settings = environment.systems.tempo.components[part];
  const keeps = settings.volume !== undefined && named.includes(part);
  const args: WorkloadArgs = {
    system: "tempo",
    component: part,
    kind: named.includes(part) ? "StatefulSet" : "Deployment",
    namespace: environment.namespace,
    image: reference,
    version,
    args: ["-config.file=/etc/tempo/tempo.yaml", `-target=${part}`],
    env: s3Credentials(environment),
    ports: {
      http: { port: httpPort },
      grpc: { port: grpcPort },
      ...(part === "distributor" ? receivingPorts(environment) : {}),
      gossip: { port: gossipPort },
    },
    readiness: { path: "/ready", port: "http" },
    liveness: { path: "/api/status/buildinfo", port: "http" },
    startupSeconds: 300,
    ...sized(settings, keeps ? "/var/tempo" : undefined),
    goMemoryShare: 0.9,
    user: 10001,
    scratch: keeps ? ["/tmp"] : ["/tmp", "/var/tempo"],
    files,
    account: "tempo",
    gracePeriod: part === "query-frontend" ? endSeconds : 300,
  };
  if (part !== "live-store") return [args];
  const zones = liveStoreZones.map((name, index) => {
    const zone = environment.zones[index];
    return { name, ...(zone === undefined ? {} : { zone }) };
  });
  return inZones(args, zones, (zone) => [`-live-store.instance-availability-zone=${zone}`]);
}
