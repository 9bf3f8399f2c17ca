import { request } from "node:http";
import { isRole, settingsOf } from "./settings";
import { roles } from "./roles";
import { startRole } from "./start";
import { otlpExporters } from "./telemetry";

/**
 * `node phoenix.js <role>` runs a role until SIGTERM; `node phoenix.js faults '{"errors": 0.2}'` asks the API to switch
 * faults, and without them says which hold.
 */
async function main([command, input]: readonly string[]): Promise<void> {
  const settings = settingsOf(process.env);
  if (command === "faults") return switchFaults(settings.host("api"), settings.port("api"), input);
  if (!isRole(command)) throw new Error(`"${command ?? ""}" is no role; there are ${roles.join(", ")}, and faults`);
  const running = await startRole(command, settings, otlpExporters(settings.otlpUrl));
  for (const signal of ["SIGTERM", "SIGINT"])
    process.once(signal, () => void running.stop().then(() => process.exit(0)));
}

function switchFaults(host: string, port: number, input: string | undefined): Promise<void> {
  const method = input === undefined ? "GET" : "POST";
  return new Promise((resolve, reject) => {
    const sent = request({ host, port, path: "/faults", method }, (response) => {
      response.on("data", (text: Buffer) => process.stdout.write(text));
      response.on("end", () => {
        process.stdout.write("\n");
        process.exitCode = response.statusCode === 200 ? 0 : 1;
        resolve();
      });
    });
    sent.on("error", reject);
    sent.end(input);
  });
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
