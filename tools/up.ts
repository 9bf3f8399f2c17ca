import { runCommand, type Command } from "./cli";
import { accessLines } from "./engine/access";
import { Interrupt } from "./engine/interrupt";
import { Printer } from "./engine/printer";
import { stackNamespaces, waitUntilReady } from "./engine/readiness";
import { requestedTarget, resolveTarget, targetFlags } from "./engine/target";
import { readEnvironment } from "./stack-file";

const command = {
  name: "up",
  summary: "Deploys an environment onto a cluster and waits until everything is ready.",
  flags: {
    ...targetFlags,
    accept: { type: "boolean", description: "go on although the change loses data, or does not take place on volumes" },
  },
} as const satisfies Command;

void runCommand(command, async (values) => {
  const request = requestedTarget(command, values);
  const printer = new Printer();
  const target = await resolveTarget(request, values.env, { prepare: true, progress: printer.line });
  const environment = readEnvironment(values.env, target.settings);
  printer.line(
    `${values.env} goes to ${target.context} (${target.cluster.server.host}, Kubernetes ${target.kubernetes})`,
  );
  target.notes.forEach(printer.line);
  const { inspectChange, printedHazards } = await import("./engine/changes.js");
  const { hazards, first } = await inspectChange(target.cluster, environment);
  if (hazards.length > 0 && !values.accept) {
    console.error(printedHazards(hazards));
    return 1;
  }
  // Pulumi takes a moment to load: whoever mistyped a flag or a context does not wait for it.
  const { run } = await import("./engine/engine.js");
  const interrupt = new Interrupt(printer.line);
  return interrupt.during(async () => {
    const options = { onProgress: printer.show, note: printer.line, interrupt };
    if (first !== undefined) {
      printer.line("first with the larger quota: what runs does not fit the one that is planned");
      await run(target, values.env, "up", { ...options, settings: first });
    }
    const result = await run(target, values.env, "up", options).finally(() => printer.end());
    const counts = Object.entries(result.changes).map(([operation, count]) => `${count} ${operation}`);
    printer.line(`the engine is done in ${result.seconds.toFixed(1)} s: ${counts.join(", ")}`);
    const namespaces = await stackNamespaces(target.cluster, environment.namespace);
    await waitUntilReady(target.cluster, namespaces, {
      cancelled: () => interrupt.requested,
      onChange: (missing) => missing.forEach(({ what, why }) => printer.line(`not ready ${what}: ${why}`)),
    });
    printer.line("everything is ready");
    console.log(["", ...accessLines(target, environment.namespace, result.outputs)].join("\n"));
    return 0;
  });
});
