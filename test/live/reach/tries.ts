import { spawn } from "node:child_process";
import * as path from "node:path";
import { text } from "node:stream/consumers";
import { buildSync } from "esbuild";
import { run } from "../../../tools/testbed/shell";
import type { Places, Source, Target } from "./places";
import type { Order, Trial } from "./probe";

/** One port tried from one place. */
export interface Try {
  readonly from: Source;
  readonly to: Target;
  /** `open`, `silent`, or what else the other end or the system said. */
  readonly outcome: string;
}

/** Milliseconds until silence is taken for an answer: a lost first packet is sent again after one second, and after three. */
const PATIENCE = 3500;
/** Places from which is tried at the same time: few enough that the engine's queue of 1,024 packets never fills. */
const AT_ONCE = 4;

/**
 * Tries every port from every place. The program runs in the network of each pod, so that the kernel, and whoever it
 * asks, takes it for the pod.
 */
export async function tryAll({ sources, targets }: Places): Promise<Try[]> {
  const program = probeProgram();
  const queue = sources.map((from) => ({ from, to: targets.filter((target) => isWorthATry(from, target)) }));
  const tries: Try[] = [];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      tries.push(...(await tryFrom(program, next.from, next.to)));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return tries;
}

/** The same tries once more. */
export async function tryAgain(tries: readonly Try[]): Promise<Try[]> {
  const program = probeProgram();
  const sources = [...new Set(tries.map(({ from }) => from))];
  const again: Try[] = [];
  for (const source of sources) {
    const own = tries.filter(({ from }) => from === source).map(({ to }) => to);
    again.push(...(await tryFrom(program, source, own)));
  }
  return again;
}

/** A pod that speaks to itself does not leave its own network, and so does the node; root's are for comparison. */
function isWorthATry(from: Source, to: Target): boolean {
  return from.peer.address !== to.peer.address || from.free;
}

async function tryFrom(program: string, from: Source, targets: readonly Target[]): Promise<Try[]> {
  if (targets.length === 0) return [];
  const doors = targets.map(({ address, port, protocol }) => ({ address, port, protocol }));
  const order: Order = { doors, patience: PATIENCE, ...(from.user === undefined ? {} : { user: from.user }) };
  const inNetwork = from.pid === undefined ? [] : ["nsenter", `--net=/proc/${from.pid}/ns/net`];
  const [command = "", ...args] = [...inNetwork, process.execPath, "-e", program];
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"], timeout: 4 * PATIENCE });
  child.stdin.end(JSON.stringify(order));
  const [answer, complaint] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const trials = parseTrials(answer);
  if (trials?.length !== targets.length) throw new Error(`the tries from ${from.name} failed: ${complaint || answer}`);
  const passed = trials.some(({ outcome }) => outcome === "sent") ? trackedDatagrams() : [];
  return targets.map((to, index) => {
    const { outcome, localPort } = trials[index] ?? { outcome: "lost", localPort: 0 };
    if (outcome !== "sent") return { from, to, outcome };
    const found = passed.some(
      ({ source, destination, sourcePort, port }) =>
        (from.pid === undefined || source === from.peer.address) &&
        sourcePort === localPort &&
        destination === to.address &&
        port === to.port,
    );
    return { from, to, outcome: found ? "open" : "silent" };
  });
}

function parseTrials(answer: string): Trial[] | undefined {
  try {
    return JSON.parse(answer) as Trial[];
  } catch {
    return undefined;
  }
}

/** How a datagram was sent. */
interface Datagram {
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly port: number;
}

/**
 * Datagrams that the kernel has let pass: it tracks one only after the last rule that could have dropped it, and for
 * half a minute when nobody answers.
 */
function trackedDatagrams(): Datagram[] {
  return run("conntrack", ["-L", "-p", "udp"])
    .split("\n")
    .filter((line) => line.startsWith("udp"))
    .map((line) => {
      // The first half of a line is how it was sent.
      const value = (name: string) => new RegExp(`\\b${name}=(\\S+)`).exec(line)?.[1] ?? "";
      return {
        source: value("src"),
        sourcePort: Number(value("sport")),
        destination: value("dst"),
        port: Number(value("dport")),
      };
    });
}

/** The program as one text: pods' images have no shell and no files of ours. */
function probeProgram(): string {
  const { outputFiles } = buildSync({
    entryPoints: [path.join(__dirname, "probe.ts")],
    bundle: true,
    minify: true,
    platform: "node",
    target: "node20",
    write: false,
    logLevel: "error",
  });
  return outputFiles[0]?.text ?? "";
}
