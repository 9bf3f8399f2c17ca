import * as fs from "node:fs";
import * as path from "node:path";
import { parse, stringify } from "yaml";
import { deepMerge, metricsStores } from "../../../environment";
import { planStack } from "../../../stacks";
import { flags, yaml } from "../../../stacks/system";
import { expect } from "../report";
import { until } from "../wait";
import { freePort } from "../../../tools/free-port";
import { LocalServers } from "./servers";
import { parseEnvironment } from "../../../stacks/environment";

const environment = parseEnvironment("local", {});
const configOf = (system: string): Readonly<Record<string, string>> =>
  planStack(environment).systems.find(({ name }) => name === system)?.config ?? {};

/** Lines per second, by namespace, service and level. */
type Counts = Readonly<Record<string, number>>;

/** What a store answers to a query, by the labels of each series. */
async function counted(url: string, query: string): Promise<Counts> {
  const asked = new URLSearchParams({ query });
  const answer = await fetch(`${url}/api/v1/query?${asked.toString()}`);
  const { data } = (await answer.json()) as {
    data: { result: { metric: Record<string, string>; value: [number, string] }[] };
  };
  const name = ({ k8s_namespace_name, service_name, detected_level }: Record<string, string>) =>
    [k8s_namespace_name, service_name, detected_level].filter(Boolean).join(" ");
  return Object.fromEntries(data.result.map(({ metric, value }) => [name(metric), Number(value[1])]));
}

/**
 * The rendered Loki with its rendered rules, whose ruler writes to the rendered VictoriaMetrics. Evaluations follow each
 * other in seconds instead of minutes, and objects lie in files; everything else is as it would be deployed.
 */
export async function checkCounts(
  step: (what: string, work: () => Promise<string>) => Promise<unknown>,
): Promise<void> {
  const servers = new LocalServers();
  try {
    await step("lines are counted by namespace, service and level, and the counts lie with the metrics", async () => {
      const [http, grpc, metrics] = [await freePort(), await freePort(), await freePort()];
      const store = `http://127.0.0.1:${metrics}`;
      const [longest] = metricsStores(environment);
      const values = {
        ...(parse(configOf("victoriametrics")["flags.yaml"] ?? "") as object),
        storageDataPath: servers.room("metrics"),
        httpListenAddr: `127.0.0.1:${metrics}`,
        "storage.minFreeDiskSpaceBytes": 1,
      };
      await servers.start("victoria-metrics", flags(values, "-"), `${store}/health`);

      const room = servers.room("loki");
      const rules = servers.room(path.join("rules", environment.tenant));
      const text = configOf("loki")["rules/log-counts.yaml"] ?? "";
      const { groups } = parse(text) as { groups: { interval: string; rules: { record: string; expr: string }[] }[] };
      const hurried = groups.map((group) => ({ ...group, interval: "2s" }));
      fs.writeFileSync(path.join(rules, "log-counts.yaml"), stringify({ groups: hurried }));
      const rendered = (configOf("loki")["loki.yaml"] ?? "")
        .replaceAll(longest?.url ?? "", store)
        .replaceAll("/etc/loki/rules", servers.room("rules"))
        .replaceAll("/loki/", `${room}/`)
        .replaceAll("path_prefix: /loki", `path_prefix: ${room}`);
      const config = deepMerge(parse(rendered) as object, {
        server: { http_listen_address: "127.0.0.1", http_listen_port: http, grpc_listen_address: "127.0.0.1" },
        common: { instance_addr: "127.0.0.1", compactor_grpc_address: `127.0.0.1:${grpc}` },
        storage_config: { object_store: { s3: null, filesystem: { dir: servers.room("objects") } } },
        schema_config: { configs: [{ ...inFiles, from: "2026-01-01", store: "tsdb", schema: "v13" }] },
        compactor: { delete_request_store: "filesystem" },
        ruler: { alertmanager_url: null, enable_alertmanager_v2: null, poll_interval: "2s" },
      });
      const file = path.join(servers.folder, "loki.yaml");
      fs.writeFileSync(file, yaml(deepMerge(config, { server: { grpc_listen_port: grpc } })));
      const url = `http://127.0.0.1:${http}`;
      await servers.start("loki", [`-config.file=${file}`, "-target=all"], `${url}/ready`);

      // Inside the five minutes that end a minute ago.
      const begin = Date.now() - 120_000;
      const stream = (namespace: string, service: string, level: string, count: number) => ({
        stream: { cluster: "local", k8s_namespace_name: namespace, service_name: service },
        values: Array.from({ length: count }, (_, index) => [
          String(BigInt(begin + index) * 1_000_000n),
          `level=${level} msg=${index}`,
        ]),
      });
      const streams = [
        stream("shop", "cart", "info", 600),
        stream("shop", "cart", "error", 30),
        stream("bank", "ledger", "info", 300),
      ];
      const headers = { "X-Scope-OrgID": environment.tenant, "Content-Type": "application/json" };
      const answer = await fetch(`${url}/loki/api/v1/push`, {
        method: "POST",
        headers,
        body: JSON.stringify({ streams }),
      });
      expect(answer.ok, `Loki answers ${answer.status}: ${await answer.text()}`);

      const [lines, bytes] = groups.flatMap((group) => group.rules.map(({ record }) => record));
      const found = await until("counts in the store", 60, async () => {
        const now = await counted(store, lines ?? "");
        return Object.keys(now).length === 3 ? now : undefined;
      });
      const wanted: Counts = { "bank ledger info": 1, "shop cart error": 0.1, "shop cart info": 2 };
      for (const [name, rate] of Object.entries(wanted))
        expect(Math.abs((found[name] ?? 0) - rate) < 1e-9, `${name}: ${found[name] ?? "none"} lines/s, not ${rate}`);
      const volumes = await counted(store, bytes ?? "");
      expect(Object.keys(volumes).length === 2, `bytes of ${Object.keys(volumes).join(", ")}`);
      return `930 lines of 2 services pushed to Loki; in VictoriaMetrics ${lines ?? ""}: ${Object.entries(found)
        .map(([name, rate]) => `${name} ${rate}/s`)
        .join(", ")}; kept there for ${longest?.keep.toString() ?? ""}`;
    });
  } finally {
    await servers.stop();
  }
}

const inFiles = { object_store: "filesystem", index: { prefix: "index_", period: "24h" } };
