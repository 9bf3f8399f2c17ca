import { type Environment } from "../../environment";
import { dnsFlows, workloadEnd, type Files, type Flow, type WorkloadArgs } from "../kubernetes";
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
import { flowsToStorage } from "../reach";
import { s3Credentials } from "../shared";
import { serviceAccountAnnotations } from "../storage/plan";
import { image, type SystemPlan } from "../system";
import { memcachedPort } from "./caches";
import { rulerFlows } from "./ruler";
import { httpPort } from "./settings";
import type { LokiComponent } from "./components";

type Cache = "chunks-cache" | "results-cache";
type Server = Exclude<LokiComponent, Cache>;

/** The parts that are Loki itself, and whether each keeps something on a volume. */
const keeps: Readonly<Record<Server, boolean>> = {
  distributor: false,
  ingester: true,
  "pattern-ingester": true,
  querier: false,
  "query-frontend": false,
  "query-scheduler": false,
  "index-gateway": true,
  compactor: true,
  ruler: true,
};

/** Who asks whom over gRPC. */
const asks: Partial<Record<LokiComponent, readonly LokiComponent[]>> = {
  distributor: ["ingester", "pattern-ingester"],
  ingester: ["index-gateway", "compactor"],
  "pattern-ingester": ["distributor"],
  querier: ["ingester", "pattern-ingester", "index-gateway", "query-scheduler", "query-frontend", "compactor"],
  "query-frontend": ["query-scheduler", "index-gateway", "compactor"],
  "query-scheduler": ["query-frontend"],
  ruler: ["ruler", "ingester", "index-gateway", "compactor"],
};

/** Who reads and writes objects in S3. */
const stores: readonly Server[] = ["ingester", "querier", "index-gateway", "compactor", "ruler"];

/** Who reads and fills each cache. */
const cachesOf: Readonly<Record<Cache, readonly Server[]>> = {
  "chunks-cache": ["ingester", "querier", "ruler"],
  "results-cache": ["query-frontend"],
};

/**
 * Loki with its parts apart. With as many zones as copies of a line, the ingesters of each zone are a workload of their
 * own, so that each copy lies in another zone.
 * @param files configuration and rules, which every part reads
 */
export function distributedLoki(
  environment: Environment,
  files: readonly Files[],
): Omit<SystemPlan, "name" | "version" | "config" | "secrets"> {
  const shared = files.map((each) => ({ ...each, shared: true }));
  const servers = (Object.keys(keeps) as Server[]).flatMap((component) =>
    workloadsOf(environment, component, shared).map((args): Member<LokiComponent> => ({ part: component, args })),
  );
  const caches = (Object.keys(cachesOf) as Cache[]).map((component): Member<LokiComponent> => ({
    part: component,
    args: cacheWorkload(environment, component),
  }));
  const all = [...servers, ...caches];
  const own = (component: Server) => servers.filter((each) => each.part === component);
  const fromStores = stores.flatMap(own).map(({ args }) => workloadEnd(args));
  return {
    workloads: all.map(({ args }) => args),
    objects: sharedObjects(environment, "loki", files, serviceAccountAnnotations(environment, "loki")),
    flows: [
      ...fromStores.flatMap((from) => flowsToStorage(environment, from)),
      ...own("ruler").flatMap(({ args }) => rulerFlows(environment, workloadEnd(args))),
      ...partFlows(servers, asks, grpcPort, "one part asks another"),
      ...partFlows(servers, { "query-frontend": ["querier"] }, httpPort, "passes live tails on"),
      ...(Object.entries(cachesOf) as [Cache, readonly Server[]][]).flatMap(([cache, users]) =>
        partFlows(all, Object.fromEntries(users.map((user) => [user, [cache]])), memcachedPort, "what was read before"),
      ),
      ...gossipFlows(servers.map(({ args }) => args)),
      ...servers.flatMap(({ args }): Flow[] => dnsFlows(workloadEnd(args))),
    ],
    scrapeJobs: partJobs(
      "loki",
      servers.map(({ args }) => args),
      httpPort,
    ),
  };
}

function workloadsOf(environment: Environment, component: Server, files: readonly Files[]): WorkloadArgs[] {
  const { image: reference, version } = image(environment, "loki");
  const settings = environment.systems.loki.components[component];
  const args: WorkloadArgs = {
    system: "loki",
    component,
    kind: keeps[component] ? "StatefulSet" : "Deployment",
    namespace: environment.namespace,
    image: reference,
    version,
    args: ["-config.file=/etc/loki/config/loki.yaml", `-target=${component}`],
    env: s3Credentials(environment),
    ports: { http: { port: httpPort }, grpc: { port: grpcPort }, gossip: { port: gossipPort } },
    readiness: { path: "/ready", port: "http" },
    liveness: { path: "/loki/api/v1/status/buildinfo", port: "http" },
    startupSeconds: 300,
    ...sized(settings, keeps[component] ? "/loki" : undefined),
    goMemoryShare: 0.9,
    user: 10001,
    scratch: keeps[component] ? ["/tmp"] : ["/tmp", "/loki"],
    files,
    account: "loki",
    gracePeriod: 300,
  };
  if (component !== "ingester") return [args];
  const zones = environment.zones.map((zone) => ({ name: zone, zone }));
  return inZones(args, zones, (zone) => [`-ingester.availability-zone=${zone}`]);
}

/** A memcached; what it forgets at its end is read from S3 again. */
function cacheWorkload(environment: Environment, component: Cache): WorkloadArgs {
  const { image: reference, version } = image(environment, "memcached");
  const settings = environment.systems.loki.components[component];
  // Connections and bookkeeping need room beside the items.
  const megabytes = Math.floor(settings.resources.limits.memory.share(0.8).bytes / 2 ** 20);
  return {
    system: "loki",
    component,
    kind: "StatefulSet",
    namespace: environment.namespace,
    image: reference,
    version,
    command: ["memcached"],
    // A chunk is up to 1.5 MB compressed, an answer more: the default takes no item above 1 MB.
    args: [`--memory-limit=${megabytes}`, "--max-item-size=8m", "--conn-limit=16384", `--port=${memcachedPort}`],
    ports: { memcached: { port: memcachedPort } },
    readiness: { tcp: "memcached" },
    ...sized(settings),
    user: 11211,
    gracePeriod: 30,
  };
}
