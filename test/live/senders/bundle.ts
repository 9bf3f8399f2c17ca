import { buildSync } from "esbuild";
import * as fs from "node:fs";
import * as path from "node:path";
import { gzipSync } from "node:zlib";

/** What a ConfigMap may hold, in bytes. */
const CONFIG_MAP_LIMIT = 1024 * 1024;

/** One program for all applications of the suite, as files below the program's folder, by path. */
export type AppFiles = Readonly<Record<string, Buffer>>;

/** The file to start: it unpacks the program, which is larger than a ConfigMap may be. */
export const APP_ENTRY = "main.js";

const entry = `const { gunzipSync } = require("node:zlib");
const source = gunzipSync(require("node:fs").readFileSync(__dirname + "/app.js.gz"));
module._compile(source.toString(), __dirname + "/app.js");
`;

/** Bundles the applications. @throws Error when they don't fit into a ConfigMap */
export function bundleApps(): AppFiles {
  const { outputFiles } = buildSync({
    entryPoints: [path.join(__dirname, "main.ts")],
    bundle: true,
    minify: true,
    platform: "node",
    target: "node20",
    write: false,
    // An uncaught error prints the line it came from: a minified program has only one.
    lineLimit: 200,
    // Strict mode for the whole bundle would break a library that was written without it (thriftrw).
    tsconfigRaw: { compilerOptions: { strict: false, alwaysStrict: false } },
    // None is needed: a native module for Unix sockets, a `fetch` for old versions of Node, a transport for a logger.
    external: ["unix-dgram", "node-fetch", "winston-transport"],
    logLevel: "error",
  });
  // Jaeger's client reads its protocol's definition from beside its own program.
  const protocol = "jaeger-idl/thrift/jaeger.thrift";
  const files: AppFiles = {
    [APP_ENTRY]: Buffer.from(entry),
    "app.js.gz": gzipSync(outputFiles[0]?.contents ?? Buffer.alloc(0), { level: 9 }),
    [protocol]: fs.readFileSync(path.join(path.dirname(require.resolve("jaeger-client")), protocol)),
  };
  const size = Object.values(files).reduce((sum, content) => sum + content.length, 0);
  if (size > CONFIG_MAP_LIMIT) {
    throw new Error(`the applications are ${size} bytes, a ConfigMap holds ${CONFIG_MAP_LIMIT}: bundle less`);
  }
  return files;
}
