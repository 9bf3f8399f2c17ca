import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { phoenixBundle } from "../stacks/phoenix/bundle";
import { runCommand, type Command } from "./cli";

const root = join(__dirname, "..");
const folder = join(root, "build", "package");

const command = {
  name: "package",
  summary: "Makes the package that another Pulumi project installs: build/package/observability-stack-<version>.tgz.",
  flags: {},
} as const satisfies Command;

/** What another project may import, and where it stands: `observability-stack/signals`. */
const entryPoints = {
  ".": "stacks/index",
  "./signals": "signals/index",
  "./dashboards": "dashboards/index",
  "./alerts": "alerts/index",
  "./emission": "emission/index",
  "./policies": "policies/index",
} as const;

/** What is read at run time and no TypeScript. */
const assets = [
  "docs/runbooks",
  "stacks/collector/events.mjs",
  "signals/grammars.d.ts",
  // By its sums a backtest finds the programs that a checkout built.
  "tools/testbed/modules/victoria-metrics",
];

/** Packages of the checkout that nothing in the package imports. */
const onlyHere = ["esbuild", "tsx", "typescript"];

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

function manifest(): object {
  const { version, description, license, engines, dependencies, devDependencies } = JSON.parse(
    readFileSync(join(root, "package.json"), "utf8"),
  ) as Manifest;
  // The declarations speak of Kubernetes' objects.
  const types = { "kubernetes-types": devDependencies["kubernetes-types"] };
  const needed = Object.entries(dependencies).filter(([name]) => !onlyHere.includes(name));
  return {
    name: "observability-stack",
    version,
    description,
    license,
    engines,
    main: "./dist/stacks/index.js",
    types: "./dist/stacks/index.d.ts",
    exports: Object.fromEntries(
      Object.entries(entryPoints).map(([name, file]) => [
        name,
        { types: `./dist/${file}.d.ts`, default: `./dist/${file}.js` },
      ]),
    ),
    bin: { "observability-stack": "dist/tools/main.js" },
    files: ["dist"],
    dependencies: Object.fromEntries([...needed, ...Object.entries(types)].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/**
 * Systems and rooms add their part to shared types (`declare module`). The compiler leaves an import out of a declaration
 * that only brings such a part along: each entry point names all of them again.
 */
function referAugmentations(): void {
  const dist = join(folder, "dist");
  const declarations = readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".d.ts"),
  );
  const adding = declarations.filter((name) => readFileSync(join(dist, name), "utf8").includes("declare module"));
  for (const entry of Object.values(entryPoints)) {
    const file = join(dist, `${entry}.d.ts`);
    const lines = adding.map((name) => `/// <reference path="${relative(dirname(file), join(dist, name))}" />`);
    writeFileSync(file, `${lines.join("\n")}\n${readFileSync(file, "utf8")}`);
  }
}

void runCommand(command, () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.package.json"], {
    cwd: root,
    stdio: "inherit",
  });
  referAugmentations();
  for (const asset of assets) {
    mkdirSync(dirname(join(folder, "dist", asset)), { recursive: true });
    cpSync(join(root, asset), join(folder, "dist", asset), { recursive: true });
  }
  // The demo is bundled here: who installs the package needs no bundler.
  writeFileSync(join(folder, "dist", "examples", "phoenix", "phoenix.bundle.js"), phoenixBundle());
  for (const name of ["LICENSE", "README.md"]) cpSync(join(root, name), join(folder, name));
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest(), undefined, 2)}\n`);
  const name = execFileSync("npm", ["pack", "--silent"], { cwd: folder, encoding: "utf8" }).trim();
  console.log(`build/package/${name}`);
  return 0;
});
