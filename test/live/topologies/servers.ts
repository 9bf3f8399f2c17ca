import { setTimeout as pause } from "node:timers/promises";
import { stringify } from "yaml";
import { planStack, type StackPlan } from "../../../stacks";
import { expect } from "../report";
import { untilTrue } from "../wait";
import { Processes } from "./process";
import { parseEnvironment } from "../../../stacks/environment";

/** What the stack renders, on addresses of this machine. */

type Values = Record<string, unknown>;

/** A system as the stack plans it. */
export function planned(
  values: Values,
  system: "loki" | "tempo" | "victoriametrics",
): StackPlan["systems"][number] | undefined {
  const environment = parseEnvironment("local", { stages: ["metrics", "logs", "traces"], ...values });
  return planStack(environment).systems.find(({ name }) => name === system);
}

/** A server's configuration as the stack renders it; names of services and folders of the container replaced. */
export function rendered(
  values: Values,
  system: "loki" | "tempo" | "victoriametrics",
  file: string,
  places: Readonly<Record<string, string>>,
): string {
  const text = planned(values, system)?.config[file] ?? "";
  const longestFirst = Object.entries(places).sort(([a], [b]) => b.length - a.length);
  return longestFirst.reduce((all, [name, place]) => all.replaceAll(name, place), text);
}

export const s3 = Processes.address(1);
export const svc = ".observability.svc";

/** A question that hangs is asked again: while a ring changes, Loki lets some wait for a scheduler that has gone. */
export const soon = () => AbortSignal.timeout(10_000);

/** The S3 server that Loki and Tempo write to. */
export async function startStorage(processes: Processes): Promise<string> {
  const folder = processes.volume("s3");
  for (const bucket of ["local-logs", "local-traces"]) processes.volume(`s3/${bucket}`);
  const args = ["--port", `${s3}:7070`, "--health", "/healthz", "posix", folder];
  await processes.start("versitygw", "versitygw", args, `http://${s3}:7070/healthz`);
  return `${s3}:7070`;
}

/** Two VictoriaMetrics with everything each, vmauth in front, and who writes to both as Prometheus does. */
export class MetricsPair {
  constructor(private readonly processes: Processes) {}

  private node = (index: number) => `http://${Processes.address(71 + index)}:8428`;
  private readonly vmauth = Processes.address(75);
  private readonly writer = `http://${Processes.address(76)}:9090`;

  async start(index: number): Promise<void> {
    const host = Processes.address(71 + index);
    const args = [`-storageDataPath=${this.processes.volume(`vm-${index}`)}`, `-httpListenAddr=${host}:8428`];
    await this.processes.start(
      `vm-${index}`,
      "victoria-metrics",
      [...args, "-retentionPeriod=7d"],
      `${this.node(index)}/health`,
    );
  }

  async startFront(): Promise<void> {
    const hosts = [0, 1].map((index) => [
      `victoriametrics-${index}.victoriametrics-headless${svc}`,
      Processes.address(71 + index),
    ]);
    const places = Object.fromEntries(hosts) as Record<string, string>;
    const text = rendered({ systems: { victoriametrics: { replicas: 2 } } }, "victoriametrics", "auth.yaml", places);
    const file = this.processes.write("auth.yaml", text);
    const listen = [`-httpListenAddr=${this.vmauth}:8427`, `-httpInternalListenAddr=${this.vmauth}:8426`];
    await this.processes.start(
      "vmauth",
      "vmauth",
      [`-auth.config=${file}`, ...listen],
      `http://${this.vmauth}:8426/health`,
    );
  }

  /** A Prometheus that scrapes itself each second, with a remote write for each node. */
  async startWriter(): Promise<void> {
    const address = Processes.address(76);
    const config = {
      global: { scrape_interval: "1s" },
      scrape_configs: [{ job_name: "topologies", static_configs: [{ targets: [`${address}:9090`] }] }],
      remote_write: [0, 1].map((index) => ({ url: `${this.node(index)}/api/v1/write` })),
    };
    const file = this.processes.write("prometheus.yml", stringify(config));
    const storage = `--storage.tsdb.path=${this.processes.volume("prometheus")}`;
    const args = [`--config.file=${file}`, storage, `--web.listen-address=${address}:9090`];
    await this.processes.start("prometheus", "prometheus", args, `http://${address}:9090/-/ready`);
  }

  end = (index: number, signal: "SIGKILL" | "SIGTERM") => this.processes.end(`vm-${index}`, signal);

  /** How many samples of `up` an API has between two instants, in seconds. */
  private async samples(base: string, from: number, to: number): Promise<number> {
    const query = `count_over_time(up{job="topologies"}[${to - from}s])`;
    const answer = await fetch(`${base}/api/v1/query?query=${encodeURIComponent(query)}&time=${to}&nocache=1`);
    expect(answer.ok, `${base} answers ${answer.status}`);
    const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
    return Number(data.result[0]?.value[1] ?? 0);
  }

  /** How many samples the first node lacks that Prometheus has. */
  async gap(from: number, to: number): Promise<number> {
    return (await this.samples(this.writer, from, to)) - (await this.samples(this.node(0), from, to));
  }

  /** What vmauth says to a write. */
  async writeStatus(): Promise<number> {
    const url = `http://${this.vmauth}:8427/api/v1/import/prometheus`;
    return (await fetch(url, { method: "POST", body: "sneaked_in 1" })).status;
  }

  /** Waits until vmauth, or each node, answers with what Prometheus itself scraped in a span of time. */
  async complete(from: number, to: number, of: "vmauth" | "nodes"): Promise<number> {
    const wanted = await this.samples(this.writer, from, to);
    expect(wanted > 3, `Prometheus scraped itself only ${wanted} times`);
    const bases = of === "vmauth" ? [`http://${this.vmauth}:8427`] : [this.node(0), this.node(1)];
    await untilTrue(`${wanted} samples at ${of}`, 120, async () => {
      const found = await Promise.all(bases.map((base) => this.samples(base, from, to)));
      return found.every((count) => count === wanted) || `${found.join(" and ")} samples`;
    });
    return wanted;
  }

  wait = (seconds: number) => pause(seconds * 1000);
}
