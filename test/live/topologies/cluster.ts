import { setTimeout as pause } from "node:timers/promises";
import { parse } from "yaml";
import { flags } from "../../../stacks/system";
import { encoded, send } from "../latency/remote-write";
import { expect } from "../report";
import { untilTrue } from "../wait";
import { Processes } from "./process";
import { planned, rendered, soon, svc } from "./servers";

const storage = (index: number) => Processes.address(81 + index);
const vminsert = Processes.address(91);
const vmselect = Processes.address(92);
const vmauth = Processes.address(93);

/** The pair of Prometheus that prod has: of each interval the store keeps one sample. */
const scrapeSeconds = 15;
const seriesCount = 200;
const series = Array.from({ length: seriesCount }, (_, index) =>
  encoded({
    labels: { __name__: "cluster_probe", series: String(index) },
    shape: { kind: "clock", level: index, phase: 0 },
  }),
);

/** Settings of a cluster of so many storage nodes. */
const settings = (nodes: number) => ({
  retention: { metrics: "90d" },
  systems: {
    prometheus: { replicas: 2 },
    victoriametrics: { mode: "cluster", components: { vmstorage: { replicas: nodes } } },
  },
});

/** Seconds for which Kubernetes does not ask a new vminsert whether it is ready. */
const settleSeconds = (): number =>
  planned(settings(3), "victoriametrics")?.workloads.find(({ component }) => component === "vminsert")?.settleSeconds ??
  0;

interface Answer {
  readonly isPartial: boolean;
  readonly data: { readonly result: readonly { readonly value: readonly [number, string] }[] };
}

/** VictoriaMetrics' cluster with the flags and the door that the stack renders, and who writes to it without a pause. */
export class MetricsCluster {
  /** Hours back, so that intervals of 15 s pass several times a second. */
  private readonly begin = Math.floor(Date.now() / 1000 / scrapeSeconds) * scrapeSeconds - 4 * 3_600;
  /** Instants of which vminsert has taken a sample of every series. */
  private taken = 0;
  private writing: Promise<void> | undefined;
  private ends = false;
  /** Whether vminsert gets what is written: Kubernetes sends a pod nothing before it is ready. */
  private open = false;

  constructor(private readonly processes: Processes) {}

  /** A file of the rendered cluster of so many storage nodes. */
  private file(name: string, nodes: number): string {
    const names = Array.from({ length: nodes }, (_, index) => [
      `victoriametrics-vmstorage-${index}.victoriametrics-vmstorage-headless${svc}`,
      storage(index),
    ]);
    return rendered(settings(nodes), "victoriametrics", name, {
      ...(Object.fromEntries(names) as Record<string, string>),
      [`victoriametrics-vmselect${svc}`]: vmselect,
    });
  }

  private async start(
    name: string,
    part: "vminsert" | "vmselect" | "vmstorage",
    nodes: number,
    own: (port: (flag: string) => string) => object,
  ): Promise<void> {
    const values = parse(this.file(`${part}.yaml`, nodes)) as Record<string, unknown>;
    const changed = { ...values, ...own((flag) => String(values[flag])) };
    const listens = String((changed as Record<string, unknown>)["httpListenAddr"]);
    await this.processes.start(name, part, flags(changed, "-"), `http://${listens}/health`);
  }

  startStorage(index: number): Promise<void> {
    const host = storage(index);
    return this.start(`vmstorage-${index}`, "vmstorage", 3, (port) => ({
      httpListenAddr: `${host}${port("httpListenAddr")}`,
      // In a pod their defaults are its own ports.
      vminsertAddr: `${host}:8400`,
      vmselectAddr: `${host}:8401`,
      storageDataPath: this.processes.volume(`vmstorage-${index}`),
      // A tenth of a volume that is larger than the disk of this machine.
      "storage.minFreeDiskSpaceBytes": 1,
    }));
  }

  endStorage = (index: number, signal: "SIGKILL" | "SIGTERM") => this.processes.end(`vmstorage-${index}`, signal);

  /** Starts what writes to so many storage nodes and what asks them, anew where they run, as a rollout does. */
  async startFront(nodes: number): Promise<void> {
    await this.processes.end("vminsert", "SIGTERM");
    this.open = false;
    await this.start("vminsert", "vminsert", nodes, (port) => ({
      httpListenAddr: `${vminsert}${port("httpListenAddr")}`,
    }));
    await pause(settleSeconds() * 1000);
    this.open = true;
    await this.processes.end("vmselect", "SIGTERM");
    await this.start("vmselect", "vmselect", nodes, (port) => ({
      httpListenAddr: `${vmselect}${port("httpListenAddr")}`,
      cacheDataPath: this.processes.volume("vmselect"),
    }));
  }

