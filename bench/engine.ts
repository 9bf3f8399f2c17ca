import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { backendOf, run } from "../tools/engine/engine";
import type { Settings } from "../tools/stack-file";
import { resolveTarget, type Target } from "../tools/engine/target";
import { readEnvironment } from "../tools/stack-file";
import { median, type Figure, type Measured } from "./measure";

const env = "local";

/** Milliseconds for each resource of a preview. */
const GOAL = 25;

/** How the engine answers on the running hermetic node. Nothing is deployed, and the state of what is stays untouched. */
export async function previewTimes(rounds: number): Promise<Measured> {
  const target = await resolveTarget({ kind: "hermetic" }, env, { prepare: false, progress: () => undefined });
  const fresh = await previews("preview of a stack that is not there yet", "preview.first", rounds, {
    target: { ...target, identity: `${target.identity}-bench-first` },
    settings: { namespace: "bench" },
  });
  const copy = copyOf(target);
  if (copy === undefined) {
    const why = "the stack is not deployed on the node: npm run up -- --hermetic";
    return { figures: fresh, missing: [{ what: "preview without changes", why }] };
  }
  return {
    figures: [...fresh, ...(await previews("preview of what is deployed", "preview.again", rounds, copy))],
    missing: [],
  };
}

interface Subject {
  readonly target: Target;
  readonly settings: Settings;
}

async function previews(what: string, id: string, rounds: number, { target, settings }: Subject): Promise<Figure[]> {
  const folder = dirname(backendOf(target, readEnvironment(env, target.settings)).workFolder);
  try {
    const times: number[] = [];
    let counts: Readonly<Record<string, number>> = {};
    for (let round = 0; round < rounds; round++) {
      const { seconds, changes } = await run(target, env, "preview", { settings });
      times.push(seconds);
      counts = changes;
    }
    const resources = Object.values(counts).reduce((sum, count) => sum + count, 0);
    const note = Object.entries(counts)
      .map(([operation, count]) => `${count} ${operation}`)
      .join(", ");
    const seconds = median(times);
    return [
      { id, what, value: seconds, unit: "s", note },
      {
        id: `${id}.resource`,
        what: "  for each resource",
        value: (seconds * 1000) / resources,
        unit: "ms",
        goal: GOAL,
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * A copy of the state and of the settings with which it was made, for previews of their own: a deployment that runs at
 * the same time is neither held up nor given other settings.
 */
function copyOf(target: Target): Subject | undefined {
  const environment = readEnvironment(env, target.settings);
  const { workFolder, stateFolder } = backendOf(target, environment);
  const stackFile = join(workFolder, `Pulumi.${env}.yaml`);
  if (stateFolder === undefined || !existsSync(stackFile) || !existsSync(join(stateFolder, ".pulumi")))
    return undefined;
  const own = { ...target, identity: `${target.identity}-bench-again` };
  const folder = dirname(backendOf(own, environment).workFolder);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const part of ["state", "passphrase", `work-${env}`]) {
    const from = join(dirname(workFolder), part);
    if (existsSync(from)) cpSync(from, join(folder, part), { recursive: true });
  }
  const { config = {} } = parse(readFileSync(stackFile, "utf8")) as { config?: Record<string, unknown> };
  const settings = Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.replace(/^observability:/, ""), value]),
  );
  return { target: own, settings };
}
