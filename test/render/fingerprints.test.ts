import fs from "node:fs";
import path from "node:path";
import { fingerprint, render } from "../../tools/render/files";
import { renderProgram } from "../../tools/render/program";

/**
 * What is rendered, file by file: a change that only moves code changes none of these lines, and one that is meant changes
 * those that it is about. `UPDATE_GOLDEN=1 npx jest test/render/fingerprints` writes them anew.
 */

jest.setTimeout(120_000);

const root = path.join(__dirname, "../..");
const golden = path.join(__dirname, "../golden");
const names = ["local", "dev", "prod"] as const;

test.each(names)("%s is rendered as it was, to the byte", async (name) => {
  const { files } = render(await renderProgram(root, name));
  const lines = Object.keys(files)
    .sort()
    .map((file) => `${fingerprint({ [file]: files[file] ?? "" })}  ${file}`);
  const now = [`${fingerprint(files)}  all of ${name}`, ...lines, ""].join("\n");
  const file = path.join(golden, `${name}.sums`);
  if (process.env["UPDATE_GOLDEN"] === "1") fs.writeFileSync(file, now);
  expect(now.split("\n")).toEqual(fs.existsSync(file) ? fs.readFileSync(file, "utf8").split("\n") : []);
});
