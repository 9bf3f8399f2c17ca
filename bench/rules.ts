import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { prometheusRules } from "../alerts";
import { yaml } from "../stacks/system";
import { freePort } from "../tools/free-port";
import { toolPath } from "../tools/testbed/build";
import { readEnvironment } from "../tools/stack-file";
import { median, type Figure, type Measured } from "./measure";
import { catalogue } from "../stacks/systems";

/** How many services emit everything that the catalogue knows of an application. */
const SIZES = [10, 100, 1000] as const;
/** Sources of which each service has every metric once. */
const SOURCES = ["application", "span metrics"];
/** History behind the evaluated instant: a sample each minute for half an hour. Longer windows read what there is. */
const SAMPLES = 30;
const STEP_SECONDS = 60;
const BOUNDS = ["0.1", "0.5", "1", "5", "+Inf"];
/** Evaluations of all groups that are waited for; the median of their sums counts. */
const ROUNDS = 3;
const LIMIT_SECONDS = 90;

/**
 * How long a real Prometheus takes to evaluate all rules of `local` once, for ever more services, as a ratio to the
 * fewest. Series are made beforehand: nothing is scraped or written while it evaluates.
 */
export async function ruleTimes(): Promise<Measured> {
  const times: { services: number; seconds: number; series: number; rules: number }[] = [];
  for (const services of SIZES) times.push({ services, ...(await evaluated(services)) });
  const [first] = times;
  const figures = times.map(({ services, seconds, series, rules }): Figure => ({
    id: `rules.${services}`,
    what: `evaluation of all ${rules} rules, ${services} services`,
    value: seconds * 1000,
    unit: "ms",
    ...(first === undefined ? {} : { ratio: seconds / first.seconds }),
    note: `${series} series; the ratio is to ${SIZES[0]} services`,
  }));
  return { figures, missing: [] };
}

