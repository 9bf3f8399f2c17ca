import { buildTools } from "./build";
import { givenNames, givenReport, givenState } from "./given";
import { IMAGES, type ImageName } from "./image-table";
import { importImages } from "./images";
import { nodeStatus, startNode, stopNode } from "./node";
import { KitError } from "./shell";
import { imageSource } from "./pull";
import { defaultTools, type ToolName } from "./tools";

const USAGE = `Usage: tsx tools/testbed/kit.ts COMMAND

  build [TOOL...]             build the tools (default: all that the node and its images need)
  up [--trace-all]            boot the node; --trace-all keeps every span of the API server
  down                        end the node and remove what it put on this machine
  status                      what runs
  images NAME=REFERENCE...    make images and import them under these references
  given                       which programs a person gives, where they come from, and which are here`;

const started = Date.now();

function progress(line: string): void {
  console.log(`${((Date.now() - started) / 1000).toFixed(1).padStart(6)} s  ${line}`);
}

async function main([command, ...args]: string[]): Promise<void> {
  switch (command) {
    case "build":
      return build(args as ToolName[]);
    case "up":
      return up(args);
    case "down":
      await stopNode(progress);
      return progress("nothing of the node is left");
    case "status":
      return status();
    case "images":
      return images(args);
    case "given":
      return given();
    default:
      throw new KitError(USAGE);
  }
}

async function build(names: ToolName[]): Promise<void> {
  const wanted = names.length > 0 ? names : defaultTools((await imageSource()) === "pull");
  const binaries = await buildTools(wanted, progress);
  for (const file of Object.values(binaries)) console.log(file);
}

async function up(args: string[]): Promise<void> {
  const unknown = args.filter((arg) => arg !== "--trace-all");
  if (unknown.length > 0) throw new KitError(`unknown option ${unknown.join(" ")}\n\n${USAGE}`);
  const tracing = args.includes("--trace-all") ? { samplingRatePerMillion: 1_000_000 } : {};
  const node = await startNode({ tracing, progress });
  progress(`ready: kubectl --kubeconfig ${node.kubeconfig} --context ${node.context} get pods -A`);
}

async function status(): Promise<void> {
  const { ready, processes, kubeconfig } = await nodeStatus();
  for (const [name, state] of Object.entries(processes)) console.log(`${name.padEnd(26)}${state}`);
  console.log(ready ? `ready, kubeconfig ${kubeconfig}` : "not ready");
  if (!ready) process.exitCode = 1;
}

async function images(args: string[]): Promise<void> {
  const references: Partial<Record<ImageName, string>> = {};
  for (const arg of args) {
    const [name, reference] = [arg.slice(0, arg.indexOf("=")), arg.slice(arg.indexOf("=") + 1)];
    if (!(name in IMAGES)) {
      throw new KitError(`"${arg}" is not NAME=REFERENCE with a NAME of ${Object.keys(IMAGES).join(", ")}`);
    }
    references[name as ImageName] = reference;
  }
  const imported = await importImages(references, progress);
  progress(`${imported.length} imported, ${args.length - imported.length} there already`);
}

function given(): void {
  const states = givenNames.map(givenState);
  console.log(givenReport(states));
  if (states.some(({ fault }) => fault !== undefined)) process.exitCode = 1;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof KitError ? error.message : error);
  process.exitCode = 1;
});
