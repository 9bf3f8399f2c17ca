import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

import { cacheRoot, MODULES } from "./paths";
import { attempt, KitError, runLogged } from "./shell";
import type { Tool } from "./tools";

/** Settings of every build; those of the caller's shell must not change what a key stands for. */
export function goEnvironment(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    CGO_ENABLED: "0",
    GOFLAGS: "-buildvcs=false",
    GOWORK: "off",
    GOOS: "linux",
    GOARCH: "amd64",
  };
}

/** Refuses early, and readably, to build without a Go that can. */
export function checkGo(): void {
  const outcome = attempt("go", ["env", "GOVERSION"]);
  const version = /^go1\.(\d+)/.exec(outcome.stdout.trim());
  if (outcome.code !== 0) throw new KitError("The tools are built from source: Go 1.26 or newer must be on PATH.");
  if (version && Number(version[1]) < 26) {
    throw new KitError(`The tools need Go 1.26 or newer to build; on PATH is ${outcome.stdout.trim()}.`);
  }
}

/** Names of the files that make a module what it is, sorted. */
export function moduleFiles(module: string): string[] {
  const ignored = new Set(["schema.json", "terraform-mapping.json"]);
  return fs
    .readdirSync(path.join(MODULES, module))
    .filter((file) => !ignored.has(file))
    .sort();
}

/** Short hash of a tool's module files and build settings: its binary is found under it. */
export function toolKey(tool: Tool): string {
  const hash = crypto.createHash("sha256");
  for (const file of moduleFiles(tool.module)) {
    const content = fs.readFileSync(path.join(MODULES, tool.module, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  hash.update(JSON.stringify([tool.package, tool.version, tool.ldflags ?? "", tool.tags ?? "", tool.prepare ?? ""]));
  return hash.digest("hex").slice(0, 12);
}

/** Copies a module to a folder of its own below the cache, ready to compile. */
export async function prepareModule(tool: Tool, log: string): Promise<string> {
  const folder = path.join(cacheRoot(), "work", `${tool.module}-${process.pid}`);
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  for (const file of moduleFiles(tool.module)) {
    fs.copyFileSync(path.join(MODULES, tool.module, file), path.join(folder, file));
  }
  if (tool.prepare === "provider-schema") await copyProviderSchema(folder, log);
  if (tool.prepare === "alertmanager-page") await addAlertmanagerPage(folder, log);
  if (tool.prepare === "collector-sources") await generateCollector(folder, log);
  return folder;
}

async function go(args: string[], cwd: string, log: string, env: NodeJS.ProcessEnv = {}): Promise<void> {
  const code = await runLogged("go", args, log, { cwd, env: { ...goEnvironment(), ...env } });
  if (code !== 0) throw new BuildFailure();
}

/** Marks a failed command whose output stands in the log. */
export class BuildFailure extends Error {}

/** Downloads one required module, checked against go.sum, and returns its folder in Go's module cache. */
async function moduleFolder(name: string, cwd: string, log: string): Promise<string> {
  await go(["mod", "download", name], cwd, log);
  const outcome = attempt("go", ["-C", cwd, "list", "-mod=readonly", "-m", "-f", "{{.Dir}}", name]);
  if (outcome.code !== 0) {
    fs.appendFileSync(log, outcome.stderr);
    throw new BuildFailure();
  }
  return outcome.stdout.trim();
}

async function copyProviderSchema(folder: string, log: string): Promise<void> {
  const source = await moduleFolder("github.com/pulumi/pulumi-kubernetes/provider/v4", folder, log);
  for (const file of ["schema.json", "terraform-mapping.json"]) {
    fs.copyFileSync(path.join(source, "cmd", "pulumi-resource-kubernetes", file), path.join(folder, file));
  }
}

/** The server embeds a built web page that the module lacks, and Go allows no overlay inside its module cache. */
async function addAlertmanagerPage(folder: string, log: string): Promise<void> {
  const name = "github.com/prometheus/alertmanager";
  const source = await moduleFolder(name, folder, log);
  const copy = path.join(folder, "source");
  fs.cpSync(source, copy, { recursive: true });
  makeWritable(copy);
  fs.mkdirSync(path.join(copy, "ui", "app", "dist"), { recursive: true });
  fs.writeFileSync(path.join(copy, "ui", "app", "dist", "index.html"), "<!doctype html><title>Alertmanager</title>\n");
  await go(["mod", "edit", `-replace=${name}=./source`], folder, log);
}

/** Go makes its module cache read-only, and a copy inherits that. */
function makeWritable(folder: string): void {
  fs.chmodSync(folder, 0o755);
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) makeWritable(path.join(folder, entry.name));
  }
}

/** The builder writes the program from builder.yaml; go.mod and go.sum stay the committed ones. */
async function generateCollector(folder: string, log: string): Promise<void> {
  const builder = path.join(folder, "builder");
  await go(["build", "-mod=readonly", "-o", builder, "go.opentelemetry.io/collector/cmd/builder"], folder, log);
  const args = ["--config", "builder.yaml", "--skip-get-modules", "--skip-compilation"];
  const code = await runLogged(builder, args, log, { cwd: folder, env: goEnvironment() });
  fs.rmSync(builder);
  if (code !== 0) throw new BuildFailure();
}
