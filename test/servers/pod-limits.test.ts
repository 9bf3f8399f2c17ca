import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { freePort } from "../../tools/free-port";
import { until } from "../alerts/support/until";
import { local } from "../environment/support";
import { planOf } from "../stacks/support";
import { testWith } from "../support/programs";

/** What Prometheus does with a pod that exposes too much: asked of the real one, by the job that is rendered. */

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "pod-limits-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const samples = (count: number, label = (index: number) => `id="${index}"`): string =>
  Array.from({ length: count }, (_, index) => `orders{${label(index)}} 1\n`).join("");
const labels = (count: number) => Array.from({ length: count }, (_, index) => `l${index}="x"`).join(",");

/** What each pod answers, and whether Prometheus takes it. Beside the labels of the text are cluster, job and instance. */
const pods: Readonly<Record<string, readonly [text: string, up: 0 | 1]>> = {
  "/small": [samples(20), 1],
  "/full": [samples(100), 1],
  "/too-many": [samples(101), 0],
  "/many-labels": [samples(1, () => labels(37)), 0],
  "/enough-labels": [samples(1, () => labels(36)), 1],
  "/long-name": [samples(1, () => `${"n".repeat(257)}="x"`), 0],
  "/long-value": [samples(1, () => `v="${"x".repeat(4_097)}"`), 0],
  "/large": [`# HELP orders ${"x".repeat(2 ** 20)}\n${samples(1)}`, 0],
};

testWith(
  "prometheus",
  "a pod that exposes too much counts as down, and every other one is scraped",
  async (program) => {
    const environment = local({ systems: { prometheus: { podLimits: { sampleLimit: 100, bodySizeLimit: "1Mi" } } } });
    const text = planOf(environment).systems.find(({ name }) => name === "prometheus")?.config["prometheus.yml"] ?? "";
    const { scrape_configs } = parse(text) as { scrape_configs: Record<string, unknown>[] };
    const { kubernetes_sd_configs, relabel_configs, ...job } =
      scrape_configs.find(({ job_name }) => job_name === "pods") ?? {};
    expect([kubernetes_sd_configs, relabel_configs].every(Array.isArray)).toBe(true);
    const server = createServer((request, response) => {
      response.setHeader("content-type", "text/plain; version=0.0.4");
      response.end(pods[request.url ?? ""]?.[0] ?? "");
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const target = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const port = await freePort();
    const file = join(folder, "prometheus.yml");
    const jobs = Object.keys(pods).map((path) => ({
      ...job,
      job_name: path,
      metrics_path: path,
      static_configs: [{ targets: [target], labels: { cluster: environment.cluster } }],
    }));
    writeFileSync(file, stringify({ global: { scrape_interval: "1s", scrape_timeout: "1s" }, scrape_configs: jobs }));
    const args = [`--config.file=${file}`, `--storage.tsdb.path=${folder}`, `--web.listen-address=127.0.0.1:${port}`];
    const prometheus = spawn(program, args, { stdio: "ignore" });
    try {
      const ask = async (query: string): Promise<Record<string, number>> => {
        const answer = await fetch(`http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(query)}`);
        const { data } = (await answer.json()) as {
          data: { result: { metric: { job: string }; value: [number, string] }[] };
        };
        return Object.fromEntries(data.result.map(({ metric, value }) => [metric.job, Number(value[1])]));
      };
      const up = await until("every pod", 60, async () => {
        const seen = await ask("up").catch(() => ({}));
        return Object.keys(seen).length === jobs.length ? seen : undefined;
      });
      expect(up).toEqual(Object.fromEntries(Object.entries(pods).map(([path, [, taken]]) => [path, taken])));
      // What is refused is counted all the same: the alert goes on naming the pod when the limit has bitten.
      const brought = await ask("scrape_samples_post_metric_relabeling");
      expect(brought).toMatchObject({ "/small": 20, "/full": 100, "/too-many": 101 });
    } finally {
      server.close();
      server.closeAllConnections();
      if (prometheus.kill("SIGKILL")) await once(prometheus, "exit");
    }
  },
);
