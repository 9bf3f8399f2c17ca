import { runCommand, type Command } from "./cli";
import { table } from "./engine/printer";
import { stackNamespaces, unready } from "./engine/readiness";
import { statusRows, systemStatus } from "./engine/systems";
import { requestedTarget, resolveTarget, targetFlags } from "./engine/target";
import { readEnvironment } from "./stack-file";

const command = {
  name: "status",
  summary: "Shows what runs, by system. Exit code 1 unless everything is ready.",
  flags: targetFlags,
} as const satisfies Command;

void runCommand(command, async (values) => {
  const request = requestedTarget(command, values);
  const target = await resolveTarget(request, values.env, { prepare: false, progress: () => undefined });
  const { namespace } = readEnvironment(values.env, target.settings);
  const namespaces = await stackNamespaces(target.cluster, namespace);
  const systems = await systemStatus(target.cluster, namespaces);
  if (systems.length === 0) {
    console.log(`nothing of "${values.env}" runs in namespace ${namespace} of ${target.context}`);
    return 1;
  }
  console.log(table(statusRows(systems)));
  const missing = await unready(target.cluster, namespaces);
  for (const { what, why } of missing) console.log(`not ready: ${what}: ${why}`);
  return missing.length === 0 ? 0 : 1;
});
