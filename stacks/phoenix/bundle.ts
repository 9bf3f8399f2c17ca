import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type * as Esbuild from "esbuild";

const root = join(__dirname, "..", "..");

let built: string | undefined;

/**
 * The demo application as one file of JavaScript, built from `examples/phoenix` and the packages it uses. The same
 * sources give the same bytes: what differs between machines, such as paths and comments, is left out.
 */
export function phoenixBundle(): string {
  return (built ??= packaged() ?? bundled(root, "examples/phoenix/main.ts", cache));
}

const cache = join(root, "node_modules/.cache/observability/phoenix");

/** In the package it is bundled already, and there is no bundler. */
function packaged(): string | undefined {
  const file = join(root, "examples/phoenix/phoenix.bundle.js");
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/** Loaded only where something is to be built: it takes a good part of a second. */
// eslint-disable-next-line @typescript-eslint/no-require-imports
const esbuild = () => require("esbuild") as typeof Esbuild;

/** Its version, without loading it. */
const esbuildManifest = () =>
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  require("esbuild/package.json") as { readonly version: string };

/** A bundle, with the size and time of each file it was made of. */
interface Kept {
  readonly esbuild: string;
  readonly inputs: readonly (readonly [path: string, stamp: string])[];
  readonly text: string;
}

/**
 * Bundles a program, or takes what was bundled before from exactly the same files. Building takes a good part of a
 * second, comparing a few milliseconds.
 * @param cache file in which the bundle is kept; one that can't be read or written only costs time
 * @internal exported for its test
 */
export function bundled(folder: string, entry: string, cache: string): string {
  const { version } = esbuildManifest();
  const kept = read(cache);
  if (kept?.esbuild === version && kept.inputs.every(([path, stamp]) => stampOf(join(folder, path)) === stamp))
    return kept.text;
  const { text, inputs } = build(folder, entry);
  const stamps = inputs.map((path) => [path, stampOf(join(folder, path)) ?? ""] as const);
  write(cache, { esbuild: version, inputs: stamps, text });
  return text;
}

function build(folder: string, entry: string): { text: string; inputs: string[] } {
  const { outputFiles, metafile } = esbuild().buildSync({
    absWorkingDir: folder,
    entryPoints: [entry],
    bundle: true,
    // Modules are named by their paths: those of packages that a link leads to would say where it leads.
    preserveSymlinks: true,
    platform: "node",
    target: "node20",
    // The packages' ES modules: what is not used of them is left out.
    mainFields: ["module", "main"],
    // Identifiers stay, and lines short: a stack trace and the `caller` of a log line name a place one can find.
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: 120,
    legalComments: "none",
    metafile: true,
    write: false,
    logLevel: "error",
  });
  return { text: outputFiles[0]?.text ?? "", inputs: Object.keys(metafile.inputs) };
}

function stampOf(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found && `${found.mtimeMs} ${found.size}`;
}

function read(cache: string): Kept | undefined {
  try {
    return JSON.parse(readFileSync(cache, "utf8")) as Kept;
  } catch {
    return undefined;
  }
}

function write(cache: string, kept: Kept): void {
  try {
    mkdirSync(dirname(cache), { recursive: true });
    // Several processes may build at once: each puts a whole file in place.
    const own = `${cache}.${process.pid}`;
    writeFileSync(own, JSON.stringify(kept));
    renameSync(own, cache);
  } catch {
    // Packages that nobody may write to: it is built each time.
  }
}
