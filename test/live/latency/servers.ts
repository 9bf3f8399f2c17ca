import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import type { Environment } from "../../../environment";
import { planStack } from "../../../stacks";
import { flags, yaml } from "../../../stacks/system";
import { freePort } from "../../../tools/free-port";
import type { LocalServers } from "../local/servers";

/** The stores of metrics, each with its address. */
export interface Stores {
  readonly prometheus: string;
  readonly victoriametrics: string;
  stop(): Promise<void>;
}

/**
 * Prometheus and VictoriaMetrics with the flags and limits that the environment gives them, but with nothing to scrape,
 * to evaluate or to write to: while queries are timed, nothing else happens.
 * @param folder where both keep their data
 */
export async function startStores(servers: LocalServers, environment: Environment, folder: string): Promise<Stores> {
  const [http, store] = [await freePort(), await freePort()];
  const { systems } = planStack(environment);
  const of = (name: string) => {
    const found = systems.find((system) => system.name === name);
    if (found === undefined) throw new Error(`the environment has no ${name}`);
    return found;
  };
  const room = (name: string) => {
    fs.mkdirSync(path.join(folder, name), { recursive: true });
    return path.join(folder, name);
  };
  const { global, storage } = parse(of("prometheus").config["prometheus.yml"] ?? "") as Record<string, object>;
  const file = path.join(servers.folder, "prometheus.yml");
  fs.writeFileSync(file, yaml({ global: { ...global, external_labels: {} }, storage }));
  const own = /^--(config\.file|storage\.tsdb\.path|config\.auto-reload.*|web\.external-url)(=|$)/;
  const [workload] = of("prometheus").workloads;
  const prometheus = `http://127.0.0.1:${http}`;
  const watcher = await servers.start(
    "prometheus",
    [
      ...(workload?.args ?? []).filter((flag) => !own.test(flag)),
      `--config.file=${file}`,
      `--storage.tsdb.path=${room("prometheus")}`,
      `--web.listen-address=127.0.0.1:${http}`,
    ],
    `${prometheus}/-/ready`,
  );
  const values = {
    ...(parse(of("victoriametrics").config["flags.yaml"] ?? "") as object),
    storageDataPath: room("victoria-metrics"),
    httpListenAddr: `127.0.0.1:${store}`,
    // What is kept between runs grows older than an environment would keep it.
    retentionPeriod: "10y",
  };
  const victoriametrics = `http://127.0.0.1:${store}`;
  const keeper = await servers.start("victoria-metrics", flags(values, "-"), `${victoriametrics}/health`);
  return {
    prometheus,
    victoriametrics,
    stop: async () => {
      await Promise.all([servers.end(watcher), servers.end(keeper)]);
    },
  };
}
