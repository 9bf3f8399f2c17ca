import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import type { GivenName } from "../../tools/testbed/given";
import { programHere, whyNotHere } from "../../tools/testbed/programs";
import type { ToolName } from "../../tools/testbed/tools";

/** The programs that tests run and the kit builds: `npm run test:tools` builds them all. */
export const testTools = [
  "prometheus",
  "promtool",
  "amtool",
  "alertmanager",
  "vmalert",
  "vmalert-tool",
  "victoria-metrics",
  "vmagent",
  "vmauth",
  "otelcol-contrib",
] as const satisfies readonly ToolName[];

/** Programs that people install themselves, with the command that does it. */
const installed = {
  actionlint: "go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12",
  openssl: "apt-get install openssl",
} as const;

type Built = (typeof testTools)[number];
type Installed = keyof typeof installed;
export type TestProgram = Built | GivenName | Installed;

const isInstalled = (name: TestProgram): name is Installed => Object.hasOwn(installed, name);
const isBuilt = (name: TestProgram): name is Built => (testTools as readonly string[]).includes(name);

/** Path of a program; undefined where it is not here. @throws KitError for a given program in a wrong version */
function pathOf(name: TestProgram): string | undefined {
  if (!isInstalled(name)) return programHere(name);
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), join(homedir(), "go", "bin")];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** Why a program is not here, and how it comes here. */
export const whyMissing = (name: TestProgram): string =>
  isInstalled(name) ? `${name} is not installed: ${installed[name]}` : whyNotHere(name);

/** What the title of a test ends in that is skipped for want of a program. */
const mark = (name: TestProgram) => ` (not run: ${name} is missing)`;

/** The program for want of which a test of this title was skipped. */
export const missingProgram = (title: string): TestProgram | undefined =>
  / \(not run: (\S+) is missing\)/.exec(title)?.[1] as TestProgram | undefined;

/**
 * Path of a program, or how its tests end without it: they are skipped, but under CI those of a program that the kit
 * builds fail, and so do those of a given program in a wrong version everywhere.
 */
function sought(name: TestProgram): { readonly path: string } | { readonly fault: Error | undefined } {
  try {
    const path = pathOf(name);
    if (path !== undefined) return { path };
    const isWanted = process.env["CI"] === "true" && isBuilt(name);
    return { fault: isWanted ? new Error(whyMissing(name)) : undefined };
  } catch (error) {
    return { fault: error as Error };
  }
}

/**
 * A test that needs a real program. Where the program is missing the test counts as skipped and names it, or fails: see
 * {@link sought}.
 * @param seconds limit of the test @default that of the file
 */
export function testWith(
  name: TestProgram,
  title: string,
  run: (path: string) => void | Promise<void>,
  seconds?: number,
): void {
  const found = sought(name);
  if ("path" in found) test(title, async () => run(found.path), seconds === undefined ? undefined : seconds * 1000);
  else if (found.fault === undefined) test.skip(title + mark(name), () => undefined);
  else test(title, () => Promise.reject(found.fault as Error));
}

/** Tests that need a real program together, with what starts and ends it: see {@link testWith}. */
export function describeWith(name: TestProgram, title: string, body: (path: string) => void): void {
  const found = sought(name);
  if ("path" in found) describe(title, () => body(found.path));
  else if (found.fault === undefined) describe.skip(title + mark(name), () => body(""));
  else describe(title, () => test(`${name} is here`, () => Promise.reject(found.fault as Error)));
}
