import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import type { Page } from "../../dashboards/language";
import { queriesOf, type DashboardModel } from "../../tools/grafana/model";
import { ruleOf, type Counter, type Gauge } from "../../signals";

/** README's own dashboard is what a person copies first: it has to compile and render as it stands there. */
const root = join(__dirname, "../..");
const file = join(root, "dashboards", "payments.ts");
const section = readFileSync(join(root, "docs", "guides", "dashboards.md"), "utf8");
const code = /```ts\n([^]*?)```/.exec(section)?.[1] ?? "";

it("is short", () => {
  expect(code.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("//")).length).toBeLessThan(30);
});

it("compiles, without a file of its own", () => {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), (path) => ts.sys.readFile(path)) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const host = ts.createCompilerHost(options);
  const [read, exists] = [host.readFile.bind(host), host.fileExists.bind(host)];
  host.readFile = (path) => (path === file ? code : read(path));
  host.fileExists = (path) => path === file || exists(path);
  host.getSourceFile = (path, version) => {
    const text = host.readFile(path);
    return text === undefined ? undefined : ts.createSourceFile(path, text, version);
  };
  const program = ts.createProgram([file, join(root, "signals/grammars.d.ts")], { ...options, types: ["node"] }, host);
  const faults = program.getSemanticDiagnostics(program.getSourceFile(file));
  expect(faults.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))).toEqual([]);
});

it("renders a page whose panel reads the recording rule", () => {
  const { outputText } = ts.transpileModule(code, { compilerOptions: { module: ts.ModuleKind.CommonJS } });
  const found: { paymentsPage?: Page; paymentRate?: Counter | Gauge } = {};
  const load = (path: string): unknown => jest.requireActual(join(root, "dashboards", path));
  new Function("exports", "require", outputText)(found, load);
  const { paymentsPage, paymentRate } = found;
  if (paymentsPage === undefined || paymentRate === undefined) throw new Error("README exports something else");
  const model = paymentsPage.model() as unknown as DashboardModel;
  expect(queriesOf(model).map(({ panel, target }) => [panel.title, target.expr])).toEqual([
    ["Failed", 'cluster:payments:rate5m{cluster=~"$cluster", outcome="failed"}'],
  ]);
  expect(ruleOf(paymentRate).expr).toBe("sum by (cluster, outcome) (rate(payments_total[5m]))");
});
