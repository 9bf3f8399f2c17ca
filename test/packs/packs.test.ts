import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { prometheusRules, slo } from "../../alerts";
import { page, pages, query, row, timeSeries } from "../../dashboards";
import type { Environment, Pack } from "../../environment";
import { shopPack } from "../../examples/shop";
import { orders } from "../../examples/shop/metrics";
import { application, counter, quantity, rate, raw, source, sum } from "../../signals";
import { planStack, stackEnvironment } from "../../stacks";
import { lintOfTeams } from "../../tools/render/lint";
import { run, temporaryFolder, yamlOf } from "../alerts/support/promtool";
import { testWith } from "../support/programs";

const own = ["hosts", "application", "phoenix", "kubernetes"];
const uidsOf = (environment: Environment) => pages(environment).map(({ uid }) => uid);
const textOf = (environment: Environment) => JSON.stringify(planStack(environment).systems.map(({ config }) => config));

describe("packs of ours", () => {
  test("are all there, without a word", () => {
    expect(stackEnvironment("local", {}).composition.packs.map(({ name }) => name)).toEqual(own);
  });

  test("can each be left out, and nothing of it stays", () => {
    for (const left of own) {
      const environment = stackEnvironment("local", { packs: own.filter((name) => name !== left) });
      const [pack] = stackEnvironment("local", { packs: [left] }).composition.packs;
      const uids = (pack?.pages ?? []).map(({ page }) => page(environment).uid);
      expect(uidsOf(environment).filter((uid) => uids.includes(uid))).toEqual([]);
      const text = textOf(environment);
      expect(
        (pack?.recorded ?? []).flatMap(({ rules }) => rules).filter(({ record }) => text.includes(record)),
      ).toEqual([]);
    }
  });

  test("without phoenix there is no agent, no plan and no demo", () => {
    const environment = stackEnvironment("local", { packs: ["hosts", "application", "kubernetes"] });
    expect(planStack(environment).systems.map(({ name }) => name)).not.toContain("phoenix");
    const rules = yamlOf(prometheusRules(environment));
    for (const word of ["Agent", "agent_calls", "plans_total", "PlanSuccess"]) expect(rules).not.toContain(word);
  });

  test("with none at all the stack watches itself", () => {
    const environment = stackEnvironment("local", { packs: [] });
    expect(uidsOf(environment)).toContain("overview");
    expect(Object.keys(prometheusRules(environment))).toContain("stack.yaml");
  });
});

