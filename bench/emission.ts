import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { median, type Figure, type Measured } from "./measure";

/** Percent of a request's CPU time that emission may add (L4). */
const goals = { metrics: 2, tracing: 10 } as const;

const cases = ["bare", "metrics", "tracing", "both"] as const;
type Case = (typeof cases)[number];

const REQUESTS = 600;

/**
 * What emission costs an application: CPU time of a request with and without metrics and tracing, each case in a
 * process of its own with the whole SDK and its exporters, which send to a server here. Rounds go over all cases, and a
 * round's ratios are taken within it, so that a slow moment of the machine meets all.
 */
export async function emissionCost(root: string, rounds: number): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), "bench-emission-"));
  const sink = createServer((request, response) => request.resume().on("end", () => response.end()));
  try {
    await new Promise<void>((resolve) => sink.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(sink.address() as AddressInfo).port}`;
    const program = join(folder, "case.js");
    buildSync({
      absWorkingDir: root,
      entryPoints: ["bench/emission-case.ts"],
      bundle: true,
      platform: "node",
      target: "node20",
      mainFields: ["module", "main"],
      outfile: program,
      logLevel: "error",
    });
    const found = new Map<Case, number[]>(cases.map((name) => [name, []]));
    for (let round = 0; round < rounds; round++) {
      for (const name of cases) found.get(name)?.push(await microsecondsOf(program, name, url));
    }
    return { figures: figuresOf(found), missing: [] };
  } finally {
    sink.close();
    sink.closeAllConnections();
    rmSync(folder, { recursive: true, force: true });
  }
}

function figuresOf(found: ReadonlyMap<Case, readonly number[]>): Figure[] {
  const bare = found.get("bare") ?? [];
  const added = (name: Case) =>
    median((found.get(name) ?? []).map((time, round) => (100 * time) / (bare[round] ?? NaN) - 100));
  const figure = (name: Exclude<Case, "bare">, what: string, rest: Partial<Figure>): Figure => {
    return { id: `emission.${name}`, what, value: added(name), unit: "%", ...rest };
  };
  return [
    {
      id: "emission.bare",
      what: "CPU time of a request without emission",
      value: median(bare) / 1000,
      unit: "ms",
      note: "JSON and hashing",
    },
    figure("metrics", "  added by metrics", { goal: goals.metrics, note: "5 instruments" }),
    figure("tracing", "  added by tracing", { goal: goals.tracing, note: "3 spans, each exported" }),
    figure("both", "  added by both", {}),
  ];
}

/** @throws Error with what the process said when it fails */
function microsecondsOf(program: string, name: Case, url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, name, url, String(REQUESTS)]);
    let [out, said] = ["", ""];
    child.stdout.on("data", (text: Buffer) => (out += text.toString()));
    child.stderr.on("data", (text: Buffer) => (said += text.toString()));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(Number(out));
      else reject(new Error(`the case ${name} failed (${code}): ${said}`));
    });
  });
}
