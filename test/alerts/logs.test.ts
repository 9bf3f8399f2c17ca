import { spawn, type ChildProcess } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { lokiRules } from "../../alerts";
import { freePort } from "../free-port";
import { logProofs } from "./proofs/logs";
import { everything } from "./support/environments";
import { withShop } from "./support/team";
import { temporaryFolder, tool, yamlOf } from "./support/promtool";

jest.setTimeout(120_000);

/** A Loki of its own on the file system, whose ruler evaluates every second. */
function configOf(folder: string, port: number, grpcPort: number): object {
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
    ingester: { lifecycler: { min_ready_duration: "0s" } },
    ruler: {
      enable_api: true,
      ring: { kvstore: { store: "inmemory" } },
      rule_path: `${folder}/scratch`,
      evaluation_interval: "1s",
      poll_interval: "1s",
    },
    // Only with this does Loki read `ruler_storage`, as the deployed one does.
    storage_config: { use_thanos_objstore: true },
    ruler_storage: { backend: "local", local: { directory: `${folder}/rules` } },
    analytics: { reporting_enabled: false },
    tracing: { enabled: false },
  };
}

async function until<T>(what: string, seconds: number, attempt: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    const found = await attempt().catch(() => undefined);
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`${what}: not within ${seconds} s`);
}

interface Group {
  readonly name: string;
  readonly rules: readonly { readonly name: string }[];
}

interface Active {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly state: string;
}

let loki: ChildProcess | undefined;
afterAll(() => loki?.kill("SIGKILL"));

test("a real Loki takes the rules of the ruler, and alerts from logs fire on lines that were pushed to a real Loki, and only on those", async () => {
  const binary = tool("loki");
  if (binary === undefined) return;
  const folder = temporaryFolder();
  const [port, grpcPort] = [await freePort(), await freePort()];
  const environment = everything("2");
  const rules = path.join(folder, "rules", "fake");
  fs.mkdirSync(rules, { recursive: true });
  // A team's rules stand beside ours, as they do in a deployed ruler.
  const files = { ...lokiRules(environment), "shop.orders.yaml": lokiRules(withShop())["shop.orders.yaml"] ?? [] };
  for (const [name, groups] of Object.entries(files)) fs.writeFileSync(path.join(rules, name), yamlOf({ groups }));
  fs.writeFileSync(path.join(folder, "loki.yaml"), yamlOf(configOf(folder, port, grpcPort)));
  loki = spawn(binary, [`-config.file=${folder}/loki.yaml`, "-target=all"], { stdio: "ignore" });
  const url = `http://127.0.0.1:${port}`;
  await until("Loki is ready", 60, async () => ((await fetch(`${url}/ready`)).ok ? true : undefined));

  const loaded = await until("the ruler has loaded its rules", 40, async () => {
    const answer = (await (await fetch(`${url}/prometheus/api/v1/rules`)).json()) as { data: { groups: Group[] } };
    return answer.data.groups.length > 0 ? answer.data.groups : undefined;
  });
  const written = Object.values(files).flat();
  expect(loaded.map(({ name, rules: of }) => [name, of.map((rule) => rule.name)]).sort()).toEqual(
    written.map(({ name, rules: of }) => [name, of.map((rule) => ("alert" in rule ? rule.alert : rule.record))]).sort(),
  );

  const now = Date.now();
  const fed = Object.values(logProofs).flatMap((proof) => proof.streams);
  const streams = fed.map(({ service, namespace = "shop", lines }) => {
    const all = lines.flatMap(([count, line]) => Array.from({ length: count }, (_, index) => `${line} ${index}`));
    return {
      stream: { cluster: "local", service_name: service, k8s_namespace_name: namespace },
      values: all.map((line, index) => [`${now - 2000 + index}000000`, line]),
    };
  });
  const pushed = await fetch(`${url}/loki/api/v1/push`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ streams }),
  });
  expect(pushed.status).toBe(204);

  const active = await until("all alerts are active", 40, async () => {
    const answer = (await (await fetch(`${url}/prometheus/api/v1/alerts`)).json()) as { data: { alerts: Active[] } };
    const names = new Set(answer.data.alerts.map(({ labels }) => labels["alertname"]));
    return names.size === Object.keys(logProofs).length ? answer.data.alerts : undefined;
  });
  const seen = active
    .map(({ labels, state, annotations }) => [
      labels["alertname"],
      labels["service"],
      state,
      annotations["description"],
    ])
    .sort();
  const expected = Object.entries(logProofs).flatMap(([name, { state, streams: of }]) =>
    of.flatMap(({ service, says }) => (says === undefined ? [] : [[name, service, state, says]])),
  );
  expect(seen).toEqual(expected.sort());
});
