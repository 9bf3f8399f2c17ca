import { spawn, type ChildProcess } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type MessageConnection,
} from "vscode-jsonrpc/node";
import { stackExamples } from "../../docs/examples";

/** What people see who edit a stack file: the language server that editors run, asked as they ask it. */

jest.setTimeout(60_000);

const root = path.join(__dirname, "../..");
const firstLine = "# yaml-language-server: $schema=docs/stack.schema.json";

interface Diagnostic {
  readonly message: string;
  readonly range: { readonly start: { readonly line: number } };
}

let server: ChildProcess;
let client: MessageConnection;
const shown = new Map<string, (diagnostics: readonly Diagnostic[]) => void>();

beforeAll(async () => {
  const program = path.join(root, "node_modules/yaml-language-server/bin/yaml-language-server");
  server = spawn(process.execPath, [program, "--stdio"], { stdio: ["pipe", "pipe", "ignore"] });
  if (server.stdout === null || server.stdin === null) throw new Error("the language server has no streams");
  client = createMessageConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
  client.onRequest("workspace/configuration", ({ items }: { items: { section: string }[] }) =>
    // No catalogue of schemas from elsewhere: the file's own first line counts.
    items.map(({ section }) => (section === "yaml" ? { schemaStore: { enable: false }, completion: true } : {})),
  );
  client.onRequest("client/registerCapability", () => null);
  client.onNotification(
    "textDocument/publishDiagnostics",
    ({ uri, diagnostics }: { uri: string; diagnostics: readonly Diagnostic[] }) => shown.get(uri)?.(diagnostics),
  );
  client.listen();
  const folder = { uri: pathToFileURL(root).href, name: "project" };
  await client.sendRequest("initialize", {
    processId: process.pid,
    rootUri: folder.uri,
    workspaceFolders: [folder],
    capabilities: { workspace: { configuration: true, workspaceFolders: true } },
  });
  await client.sendNotification("initialized", {});
});

afterAll(() => {
  client.dispose();
  server.kill();
});

/** Opens a file of this text in the project's folder. */
async function open(name: string, text: string): Promise<readonly Diagnostic[]> {
  const uri = pathToFileURL(path.join(root, name)).href;
  const answer = new Promise<readonly Diagnostic[]>((resolve) => shown.set(uri, resolve));
  await client.sendNotification("textDocument/didOpen", {
    textDocument: { uri, languageId: "yaml", version: 1, text },
  });
  return answer;
}

const said = (diagnostics: readonly Diagnostic[]) =>
  diagnostics.map(({ message, range }) => `${range.start.line + 1}: ${message}`);

test.each(fs.readdirSync(root).filter((name) => /^Pulumi\.\w+\.yaml$/.test(name)))(
  "%s has nothing wrong",
  async (name) => {
    const text = fs.readFileSync(path.join(root, name), "utf8");
    expect(text.split("\n")[0]).toBe(firstLine);
    expect(said(await open(name, text))).toEqual([]);
  },
);

const examples = fs
  .readdirSync(path.join(root, "docs"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".md"))
  .map((name) => path.join("docs", name))
  .concat("README.md")
  .flatMap((page) =>
    stackExamples(fs.readFileSync(path.join(root, page), "utf8")).map(
      ({ block }, index) => [page, index, block] as const,
    ),
  );

test.each(examples)("an example of %s, number %i, has nothing wrong", async (page, index, block) => {
  expect(said(await open(`${page}.${index}.yaml`, `${firstLine.replace("docs/", `${root}/docs/`)}\n${block}`))).toEqual(
    [],
  );
});

const stack = (...lines: readonly string[]) =>
  [firstLine, "config:", ...lines.map((line) => `  ${line}`), ""].join("\n");

test("what is short, absent, without quotes or as Pulumi writes it is right", async () => {
  const text = stack(
    "observability:cluster: shop",
    "observability:retention: { metrics: 90d, logs: 7d, traces: { full: 24h, sampled: 14d } }",
    "observability:tempo: { majorVersion: 2 }",
    'observability:sampling: { ratio: "0.5", minimumDuration: null }',
    "observability:systems:",
    "  loki: { mode: distributed, components: { querier: { replicas: 4 } } }",
    "  prometheus: { resources: { limits: { memory: 8Gi } } }",
    "observability:secrets:",
    "  pager: { secure: AAABAAA }",
    "aws:region: us-west-2",
  );
  expect(said(await open("Pulumi.right.yaml", `${text}encryptionsalt: v1:abc\n`))).toEqual([]);
});

test.each([
  ["a key that is none", "observability:retentoin: { logs: 7d }", "retentoin"],
  ["a key below one that is none", "observability:systems: { lokki: { replicas: 3 } }", "lokki"],
  ["a word that is none of several", "observability:storage: { kind: s3 }", '"aws"'],
  ["a number beyond its bounds", "observability:systems: { loki: { replicas: 0 } }", "1"],
  ["a secret in plain text", "observability:secrets: { pager: hunter2 }", "object"],
  ["a slip in the project's name", "observabilty:cluster: shop", "observabilty"],
])("%s is shown", async (what, line, says) => {
  const [first, ...more] = said(await open(`Pulumi.${what.replaceAll(" ", "-")}.yaml`, stack(line)));
  expect(first).toMatch(/^3: /);
  expect(first).toContain(says);
  expect(more).toEqual([]);
});

test("keys are offered, with what they mean", async () => {
  await open("Pulumi.begun.yaml", stack("obs"));
  const answer = await client.sendRequest<{
    items: readonly { label: string; documentation?: string | { value: string } }[];
  }>("textDocument/completion", {
    textDocument: { uri: pathToFileURL(path.join(root, "Pulumi.begun.yaml")).href },
    position: { line: 2, character: 5 },
  });
  const labels = answer.items.map(({ label }) => label);
  expect(labels).toEqual(expect.arrayContaining(["observability:retention", "observability:cluster"]));
  const cluster = answer.items.find(({ label }) => label === "observability:cluster")?.documentation;
  expect(JSON.stringify(cluster)).toContain("label `cluster` on every signal");
});