describe("a pack of a team", () => {
  const root = mkdtempSync(join(__dirname, "..", "..", "build-pack-"));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, "packs", "shop"), { recursive: true });
  writeFileSync(join(root, "packs", "shop", "index.ts"), 'export { shopPack } from "../../../examples/shop";\n');
  mkdirSync(join(root, "packs", "empty"), { recursive: true });
  writeFileSync(join(root, "packs", "empty", "index.ts"), "export const nothing = 1;\n");

  mkdirSync(join(root, "packs", "bare"), { recursive: true });
  mkdirSync(join(root, "packs", "broken"), { recursive: true });
  writeFileSync(join(root, "packs", "broken", "index.ts"), 'throw new Error("no buckets");\n');

  test("is taken from packs/<name> by its name, and goes wherever ours go", () => {
    const environment = stackEnvironment("local", { packs: [...own, "shop"] }, { root });
    expect(uidsOf(environment)).toContain("shop");
    const rules = prometheusRules(environment);
    expect(yamlOf(rules["shop.yaml"])).toContain("ShopOrdersFail");
    expect(yamlOf(rules["recording.yaml"])).toContain("shop:orders:rate5m");
    expect(yamlOf(rules["slos.yaml"])).toContain("ShopOrderBudget");
    const grafana = planStack(environment).systems.find(({ name }) => name === "grafana");
    expect(JSON.stringify(grafana?.objects) + JSON.stringify(grafana?.workloads)).toContain("runbook-ShopOrders");
  });

  test("has thresholds that an environment tunes: alert, page and sentence follow", () => {
    const values = { packs: [...own, "shop"], alerting: { thresholds: { failedOrders: { warning: 0.05 } } } };
    const environment = stackEnvironment("local", values, { root });
    const rules = yamlOf(prometheusRules(environment)["shop.yaml"]);
    expect(rules).toContain("> 0.05");
    expect(rules).toContain("The limit is 5 %.");
    const page = pages(environment).find(({ uid }) => uid === "shop");
    expect(JSON.stringify(page?.model())).toContain('"value":0.05');
    const wrong = { ...values, alerting: { thresholds: { failedOrdres: { warning: 0.05 } } } };
    expect(() => stackEnvironment("local", wrong, { root })).toThrow('did you mean "failedOrders"?');
  });

  test("that is not there, or is none, is a fault that says where it was looked for", () => {
    expect(() => stackEnvironment("local", { packs: ["shopp"] }, { root })).toThrow('did you mean "shop"?');
    expect(() => stackEnvironment("local", { packs: ["bare"] }, { root })).toThrow(
      "there is no index.ts in packs/bare",
    );
    expect(() => stackEnvironment("local", { packs: ["broken"] }, { root })).toThrow(
      "observability:packs[0] = broken\n    packs/broken can't be loaded: no buckets\n    fix: npm run typecheck says where",
    );
    expect(() => stackEnvironment("local", { packs: ["hosts", "hosts"] }, { root })).toThrow(
      "observability:packs[1] = hosts\n    stands here twice\n    fix: take one away",
    );
    // Together with what else is wrong.
    expect(() => stackEnvironment("local", { packs: ["shopp"], retention: { logs: "3 weeks" } }, { root })).toThrow(
      "has 2 faults",
    );
    expect(() => stackEnvironment("local", { packs: ["empty"] }, { root })).toThrow(
      "packs/empty/index.ts exports no pack",
    );
    expect(() => stackEnvironment("local", { packs: "shop" }, { root })).toThrow("must be a list");
  });

  test("is held to the linters, and the example keeps to them", () => {
    expect(lintOfTeams(stackEnvironment("local", {}, { packs: [shopPack] }))).toEqual([]);
    const [subject] = shopPack.alerts ?? [];
    const careless: Pack = {
      ...shopPack,
      alerts: [
        {
          name: "shop",
          alerts: (...args) =>
            (subject?.alerts(...args) ?? []).map((each) => ({
              ...each,
              levels: each.levels.map((level) => ({ ...level, expr: sum(orders.rate) })),
            })),
        },
      ],
    };
    expect(lintOfTeams(stackEnvironment("local", {}, { packs: [careless] }))).toContain(
      "rule ShopOrdersGone: fires for every series (alerts/comparison)",
    );
  });

  test("can come from code", () => {
    expect(uidsOf(stackEnvironment("local", {}, { packs: [shopPack] }))).toContain("shop");
  });

  testWith("promtool", "has alerts that fire as its own test says", (promtool) => {
    const folder = temporaryFolder();
    const prometheus = planStack(stackEnvironment("local", {}, { packs: [shopPack] })).systems.find(
      ({ name }) => name === "prometheus",
    );
    for (const name of ["recording.yaml", "shop.yaml"])
      writeFileSync(join(folder, name), prometheus?.config[`rules/${name}`] ?? "");
    cpSync(join(__dirname, "../../examples/shop/alerts.test.yaml"), join(folder, "alerts.test.yaml"));
    const { status, output } = run(promtool, ["test", "rules", "alerts.test.yaml"], folder);
    expect([status, output]).toEqual([0, expect.stringContaining("SUCCESS")]);
  });
});

const refusalOf = (pack: Pack) => {
  try {
    stackEnvironment("local", {}, { packs: [pack] });
    return "";
  } catch (error) {
    return (error as Error).message;
  }
};
/** The shop's pack, with something else in place. */
const shopWith = (of: Partial<Pack>): Pack => ({ ...shopPack, ...of });
const [orders_] = shopPack.alerts ?? [];
type Alerts = NonNullable<Pack["alerts"]>[number]["alerts"];
/** The shop's alerts, each changed. */
const alertsWith =
  (change: (each: ReturnType<Alerts>[number]) => Partial<ReturnType<Alerts>[number]>): Alerts =>
  (...args) =>
    (orders_?.alerts(...args) ?? []).map((each) => ({ ...each, ...change(each) }));

