import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, cpSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { freePort } from "../free-port";
import { KitError, tail } from "../testbed/shell";
import type { Span } from "./spans";

/** Seconds until a store answers, and for one evaluation of a rule over the whole time. */
const startLimit = 60;
const queryLimit = 600;

/** Seconds from now until which samples are kept: what is repeated reaches into tomorrow. */
const beyondNow = 366 * 86_400;

/** Servers of a backtest and what they keep: below one temporary folder, on the loopback address, ended in any case. */
export class Workshop {
  readonly folder = mkdtempSync(join(tmpdir(), `observability-backtest-${process.pid}-`));
  private readonly running = new Set<ChildProcess>();
  /** Whoever ends this process ends them. */
  private readonly atExit = (): void => {
    for (const child of this.running) child.kill("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  };
  private readonly atSignal = (signal: NodeJS.Signals): void => {
    this.atExit();
    process.removeListener(signal, this.atSignal);
    process.kill(process.pid, signal);
  };

  constructor(private readonly programs: { readonly store: string; readonly evaluator: string }) {
    process.once("exit", this.atExit);
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, this.atSignal);
  }

  /**
   * A VictoriaMetrics of its own.
   * @param name of its folder
   * @param from the name of a store that has ended, whose data it begins with
   * @throws KitError with the end of its log when it does not start
   */
  async store(name: string, from?: string): Promise<Store> {
    const data = join(this.folder, name);
    if (from === undefined) mkdirSync(data);
    else cpSync(join(this.folder, from), data, { recursive: true });
    const port = await freePort();
    const log = join(this.folder, `${name}.log`);
    const args = [
      `-storageDataPath=${data}`,
      `-httpListenAddr=127.0.0.1:${port}`,
      "-loggerLevel=WARN",
      // History is as old as it is, and nothing of it may be answered from before it was there.
      "-retentionPeriod=100y",
      `-futureRetention=${beyondNow / 86_400}d`,
      "-search.disableCache",
      "-search.latencyOffset=0s",
      // A rule is one question over all of the time: see evaluate.
      `-search.maxPointsPerTimeseries=${mostPoints}`,
      `-search.maxQueryDuration=${queryLimit}s`,
      "-search.maxUniqueTimeseries=2000000",
      "-memory.allowedPercent=25",
    ];
    const child = this.spawned(this.programs.store, args, log);
    const url = `http://127.0.0.1:${port}`;
    for (let waited = 0; waited < startLimit * 10 && this.running.has(child); waited += 1) {
      if (await answers(`${url}/health`)) return new Store(url, () => this.end(child));
      await pause(100);
    }
    throw new KitError(`VictoriaMetrics did not start for the backtest. The end of its log:\n${tail(log)}`);
  }

  /**
   * Lets vmalert replay a file of rules: it asks the store, and writes there what it finds.
   * One question for each rule: of several in a row vmalert carries a pending alert over those that found nothing.
   * @param span seconds since 1970
   * @returns why the store refused what it was asked for a rule, by the rule's name
   * @throws KitError with vmalert's own words when it refuses the file
   */
  async evaluate(file: string, store: Store, span: Span): Promise<ReadonlyMap<string, string>> {
    const log = `${file}.log`;
    const time = (seconds: number) => new Date(seconds * 1000).toISOString();
    const args = [
      `-rule=${file}`,
      `-datasource.url=${store.url}`,
      `-remoteWrite.url=${store.url}`,
      `-replay.timeFrom=${time(span.from)}`,
      `-replay.timeTo=${time(span.to)}`,
      `-replay.maxDatapointsPerQuery=${mostPoints}`,
      "-replay.rulesDelay=0s",
      "-replay.ruleRetryAttempts=1",
      "-replay.disableProgressBar",
      "-replay.continueWithExecutionErr",
      "-remoteWrite.flushInterval=100ms",
      "-remoteWrite.maxQueueSize=1000000",
      "-disableAlertgroupLabel",
      "-external.url=http://127.0.0.1",
      "-loggerLevel=WARN",
      "-loggerFormat=json",
    ];
    const child = this.spawned(this.programs.evaluator, args, log);
    const [code] = (await once(child, "exit")) as [number | null];
    const said = messages(readFileSync(log, "utf8"));
    if (code !== 0) throw new KitError(`vmalert refused to replay: ${said.at(-1) ?? `it ended with ${code}`}`);
    await store.flush();
    return new Map(said.flatMap((message) => refusal(message) ?? []));
  }

  /** Ends everything and takes the folder away. */
  async close(): Promise<void> {
    await Promise.all([...this.running].map((child) => this.end(child)));
    process.removeListener("exit", this.atExit);
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.removeListener(signal, this.atSignal);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private spawned(program: string, args: readonly string[], log: string): ChildProcess {
    const out = openSync(log, "a");
    const child = spawn(program, args, { stdio: ["ignore", out, out], cwd: this.folder });
    closeSync(out);
    this.running.add(child);
    child.once("exit", () => this.running.delete(child));
    // Whoever waits sees that it never ran: a child without a process has no exit.
    child.once("error", () => child.emit("exit", 127, null));
    return child;
  }

  private async end(child: ChildProcess): Promise<void> {
    if (!this.running.has(child)) return;
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    const force = setTimeout(() => child.kill("SIGKILL"), 30_000);
    await ended;
    clearTimeout(force);
  }
}

/** Evaluations of one rule at most: half a year each 15 s. */
const mostPoints = 1_100_000;

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

/** What vmalert logs, as far as it is a complaint. */
function messages(log: string): string[] {
  return log.split("\n").flatMap((line) => {
    if (!line.startsWith("{")) return [];
    const { level, msg } = JSON.parse(line) as { level: string; msg: string };
    return ["error", "fatal", "panic"].includes(level) ? [msg] : [];
  });
}

/** The rule that a complaint is about, and the store's own words where it quotes them. */
function refusal(message: string): [string, string][] | undefined {
  const [, name, why = ""] = /^rule "((?:[^"\\]|\\.)*)": (.*)$/s.exec(message) ?? [];
  if (name === undefined) return undefined;
  const [, quoted] = /"error":("(?:[^"\\]|\\.)*")/.exec(why) ?? [];
  const words = quoted === undefined ? why : (JSON.parse(quoted) as string);
  // In front of the reason it says what it was doing, from the outside in.
  return [[name, words.replace(/^.*cannot (?:evaluate|execute) "(?:[^"\\]|\\.)*": /s, "")]];
}

