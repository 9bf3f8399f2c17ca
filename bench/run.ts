import { mkdirSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import { dirname, join } from "node:path";
import { runCommand, UsageError, type Command } from "../tools/cli";
import { table } from "../tools/render/summary";
import { emissionCost } from "./emission";
import type { Figure, Measured } from "./measure";
import { liveResults, memory, nodeStart } from "./node";
import { planTimes, renderTimes } from "./render";
import { reviewTimes } from "./review";

const root = join(__dirname, "..");
const file = join("build", "bench.json");

const command = {
  name: "bench",
  summary: "Measures rendering, reviews and, with --engine, the engine and the stack on the running hermetic node.",
  flags: {
    rounds: { type: "string", value: "N", description: "how often each case runs; the median counts", default: "5" },
    engine: { type: "boolean", description: "previews on the hermetic node too; the node must run" },
    latency: { type: "boolean", description: "every panel and page over a day of 100,000 series too; some minutes" },
    rules: { type: "boolean", description: "evaluation of all rules by a real Prometheus too; some minutes" },
    compression: { type: "boolean", description: "bytes of live data in the real stores too; some minutes" },
  },
} as const satisfies Command;

/** What needs a node and has none is named with its reason; it is no failure. */
async function attempted(what: string, measure: () => Measured | Promise<Measured>): Promise<Measured> {
  try {
    return await measure();
  } catch (error) {
    return { figures: [], missing: [{ what, why: error instanceof Error ? error.message : String(error) }] };
  }
}

function row({ what, value, unit, ratio, goal, note }: Figure): string[] {
  const digits = value < 10 ? 2 : value < 100 ? 1 : 0;
  const met = goal === undefined ? "" : `${value <= goal ? "" : "missed: "}≤ ${goal} ${unit}`;
  return [
    what,
    `${value.toFixed(digits)} ${unit}`,
    ratio === undefined ? "" : `× ${ratio.toFixed(1)}`,
    met,
    note ?? "",
  ];
}

void runCommand(command, async ({ rounds, engine, latency, rules, compression }) => {
  const count = Number(rounds);
  if (!Number.isInteger(count) || count < 1) throw new UsageError(`--rounds ${rounds}: a whole number from 1 on`);
  const parts = [
    renderTimes(root, count),
    planTimes(4 * count),
    await attempted("review", () => reviewTimes(root, Math.min(count, 3))),
    await attempted("cost of emission", () => emissionCost(root, count)),
    await attempted("memory of the local stack", memory),
    await attempted("start of the node", nodeStart),
    liveResults(root),
  ];
  if (engine) {
    parts.push(await attempted("previews", async () => (await import("./engine.js")).previewTimes(Math.min(count, 3))));
  }
  if (compression) {
    const measured = async () => (await import("./compression.js")).compressionOfData();
    parts.push(await attempted("compression", measured));
  }
  if (rules) parts.push(await attempted("evaluation of rules", async () => (await import("./rules.js")).ruleTimes()));
  if (latency) {
    parts.push(await attempted("latency of panels", async () => (await import("./latency.js")).latencyTimes()));
  }
  const figures = parts.flatMap((part) => part.figures);
  const missing = parts.flatMap((part) => part.missing);
  const [cpu] = os.cpus();
  const machine = {
    cpu: cpu?.model ?? "unknown",
    cpus: os.cpus().length,
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    node: process.version,
    platform: `${os.platform()} ${os.arch()}`,
  };
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), `${JSON.stringify({ machine, rounds: count, figures, missing }, null, 2)}\n`);
  console.log(
    `${machine.cpus} × ${machine.cpu}, ${machine.memoryGiB} GiB, Node.js ${machine.node}; median of ${count}`,
  );
  console.log(table(["what", "figure", "floor", "goal", ""], figures.map(row)));
  for (const { what, why } of missing) console.log(`  not measured: ${what}: ${why}`);
  console.log(`  in ${file}`);
  return 0;
});
