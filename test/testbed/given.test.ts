import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { imagesOf } from "../../environment";
import { composition } from "../../stacks/systems";
import {
  givenFolder,
  givenNames,
  givenProgram,
  givenReport,
  givenState,
  givenVersion,
} from "../../tools/testbed/given";
import { AbsentProgram, obtainProgram, programHere, whyNotHere } from "../../tools/testbed/programs";

const images = imagesOf(composition);
const before = process.env["OBSERVABILITY_KIT_GIVEN"];
let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "given-"));
  process.env["OBSERVABILITY_KIT_GIVEN"] = folder;
});
afterEach(() => {
  if (before === undefined) delete process.env["OBSERVABILITY_KIT_GIVEN"];
  else process.env["OBSERVABILITY_KIT_GIVEN"] = before;
  fs.rmSync(folder, { recursive: true });
});

/** Puts a program there that says what the real one would. */
function give(name: string, says: string): string {
  const file = path.join(folder, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `#!/bin/sh\necho '${says}'\n`, { mode: 0o755 });
  return file;
}

describe("the folder", () => {
  test("is beside the cache, unless it is named", () => {
    expect(givenFolder({ OBSERVABILITY_KIT_CACHE: "/data/kit" })).toBe("/data/kit-given");
    expect(givenFolder({ OBSERVABILITY_KIT_GIVEN: "/data/given" })).toBe("/data/given");
  });
});

describe("a program", () => {
  test.each([
    ["loki", `loki, version ${images.loki.tag} (branch: release, revision: 1234567)`, images.loki.tag],
    ["tempo-3", "tempo, version 3.0.9 (branch: HEAD, revision: abc)", "3.0.9"],
    ["vminsert", "vminsert-20260901-101010-tags-v1.150.0-cluster-0-gabcdef", "v1.150.0-cluster"],
    ["vmselect", "vmselect-v1.150.2-cluster", "v1.150.2-cluster"],
    ["pulumi-language-nodejs", "v3.250.0", "v3.250.0"],
    ["grafana", `grafana version ${images.grafana.tag}`, images.grafana.tag],
  ] as const)("%s is taken when it says: %s", (name, says, version) => {
    const file = give(name === "grafana" ? "grafana/bin/grafana" : name, says);
    expect(givenProgram(name)).toBe(file);
    expect(programHere(name)).toBe(file);
    expect(givenVersion(name)).toBe(version);
  });

  test.each([
    ["tempo-2", "tempo, version 3.0.3 (branch: HEAD)", "it is 3.0.3, needed is 2.10.8"],
    ["loki", "loki, version 2.9.17", `it is 2.9.17, needed is ${images.loki.tag}`],
    ["vmstorage", "vmstorage-v1.150.0", "it does not say its version when run as"],
    ["loki", "loki, version  (branch: , revision: )", "it does not say its version when run as"],
  ] as const)("%s is refused readably when it says: %s", (name, says, fault) => {
    give(name, says);
    expect(() => givenProgram(name)).toThrow(fault);
    expect(() => givenProgram(name)).toThrow(`The right one: ${givenState(name).from}`);
  });

  test("that is replaced is asked again", () => {
    const file = give("loki", "loki, version 2.9.17");
    expect(() => givenProgram("loki")).toThrow("it is 2.9.17");
    give("loki", `loki, version ${images.loki.tag}`);
    fs.utimesSync(file, 1, 1);
    expect(givenVersion("loki")).toBe(images.loki.tag);
  });

  test("that is not there is no error until somebody needs it", async () => {
    expect(givenProgram("loki")).toBeUndefined();
    await expect(obtainProgram("loki")).rejects.toThrow(AbsentProgram);
    await expect(obtainProgram("loki")).rejects.toThrow(whyNotHere("loki"));
    expect(whyNotHere("loki")).toBe(
      `loki ${images.loki.tag} is a given program and is not in ${folder}; ` +
        `people get it from https://github.com/grafana/loki/releases/tag/v${images.loki.tag} (loki-linux-amd64.zip)`,
    );
  });
});

test("the report names what is there, what is missing with its page, and what is wrong", () => {
  give("loki", `loki, version ${images.loki.tag}`);
  give("tempo-2", "tempo, version 2.6.0");
  const report = givenReport();
  expect(report).toContain(folder);
  for (const name of givenNames) expect(report).toMatch(new RegExp(`^${name} `, "m"));
  expect(report).toMatch(/^loki +present, /m);
  expect(report).toMatch(/^tempo-2 +WRONG: it is 2\.6\.0, needed is 2\.10\.8$/m);
  expect(report).toMatch(/^vmselect +absent; wanted is v1\.150\.0-cluster\n +get it from +https:/m);
});