/** A running store. */
export class Store {
  constructor(
    readonly url: string,
    readonly end: () => Promise<void>,
  ) {}

  /** Takes lines as {@link linesOf} gives them. */
  async add(lines: string): Promise<void> {
    const answer = await fetch(`${this.url}/api/v1/import`, { method: "POST", body: lines });
    if (!answer.ok) throw new KitError(`VictoriaMetrics refused the history: ${await answer.text()}`);
  }

  /** What was written so far can be read from here on. */
  async flush(): Promise<void> {
    await (await fetch(`${this.url}/internal/force_flush`)).text();
  }

  /** The raw samples of every series that a selector finds; those from beyond now too, which VictoriaMetrics leaves out. */
  async samples(selector: string): Promise<{ labels: Record<string, string>; times: number[] }[]> {
    const body = new URLSearchParams({ "match[]": selector, end: String(Date.now() / 1000 + beyondNow) });
    const answer = await fetch(`${this.url}/api/v1/export`, { method: "POST", body });
    const text = await answer.text();
    if (!answer.ok) throw new KitError(`VictoriaMetrics can't export ${selector}: ${text}`);
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => {
        const { metric, timestamps } = JSON.parse(line) as { metric: Record<string, string>; timestamps: number[] };
        return { labels: metric, times: timestamps.map((time) => time / 1000) };
      });
  }

  /** Whether there is any series of a selector, at any time: asked from 0 on, VictoriaMetrics looks at the last day only. */
  async has(selector: string): Promise<boolean> {
    const body = new URLSearchParams({ "match[]": selector, start: "1", limit: "1" });
    const { data } = (await (await fetch(`${this.url}/api/v1/series`, { method: "POST", body })).json()) as {
      data?: unknown[];
    };
    return (data ?? []).length > 0;
  }
}
