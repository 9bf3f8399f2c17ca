import * as path from "node:path";
import { runCommand, UsageError, type Command } from "../../tools/cli";
import { projectRoot } from "../../tools/stack-file";
import { resolveTarget, type TargetRequest } from "../../tools/engine/target";
import { nodeStatus } from "../../tools/testbed/node";
import { deploys } from "./checks/01-deploys";
import { changes } from "./checks/02-changes";
import { realInput } from "./checks/03-real-input";
import { applications } from "./checks/04-applications";
import { objectStorage } from "./checks/05-object-storage";
import { correlation } from "./checks/06-correlation";
import { alerts } from "./checks/07-alerts";
import { endings } from "./checks/08-endings";
import { security } from "./checks/09-security";
import { leavesNothing } from "./checks/10-leaves-nothing";
import { dryRun } from "./checks/11-dry-run";
import { quota } from "./checks/20-quota";
import { aws } from "./checks/12-aws";
import { catalogued } from "./checks/13-catalogue";
import { panels } from "./checks/14-panels";
import { latency } from "./checks/15-latency";
import { links } from "./checks/16-links";
import { retention } from "./checks/19-retention";
import { policies } from "./checks/22-policies";
import { review } from "./checks/23-review";
import { topologies } from "./checks/21-topologies";
import { networkPolicies } from "./checks/27-network-policies";
import { stagesAlone } from "./checks/25-stages";
import { samplers } from "./checks/26-samplers";
import { alertWays } from "./checks/17-alert-ways";
import { alertPairs } from "./checks/18-alert-pairs";
import { ordinaryCli } from "./checks/24-ordinary-cli";
import { packs } from "./checks/28-packs";
import { followed } from "./checks/29-runbooks";
import { busyNight, idleNight } from "./checks/30-quiet-night";
import { provoked } from "./checks/31-provoked";
import { Connections } from "./connections";
import { Live, type LiveCheck } from "./context";
import { deployApps } from "./demo";
import { Report } from "./report";

/**
 * Groups that run one after the other; the lines of a group run side by side, the checks of a line in order. What
 * needs an empty cluster comes first, what takes everything away last.
 */
const order: readonly (readonly (readonly LiveCheck[])[])[] = [
  [[dryRun]],
  [[ordinaryCli]],
  [[stagesAlone]],
  [[deploys]],
  // Alerts take minutes of waiting only.
  [[alerts], [realInput, applications, correlation, aws, review]],
  // Before anything is broken: they say what is healthy.
  [[policies], [followed]],
  [[changes]],
  [[alertWays]],
  [[alertPairs]],
  [[packs]],
  [[samplers]],
  [[objectStorage], [quota]],
  [[endings]],
  [[topologies]],
  // After what fails and recovers: some panels are about nothing else.
  [[links, catalogued, panels]],
  [[security]],
  // After what asks which flows were seen: it opens every connection that is allowed.
  [[networkPolicies]],
  // Servers of their own: they take the machine's cores, and nothing of the stack.
  [[retention, latency]],
  [[idleNight, busyNight]],
  [[provoked]],
  [[leavesNothing]],
];

const allChecks = order.flat(2);

const command = {
  name: "e2e",
  summary: "The live suite: the whole stack on a real cluster, with real input.",
  flags: {
    smoke: { type: "boolean", description: "only what CI runs; minutes instead of half an hour" },
    context: {
      type: "string",
      value: "NAME",
      description: "a cluster by its kube context (default: the hermetic node)",
    },
    only: { type: "string", value: "3,4", description: "only these checks, on a stack that is deployed already" },
    keep: { type: "boolean", description: "leave the stack, and the node, as they are at the end" },
  },
} as const satisfies Command;

// Who stops the suite ends the servers that it started as well: they listen to the end of this process.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

void runCommand(command, async ({ smoke, context, only, keep }) => {
  const wanted = chosen(smoke, only);
  const report = new Report();
  const request: TargetRequest = context === undefined ? { kind: "hermetic" } : { kind: "context", context };
  const ranBefore = request.kind === "hermetic" && (await nodeStatus()).ready;
  const progress = (line: string) => report.note(line);
  const target = await resolveTarget(request, "local", { prepare: true, progress });
  const connections = request.kind === "hermetic" ? new Connections(target.cluster) : undefined;
  const live = new Live(target, report, connections, {
    keep,
    startedNode: request.kind === "hermetic" && !ranBefore,
  });
  await connections?.start();
  try {
    await deployApps(target.cluster, live.environment);
    report.note("the suite's applications run");
    for (const group of order) {
      const lines = group.map((line) => line.filter(({ id }) => wanted.has(id)));
      await Promise.all(lines.map((line) => runLine(live, line)));
    }
  } finally {
    connections?.stop();
    for (const check of allChecks.filter(({ id }) => !wanted.has(id))) {
      report.check(check.id, true).skip(check.what, whyLeft(check, smoke, only !== undefined));
    }
    report.write(path.join(projectRoot, "build", "e2e", "results.json"));
    console.log(`\n${report.table()}`);
  }
  return report.failed > 0 ? 1 : 0;
});

function whyLeft({ id, byName = false }: LiveCheck, smoke: boolean | undefined, named: boolean): string {
  if (named) return "not asked for";
  return byName && smoke !== true ? `it takes longer than the rest: --only ${id}` : "not part of --smoke";
}

async function runLine(live: Live, checks: readonly LiveCheck[]): Promise<void> {
  for (const check of checks) {
    live.report.note(`${check.id}. ${check.what}`);
    // Outside its steps a check has nothing that may fail: if it does, the others still have their say.
    await check
      .run(live)
      .catch((error: unknown) => live.report.check(check.id).step(check.what, () => Promise.reject(error as Error)));
  }
}

/** Numbers of the checks to run. @throws UsageError for what is no check */
function chosen(smoke: boolean, only: string | undefined): Set<number> {
  if (only === undefined) {
    const asked = allChecks.filter(({ smoke: quick, byName = false }) => (smoke ? quick : !byName));
    return new Set(asked.map(({ id }) => id));
  }
  const ids = only.split(",").map(Number);
  const wrong = ids.filter((id) => !allChecks.some((check) => check.id === id));
  if (wrong.length > 0)
    throw new UsageError(
      `--only ${only}: the checks are ${allChecks
        .map(({ id }) => id)
        .sort((a, b) => a - b)
        .join(", ")}`,
    );
  return new Set(ids);
}
