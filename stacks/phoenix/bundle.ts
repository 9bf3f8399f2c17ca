import { join } from "node:path";
import { buildSync } from "esbuild";

const root = join(__dirname, "..", "..");

let built: string | undefined;

/**
 * The demo application as one file of JavaScript, built from `examples/phoenix` and the packages it uses, and kept for
 * as long as the process lives. The same sources give the same bytes: what differs between machines, such as paths and
 * comments, is left out.
 */
export function phoenixBundle(): string {
  return (built ??= build());
}

function build(): string {
  const { outputFiles } = buildSync({
    absWorkingDir: root,
    entryPoints: ["examples/phoenix/main.ts"],
    bundle: true,
    platform: "node",
    target: "node20",
    // The packages' ES modules: what is not used of them is left out.
    mainFields: ["module", "main"],
    // Identifiers stay, and lines short: a stack trace and the `caller` of a log line name a place one can find.
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: 120,
    legalComments: "none",
    write: false,
    logLevel: "error",
  });
  return outputFiles[0]?.text ?? "";
}
