import { runCommand, UsageError, type Command } from "./cli";
import { forgetOtherNodes, runningNode } from "./engine/hermetic";
import { Interrupt } from "./engine/interrupt";
import { Printer } from "./engine/printer";
import { requestedTarget, resolveTarget, targetFlags, type TargetRequest } from "./engine/target";
import { readEnvironment } from "./stack-file";
import { stopNode } from "./testbed/node";

const command = {
  name: "down",
  summary: "Deletes what was deployed, its data included; --hermetic ends the node as well.",
  flags: { ...targetFlags, yes: { type: "boolean", description: "really: needed for a prod environment" } },
} as const satisfies Command;

void runCommand(command, async (values) => {
  const request = requestedTarget(command, values);
  const { profile, cluster } = readEnvironment(values.env);
  if (profile === "prod" && !values.yes) {
    throw new UsageError(
      `down deletes "${values.env}" (cluster "${cluster}") with all its data: add --yes if you mean it`,
    );
  }
  const printer = new Printer();
  if (request.kind !== "hermetic") return destroy(request, values.env, printer);
  try {
    // A node that runs no more has nothing to delete: its cluster ended with it.
    if ((await runningNode()) !== undefined) await destroy(request, values.env, printer);
  } finally {
    await stopNode(printer.line);
    forgetOtherNodes(undefined);
    printer.line("nothing of the node is left");
  }
  return 0;
});

async function destroy(request: TargetRequest, env: string, printer: Printer): Promise<number> {
  const target = await resolveTarget(request, env, { prepare: false, progress: printer.line });
  printer.line(`${env} is taken from ${target.context} (${target.cluster.server.host})`);
  const { run } = await import("./engine/engine.js");
  const interrupt = new Interrupt(printer.line);
  const options = { onProgress: printer.show, note: printer.line, interrupt };
  const { changes, changed, seconds } = await interrupt
    .during(() => run(target, env, "destroy", options))
    .finally(() => printer.end());
  const count = changes["delete"] ?? changed.length;
  printer.line(count === 0 ? "there was nothing to delete" : `${count} resources deleted in ${seconds.toFixed(1)} s`);
  return 0;
}
