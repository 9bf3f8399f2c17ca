import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { forgetProofs, keepProofs, proofsHere } from "../../tools/render/proofs";

const root = join(__dirname, "..", "..");
let checkout: string;
beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), "proofs-"));
  for (const folder of ["environment", "signals", "alerts", "packs", "stacks", "test/alerts"])
    cpSync(join(root, folder), join(checkout, folder), { recursive: true });
});
afterEach(() => rmSync(checkout, { recursive: true }));

test("what several judges proved adds up; what one of them no longer proves is gone", () => {
  expect(proofsHere(checkout)).toBeUndefined();
  keepProofs(checkout, "promtool", { "A warning": 2, "B critical": 2 });
  keepProofs(checkout, "loki", { "B critical": 1, "C info": 3 });
  expect(proofsHere(checkout)).toEqual({ "A warning": 2, "B critical": 3, "C info": 3 });
  forgetProofs(checkout, "promtool");
  expect(proofsHere(checkout)).toEqual({ "B critical": 1, "C info": 3 });
});

test.each(["alerts/hosts.ts", "test/alerts/proofs/hosts.ts", "signals/index.ts"])(
  "nothing counts any more that was proved before %s changed",
  (file) => {
    keepProofs(checkout, "promtool", { "A warning": 2 });
    expect(existsSync(join(checkout, file))).toBe(true);
    writeFileSync(join(checkout, file), "// something else\n");
    expect(proofsHere(checkout)).toBeUndefined();
  },
);

test("a checkout without the tests has proved nothing", () => {
  rmSync(join(checkout, "test"), { recursive: true });
  expect(proofsHere(checkout)).toBeUndefined();
  mkdirSync(join(checkout, "build"));
  expect(proofsHere(checkout)).toBeUndefined();
});