  async startDoor(): Promise<void> {
    const file = this.processes.write("cluster-auth.yaml", this.file("auth.yaml", 3));
    const listen = [`-httpListenAddr=${vmauth}:8427`, `-httpInternalListenAddr=${vmauth}:8426`];
    await this.processes.start(
      "cluster-vmauth",
      "vmauth",
      [`-auth.config=${file}`, ...listen],
      `http://${vmauth}:8426/health`,
    );
  }

  /** Begins to write a sample of each series at each instant, the next once this one was taken, ten times a second. */
  beginWriting(): void {
    const write = async () => {
      for (; !this.ends; await pause(100)) {
        if (!this.open) continue;
        const instant = this.begin + this.taken * scrapeSeconds;
        // What is not taken is sent again until it is, as Prometheus does.
        const done = await send(series, [instant], this.begin, [
          `http://${vminsert}:8480/insert/0/prometheus/api/v1/write`,
        ]).then(
          () => true,
          () => false,
        );
        if (done) this.taken++;
      }
    };
    this.ends = false;
    this.writing = write();
  }

  async endWriting(): Promise<void> {
    this.ends = true;
    await this.writing;
  }

  /** Waits until so many more instants were taken. */
  async written(more: number): Promise<void> {
    const wanted = this.taken + more;
    await untilTrue(`${more} writes that vminsert takes`, 60, () => Promise.resolve(this.taken >= wanted), 0.1);
  }

  /**
   * Waits until the door answers with every sample that was taken until now, each once.
   * @returns how many
   */
  async complete(): Promise<number> {
    const instants = this.taken;
    const wanted = instants * seriesCount;
    await untilTrue(`${wanted} samples`, 60, async () => {
      const { isPartial, data } = await this.ask(
        `sum(count_over_time(cluster_probe[${instants * scrapeSeconds}s]))`,
        instants,
      );
      if (isPartial) return "the answer is said to be partial";
      const found = Number(data.result[0]?.value[1] ?? 0);
      return found === wanted || `${found} samples`;
    });
    const missing = await this.missing(instants);
    expect(missing === 0, `${missing} of ${wanted} samples are not at their instants`);
    return wanted;
  }

  /** Whether an answer says that something may be missing. */
  async isPartial(): Promise<boolean> {
    return (await this.ask("count(cluster_probe)", this.taken)).isPartial;
  }

  private async ask(query: string, instants: number): Promise<Answer> {
    const time = this.begin + (instants - 1) * scrapeSeconds;
    const parameters = new URLSearchParams({ query, time: String(time), nocache: "1" });
    const answer = await fetch(`http://${vmauth}:8427/api/v1/query?${parameters.toString()}`, { signal: soon() });
    expect(answer.ok, `vmauth answers ${answer.status}: ${(await answer.clone().text()).slice(0, 200)}`);
    return (await answer.json()) as Answer;
  }

  /** Reads every sample and looks for each at its own instant. @returns how many are not there */
  private async missing(instants: number): Promise<number> {
    const times = Array.from({ length: instants }, (_, index) => (this.begin + index * scrapeSeconds) * 1000);
    const parameters = new URLSearchParams({ "match[]": "cluster_probe", start: String(this.begin - 1) });
    const answer = await fetch(`http://${vmauth}:8427/api/v1/export?${parameters.toString()}`, { signal: soon() });
    const lines = (await answer.text()).split("\n").filter(Boolean);
    const found = lines.map((line) => new Set((JSON.parse(line) as { timestamps: number[] }).timestamps));
    const here = found.reduce((sum, own) => sum + times.filter((time) => own.has(time)).length, 0);
    return instants * seriesCount - here;
  }

  /** Rows that a storage node has taken since it was started. */
  async rows(index: number): Promise<number> {
    const text = await (await fetch(`http://${storage(index)}:8482/metrics`, { signal: soon() })).text();
    return [...text.matchAll(/^vm_rows_added_to_storage_total(?:\{.*\})? (\S+)$/gm)].reduce(
      (sum, [, value]) => sum + Number(value),
      0,
    );
  }
}
