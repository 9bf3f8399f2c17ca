import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import type { RuleFiles } from "../../../alerts";
import { freePort } from "../../../tools/free-port";
import { until } from "./until";
import { temporaryFolder, yamlOf } from "./promtool";

/** A real Loki on the file system, whose ruler evaluates every second. */
export class Ruler {
  private readonly folder = temporaryFolder();
  private process: ChildProcess | undefined;
  private url = "";

  /**
   * @param notifier whom the ruler tells. @default nobody
   * @param ingester what the ingester is told besides. @default nothing
   * @throws Error when it is not ready within a minute
   */
  async start(binary: string, rules: RuleFiles, notifier: object = {}, ingester: object = {}): Promise<void> {
    // The tenant of whoever names none.
    const place = path.join(this.folder, "rules", "fake");
    fs.mkdirSync(place, { recursive: true });
    // Some say that they are evaluated every few minutes.
    const hurried = (groups: RuleFiles[string]) => groups.map((group) => ({ ...group, interval: "1s" }));
    for (const [name, groups] of Object.entries(rules))
      fs.writeFileSync(path.join(place, name), yamlOf({ groups: hurried(groups) }));
    const port = await freePort();
    const file = path.join(this.folder, "loki.yaml");
    fs.writeFileSync(file, yamlOf(configOf(this.folder, port, await freePort(), notifier, ingester)));
    this.url = `http://127.0.0.1:${port}`;
    this.process = spawn(binary, [`-config.file=${file}`, "-target=all"], { stdio: "ignore" });
    await until("Loki is ready", 60, async () => ((await fetch(`${this.url}/ready`)).ok ? true : undefined));
  }

  async ask<T>(route: string): Promise<T> {
    const answer = await fetch(this.url + route, { signal: AbortSignal.timeout(10_000) });
    return (await answer.json()) as T;
  }

  /** @returns the status of the answer */
  async push(streams: readonly object[]): Promise<number> {
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ streams });
    return (await fetch(`${this.url}/loki/api/v1/push`, { method: "POST", headers, body })).status;
  }

  async stop(): Promise<void> {
    if (this.process?.kill("SIGKILL") === true) await once(this.process, "exit");
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

function configOf(folder: string, port: number, grpcPort: number, notifier: object, ingester: object): object {
  return {
    auth_enabled: false,
    server: {
      http_listen_address: "127.0.0.1",
      http_listen_port: port,
      grpc_listen_address: "127.0.0.1",
      grpc_listen_port: grpcPort,
      log_level: "error",
    },
    common: {
      path_prefix: folder,
      replication_factor: 1,
      instance_addr: "127.0.0.1",
      ring: { kvstore: { store: "inmemory" } },
      storage: { filesystem: { chunks_directory: `${folder}/chunks`, rules_directory: `${folder}/unused` } },
    },
    schema_config: {
      configs: [
        {
          from: "2020-01-01",
          store: "tsdb",
          object_store: "filesystem",
          schema: "v13",
          index: { prefix: "i_", period: "24h" },
        },
      ],
    },
    ingester: { lifecycler: { min_ready_duration: "0s" }, ...ingester },
    ruler: {
      enable_api: true,
      ring: { kvstore: { store: "inmemory" } },
      rule_path: `${folder}/scratch`,
      poll_interval: "1s",
      ...notifier,
    },
    // Only with this does Loki read `ruler_storage`, as the deployed one does.
    storage_config: { use_thanos_objstore: true },
    ruler_storage: { backend: "local", local: { directory: `${folder}/rules` } },
    analytics: { reporting_enabled: false },
    tracing: { enabled: false },
  };
}
