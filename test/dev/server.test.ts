import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serveChanges, type DevServer, type Shown } from "../../tools/dev/server";

const folder = mkdtempSync(join(tmpdir(), "dev-"));
const file = join(folder, "Pulumi.local.yaml");
let server: DevServer;
let rendered = 0;

const render = (): Promise<Shown> => {
  rendered++;
  const text = readFileSync(file, "utf8");
  if (text.includes("broken")) return Promise.resolve({ faults: `<${text}> has 1 fault` });
  return Promise.resolve({ page: `<html><body>${text}</body></html>` });
};

beforeAll(async () => {
  writeFileSync(file, "first");
  server = await serveChanges({ watched: [{ folder, only: /^Pulumi\..+\.yaml$/ }], render });
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const page = async () => (await fetch(server.url)).text();

/** Changes the file, and waits until the browser would be told. */
async function change(text: string, write = (text: string) => writeFileSync(file, text)): Promise<void> {
  const answer = await fetch(`${server.url}changes`);
  const reader = answer.body?.getReader();
  write(text);
  const { value } = (await reader?.read()) ?? {};
  expect(new TextDecoder().decode(value)).toContain("data: changed");
  await reader?.cancel();
}

test("the page is there at once, and asks to be told", async () => {
  expect(await page()).toBe(
    '<html><body>first<script>new EventSource("/changes").onmessage = () => location.reload()</script></body></html>',
  );
});

test("a change is rendered and told once, however often the file was written", async () => {
  const before = rendered;
  await change("second");
  expect(await page()).toContain("second");
  expect(rendered).toBe(before + 1);
});

test("a file that is saved by renaming another onto it is followed ever after", async () => {
  await change("saved", (text) => {
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
  });
  await change("saved again");
  expect(await page()).toContain("saved again");
});

test("a fault is shown as text in place of the page, and the page comes back", async () => {
  await change("broken");
  expect(await page()).toContain("<pre>&lt;broken> has 1 fault</pre>");
  await change("third");
  expect(await page()).toContain("third");
});
