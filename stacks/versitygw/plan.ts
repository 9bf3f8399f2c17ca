import { deepMerge, type Environment } from "../../environment";
import { objectLabels, type WorkloadArgs } from "../kubernetes";
import { s3Secret } from "../shared";
import type { StoragePlan } from "../storage/plan";
import { flags, image, yaml, type SystemPlan } from "../system";
import { httpPort } from "./settings";

const folder = "/data";

/** versitygw's global flags; the backend and its folder follow them. */
function versitygwFlags(environment: Environment, storage: StoragePlan): Record<string, unknown> {
  const base = { port: `:${httpPort}`, region: storage.region, health: "/healthz", quiet: true };
  return deepMerge(base, (environment.systems.versitygw.config as { flags?: object }).flags ?? {});
}

/** versitygw: S3 inside the cluster, for environments without a cloud. One process on one volume. */
export function planVersitygw(environment: Environment, storage: StoragePlan): SystemPlan {
  const { image: reference, version } = image(environment, "versitygw");
  const settings = environment.systems.versitygw;
  const { namespace } = environment;
  const values = versitygwFlags(environment, storage);
  const args: WorkloadArgs = {
    system: "versitygw",
    component: "server",
    kind: "StatefulSet",
    namespace,
    image: reference,
    version,
    command: ["/usr/local/bin/versitygw"],
    args: [...flags(values), "posix", folder],
    env: [
      { name: "ROOT_ACCESS_KEY", valueFrom: { secretKeyRef: { name: s3Secret, key: "access-key" } } },
      { name: "ROOT_SECRET_KEY", valueFrom: { secretKeyRef: { name: s3Secret, key: "secret-key" } } },
    ],
    ports: { http: { port: httpPort } },
    readiness: { path: "/healthz", port: "http" },
    replicas: 1,
    resources: settings.resources,
    user: 10001,
    ...(settings.volume ? { volume: { mountPath: "/volume", size: settings.volume } } : {}),
    extraMounts: [
      { name: "data", mountPath: folder, subPath: "buckets" },
      // A bucket is a folder: the kubelet makes the folder of a subPath before the server starts.
      ...[storage.buckets.logs, storage.buckets.traces].map((bucket) => ({
        name: "data",
        mountPath: `/made/${bucket}`,
        subPath: `buckets/${bucket}`,
      })),
    ],
    gracePeriod: 30,
  };
  return {
    name: "versitygw",
    version,
    workloads: [args],
    objects: [],
    secrets: [
      {
        name: s3Secret,
        namespace,
        labels: objectLabels("versitygw", "server", version),
        data: { "access-key": { generate: 20 }, "secret-key": { generate: 40 } },
      },
    ],
    config: { "flags.yaml": yaml(values) },
    flows: [],
    scrapeJobs: [],
  };
}
