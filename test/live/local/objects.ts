import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { deepMerge, type Environment } from "../../../environment";
import { planStack } from "../../../stacks";
import { yaml } from "../../../stacks/system";
import { freePort } from "../../../tools/free-port";
import type { LocalServers } from "./servers";

/** Keys of the S3 server, as its clients read them. */
export const s3Keys = { AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local-secret" };

/** The real S3 server of the `local` environment with the buckets of an environment. */
export class LocalObjects {
  private constructor(
    readonly port: number,
    private readonly folder: string,
    private readonly buckets: Readonly<Record<"logs" | "traces", string>>,
  ) {}

  static async start(servers: LocalServers, environment: Environment): Promise<LocalObjects> {
    const port = await freePort();
    const folder = servers.room("buckets");
    const { buckets } = planStack(environment).storage;
    for (const name of Object.values(buckets)) fs.mkdirSync(path.join(folder, name));
    const args = ["--port", `127.0.0.1:${port}`, "--health", "/healthz", "--region", "us-east-1", "posix", folder];
    await servers.start("versitygw", args, `http://127.0.0.1:${port}/healthz`, {
      ROOT_ACCESS_KEY: s3Keys.AWS_ACCESS_KEY_ID,
      ROOT_SECRET_KEY: s3Keys.AWS_SECRET_ACCESS_KEY,
    });
    return new LocalObjects(port, folder, buckets);
  }

  /** Every key of a bucket: the server keeps each object as a file of its name. */
  keys(content: "logs" | "traces", below = ""): string[] {
    return fs
      .readdirSync(path.join(this.folder, this.buckets[content], below), { withFileTypes: true })
      .flatMap((entry) => {
        const key = path.posix.join(below, entry.name);
        // Folders of its own, for uploads in parts.
        if (key.startsWith(".")) return [];
        return entry.isDirectory() ? this.keys(content, key) : [key];
      });
  }

  /** Bytes of all objects of a bucket that a pattern fits. */
  bytes(content: "logs" | "traces", pattern = /./): number {
    return this.keys(content)
      .filter((key) => pattern.test(key))
      .reduce((sum, key) => sum + fs.statSync(path.join(this.folder, this.buckets[content], key)).size, 0);
  }
}

/** What the servers would be deployed with. */
const rendered = (environment: Environment, system: "loki" | "tempo", file: string): string =>
  planStack(environment).systems.find(({ name }) => name === system)?.config[file] ?? "";

interface Place {
  /** Where the server keeps what it keeps. */
  readonly room: string;
  readonly http: number;
  readonly grpc: number;
  /** Port of the S3 server. */
  readonly s3: number;
}

const alone = ({ http, grpc }: Place) => ({
  http_listen_address: "127.0.0.1",
  http_listen_port: http,
  grpc_listen_address: "127.0.0.1",
  grpc_listen_port: grpc,
  log_level: "warn",
});

/** Loki's own configuration as it would be deployed, on ports and folders of this machine, and with short waits. */
export function lokiHere(environment: Environment, place: Place): object {
  return deepMerge(parse(rendered(environment, "loki", "loki.yaml").replaceAll("/loki", place.room)) as object, {
    server: alone(place),
    common: { instance_addr: "127.0.0.1", compactor_grpc_address: `127.0.0.1:${place.grpc}` },
    storage_config: {
      tsdb_shipper: { resync_interval: "2s" },
      object_store: { s3: { endpoint: `127.0.0.1:${place.s3}`, insecure: true, bucket_lookup_type: "path" } },
    },
    compactor: { compaction_interval: "5s", retention_delete_delay: "1s", apply_retention_interval: "5s" },
    ruler: { alertmanager_url: null, enable_alertmanager_v2: null, remote_write: null },
  });
}

/**
 * Tempo's own configuration likewise, in the major version of the environment, with OTLP over HTTP as its only door and with
 * short waits. Its metrics generator has nobody to write to.
 * @param otlp port of OTLP over HTTP
 */
export function tempoHere(environment: Environment, place: Place, otlp: number): object {
  const tenants = tenantsFile(place);
  fs.writeFileSync(tenants, rendered(environment, "tempo", "tenants.yaml"));
  const text = rendered(environment, "tempo", "tempo.yaml")
    .replaceAll("/etc/tempo/tenants.yaml", tenants)
    .replaceAll("/var/tempo", place.room);
  return deepMerge(parse(text) as object, {
    server: alone(place),
    shutdown_delay: "0s",
    distributor: {
      receivers: {
        otlp: { protocols: { grpc: null, http: { endpoint: `127.0.0.1:${otlp}` } } },
        jaeger: null,
        zipkin: null,
      },
    },
    metrics_generator: { storage: { remote_write: null } },
    storage: {
      trace: {
        blocklist_poll: "2s",
        s3: { endpoint: `127.0.0.1:${place.s3}`, region: "us-east-1", insecure: true, forcepathstyle: true },
      },
    },
    ...(environment.tempo.majorVersion === "2" ? hasty2 : hasty3),
  });
}

/** Where {@link tempoHere} puts the limits of tenants. */
export const tenantsFile = (place: Place): string => path.join(place.room, "tenants.yaml");

const deleting = { compaction: { compacted_block_retention: "1s" } };
const hasty2 = {
  ingester: { lifecycler: { address: "127.0.0.1" }, max_block_duration: "2s" },
  compactor: { compaction: { ...deleting.compaction, compaction_cycle: "2s" } },
};
const hasty3 = {
  live_store: { max_block_duration: "2s" },
  backend_scheduler: {
    provider: { retention: { interval: "2s" }, compaction: { measure_interval: "2s", min_cycle_interval: "2s" } },
  },
  backend_worker: deleting,
};

/** Writes a configuration, and says where. */
export function writtenTo(servers: LocalServers, name: string, config: object): string {
  const file = path.join(servers.folder, name);
  fs.writeFileSync(file, yaml(config));
  return file;
}
