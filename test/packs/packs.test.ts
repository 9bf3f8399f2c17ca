import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { prometheusRules } from "../../alerts";
import { pages } from "../../dashboards";
import type { Environment, Pack } from "../../environment";
import { shopPack } from "../../examples/shop";
import { orders } from "../../examples/shop/metrics";
import { sum } from "../../signals";
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
      expect([pack?.name, pack?.pages?.length]).toEqual([left, expect.any(Number)]);
      const uids = (pack?.pages ?? []).map(({ page }) => page(environment).uid);
      expect(uidsOf(environment).filter((uid) => uids.includes(uid))).toEqual([]);
      const text = textOf(environment);
      expect(
        (pack?.recorded ?? []).flatMap(({ rules }) => rules).filter(({ record }) => text.includes(record)),
      ).toEqual([]);
    }
  });

  test("left out, their thresholds may still be tuned: a file need not follow its packs", () => {
    const values = (threshold: string) => ({
      packs: ["application"],
      alerting: { thresholds: { [threshold]: { warning: 0.8 } } },
    });
    expect(() => stackEnvironment("local", values("conntrack"))).not.toThrow();
    expect(() => stackEnvironment("local", values("conntrak"))).toThrow('did you mean "conntrack"?');
  });

  test("left out, their alerts may still be tuned, and are checked as if they were there", () => {
    const values = (alerts: object) => ({ packs: ["application"], alerting: { alerts } });
    expect(() => stackEnvironment("local", values({ HostCpuHigh: { for: "1h" } }))).not.toThrow();
    expect(() => stackEnvironment("local", values({ HostCpuHihg: {} }))).toThrow('did you mean "HostCpuHigh"?');
    expect(() => stackEnvironment("local", values({ HostCpuHigh: { exclude: [{ instanec: "a" }] } }))).toThrow(
      'did you mean "instance"?',
    );
  });

  test("without phoenix there is no agent, no plan and no demo", () => {
    const environment = stackEnvironment("local", { packs: ["hosts", "application", "kubernetes"] });
    expect(planStack(environment).systems.map(({ name }) => name)).not.toContain("phoenix");
    const rules = yamlOf(prometheusRules(environment));
    for (const word of ["Agent", "agent_calls", "plans_total", "PlanSuccess"]) expect(rules).not.toContain(word);
  });

  test("without phoenix, and with a tenant and a prefix of one's own, nothing is called after it", () => {
    const environment = stackEnvironment("local", {
      packs: ["hosts", "application", "kubernetes"],
      tenant: "shop",
      storage: { prefix: "shop" },
    });
    expect(JSON.stringify(planStack(environment))).not.toMatch(/phoenix/i);
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
      "rule ShopOrdersFail: fires for every series (alerts/comparison)",
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
    for (const name of ["recording.yaml", "shop.yaml", "slos.yaml"])
      writeFileSync(join(folder, name), prometheus?.config[`rules/${name}`] ?? "");
    cpSync(join(__dirname, "../../examples/shop/alerts.test.yaml"), join(folder, "alerts.test.yaml"));
    const { status, output } = run(promtool, ["test", "rules", "alerts.test.yaml"], folder);
    expect([status, output]).toEqual([0, expect.stringContaining("SUCCESS")]);
  });
});