describe("two owners of one name are a fault that names both", () => {
  const metrics = source(
    { name: "rival", jobs: [], targetLabels: [] },
    { requests_total: counter("requests", [], "Requests") },
  );
  const loki = () => {
    const [entry] = shopPack.pages ?? [];
    const page = entry?.page(stackEnvironment("local", {}));
    return { ...page, uid: "loki" } as ReturnType<NonNullable<typeof entry>["page"]>;
  };
  const objective = slo(
    {
      name: "service-availability",
      alert: "RivalBudget",
      team: "shop",
      component: "orders",
      of: "orders",
      objective: quantity(0.99, "ratio"),
      bad: (window) => sum(rate(application.request_errors_total.over(window))).by("cluster"),
      total: (window) => sum(rate(application.requests_total.over(window))).by("cluster"),
      labels: ["cluster"],
      dashboard: "slos",
      runbook: "ErrorBudget",
    },
    undefined,
  );

  test.each<[string, Pack, string, string]>([
    ["metric", { name: "rival", metrics: [metrics] }, "requests_total", "pack application, pack rival"],
    [
      "page",
      { name: "rival", pages: [{ page: loki }], metrics: shopPack.metrics ?? [] },
      "loki",
      "pack rival, system loki",
    ],
    ["pack", { name: "hosts" }, "hosts", "the stack, pack hosts"],
    [
      "alert",
      shopWith({ alerts: [{ name: "rival", alerts: alertsWith(() => ({ name: "TargetDown" })) }] }),
      "TargetDown",
      "the stack, pack shop",
    ],
    [
      "rule group",
      { name: "rival", recorded: [{ name: "hosts", interval: "30s", rules: [] }] },
      "hosts",
      "pack hosts, pack rival",
    ],
    [
      "recorded series",
      {
        name: "rival",
        recorded: [{ name: "rival", interval: "30s", rules: [{ record: "cpu_usage_percent", expr: "up" }] }],
      },
      "cpu_usage_percent",
      "pack hosts, pack rival",
    ],
    [
      "rule file",
      { name: "rival", alerts: [{ name: "recording", alerts: () => [] }] },
      "recording",
      "the stack, pack rival",
    ],
    ["rule file", { name: "rival", alerts: [{ name: "loki", alerts: () => [] }] }, "loki", "the stack, pack rival"],
    [
      "objective",
      { name: "rival", objectives: () => [objective] },
      "service-availability",
      "pack application, pack rival",
    ],
    [
      "threshold",
      { name: "rival", thresholds: { cpu: { warning: quantity(5, "percent") } } },
      "cpu",
      "the stack, pack rival",
    ],
    ["runbook", { name: "rival", runbooks: { HostCpuHigh: "# No" } }, "HostCpuHigh", "the stack, pack rival"],
  ])("%s", (kind, pack, name, owners) => {
    expect(refusalOf(pack)).toContain(
      `observability:packs${kind === "pack" ? "[0]" : ""} = ${name}\n    this ${kind} belongs to several: ${owners}`,
    );
  });

  test("what one pack has twice is a fault too", () => {
    const alerts = [{ name: "shop", alerts: alertsWith(() => ({ name: "ShopOrdersFail" })) }];
    expect(refusalOf(shopWith({ alerts }))).toContain("this alert stands twice in pack shop");
  });
});

describe("what a pack names and there is not is a fault that says where", () => {
  const pageOf = (text: string) => () =>
    page({
      uid: "rival",
      title: "Rival",
      description: "R.",
      folder: "Rival",
      variables: [],
      rows: [row("R", [timeSeries("R", "R.", [query(raw(text, [], "count"), "r")])])],
    });

  test.each<[string, Pack, string]>([
    [
      "a metric in raw PromQL of a page",
      { name: "rival", pages: [{ page: pageOf("sum(requests_totl)") }] },
      'pack rival reads in panel "R": metric "requests_totl" is not in the catalogue\n    fix: did you mean "requests_total"?',
    ],
    [
      "a label in raw PromQL of a page",
      { name: "rival", pages: [{ page: pageOf('sum(requests_total{rout="/"})') }] },
      'metric "requests_total" has no label "rout"\n    fix: did you mean "route"?',
    ],
    [
      "a metric that the pack forgot to declare",
      shopWith({ metrics: [] }),
      'metric "shop:orders:rate5m" is not in the catalogue',
    ],
    [
      "a runbook",
      shopWith({ runbooks: { ShopOrder: "# S" } }),
      "pack shop has no runbook of this name, to which ShopOrdersFail leads",
    ],
    [
      "a system",
      { name: "rival", alerts: [{ name: "rival", needs: ["kafka" as never], alerts: () => [] }] },
      "pack rival needs a system that there is not",
    ],
    [
      "a file of rules",
      { name: "rival", alerts: [{ name: "../x", alerts: () => [] }] },
      "pack rival names a file of rules so",
    ],
    [
      "code that fails",
      {
        name: "rival",
        pages: [
          {
            page: () => {
              throw new TypeError("reading 'buckets' of nothing");
            },
          },
        ],
      },
      "observability:packs = rival\n    fails: reading 'buckets' of nothing\n    fix: npm run typecheck says where",
    ],
  ])("%s", (_what, pack, message) => {
    expect(refusalOf(pack)).toContain(message);
  });
});