/** Seconds for one evaluation of everything. @throws Error when a tool is not built, or Prometheus gives no answer in time */
async function evaluated(services: number): Promise<{ seconds: number; series: number; rules: number }> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "bench-rules-"));
  let server: ChildProcess | undefined;
  try {
    const series = await writeSamples(path.join(folder, "samples.txt"), services);
    const made = spawnSync(
      toolPath("promtool"),
      ["tsdb", "create-blocks-from", "openmetrics", "--quiet", "samples.txt", "data"],
      { cwd: folder, encoding: "utf8" },
    );
    if (made.status !== 0) throw new Error(`promtool made no blocks: ${made.stderr || String(made.error)}`);
    const rules = writeRules(folder);
    const port = await freePort();
    server = spawn(
      toolPath("prometheus"),
      ["--config.file=prometheus.yml", "--storage.tsdb.path=data", `--web.listen-address=127.0.0.1:${port}`],
      { cwd: folder, stdio: ["ignore", "ignore", fs.openSync(path.join(folder, "log"), "w")] },
    );
    const ended = new Promise<never>((_, reject) => {
      server?.once("exit", () => reject(new Error(fs.readFileSync(path.join(folder, "log"), "utf8").slice(-1000))));
    });
    return { seconds: await Promise.race([sumOfGroups(`http://127.0.0.1:${port}`), ended]), series, rules };
  } finally {
    if (server?.exitCode === null) {
      const ended = new Promise((resolve) => server?.once("close", resolve));
      server.kill();
      await ended;
    }
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** The rules as they are deployed, but all on one interval: what counts is how long they take, not how often. */
function writeRules(folder: string): number {
  const files = Object.entries(prometheusRules(readEnvironment("local")));
  for (const [file, groups] of files) {
    const text = yaml({ groups: groups.map(({ name, rules }) => ({ name, rules })) });
    fs.writeFileSync(path.join(folder, file), text);
  }
  const global = { evaluation_interval: "5s" };
  fs.writeFileSync(path.join(folder, "prometheus.yml"), yaml({ global, rule_files: files.map(([file]) => file) }));
  return files.reduce((sum, [, groups]) => sum + groups.reduce((rules, group) => rules + group.rules.length, 0), 0);
}

/** Counters of what goes wrong. */
const failures = /error|fail|miss|evict/;

/**
 * Writes the history of every series up to now, as OpenMetrics. All services are well: an alert that fires costs its
 * templates as well, and a thousand services that all fail at once are another question.
 * @returns how many series
 */
async function writeSamples(file: string, services: number): Promise<number> {
  const out = fs.createWriteStream(file);
  const end = Math.floor(Date.now() / 1000);
  const metrics = catalogue.metrics.filter(({ source }) => SOURCES.includes(source));
  let count = 0;
  const write = async (name: string, labels: Readonly<Record<string, string>>, perStep: number, grows: boolean) => {
    const text = Object.entries(labels)
      .map(([label, value]) => `${label}="${value}"`)
      .join(",");
    let lines = "";
    for (let sample = 0; sample < SAMPLES; sample++) {
      const value = grows ? perStep * sample : perStep;
      lines += `${name}{${text}} ${value} ${end - (SAMPLES - 1 - sample) * STEP_SECONDS}\n`;
    }
    count++;
    if (!out.write(lines)) await once(out, "drain");
  };
  for (const { name, kind, labels } of metrics) {
    for (let service = 0; service < services; service++) {
      const own = Object.fromEntries(labels.map((label) => [label, labelValue(label, service)]));
      if (kind !== "histogram") {
        await write(name, own, failures.test(name) ? 0 : 10 + (service % 7), kind === "counter");
        continue;
      }
      // Everything is answered within the first bound.
      for (const le of BOUNDS) await write(`${name}_bucket`, { ...own, le }, 25, true);
      await write(`${name}_count`, own, 25, true);
      await write(`${name}_sum`, own, 1, true);
    }
  }
  out.end("# EOF\n");
  await once(out, "finish");
  return count;
}

/** One value for each label, but where it tells services apart. */
function labelValue(label: string, service: number): string {
  if (["service_name", "service", "server", "instance", "k8s_pod_name"].includes(label)) return `service-${service}`;
  if (label === "client") return `service-${service + 1}`;
  return { cluster: "local", status: "200", method: "GET", status_code: "STATUS_CODE_UNSET" }[label] ?? label;
}

interface Group {
  readonly file: string;
  readonly name: string;
  readonly evaluationTime: number;
  readonly lastEvaluation: string;
}

/** The median of the sums over all groups, of as many evaluations as there are rounds. */
async function sumOfGroups(url: string): Promise<number> {
  const times = new Map<string, { last: string; seconds: number[] }>();
  const until = Date.now() + LIMIT_SECONDS * 1000;
  while (Date.now() < until) {
    await pause(500);
    for (const { file, name, evaluationTime, lastEvaluation } of await groupsOf(url)) {
      const known = times.get(`${file} ${name}`) ?? { last: "", seconds: [] };
      times.set(`${file} ${name}`, known);
      if (lastEvaluation.startsWith("0001") || lastEvaluation === known.last) continue;
      known.last = lastEvaluation;
      known.seconds.push(evaluationTime);
    }
    const all = [...times.values()];
    if (all.length > 0 && all.every(({ seconds }) => seconds.length >= ROUNDS)) {
      return all.reduce((sum, { seconds }) => sum + median(seconds.slice(0, ROUNDS)), 0);
    }
  }
  throw new Error(`not every group was evaluated ${ROUNDS} times within ${LIMIT_SECONDS} s`);
}

/** None while the server starts. */
async function groupsOf(url: string): Promise<Group[]> {
  try {
    const answer = (await (await fetch(`${url}/api/v1/rules`)).json()) as { data: { groups: Group[] } };
    return answer.data.groups;
  } catch {
    return [];
  }
}
