import { slo } from "../../alerts";
import { page, query, row, timeSeries } from "../../dashboards";
import type { Pack } from "../../environment";
import { shopPack } from "../../examples/shop";
import { application, counter, quantity, rate, raw, source, sum } from "../../signals";
import { stackEnvironment } from "../../stacks";

/** What a team's pack can get wrong, and what is said of it before anything is deployed. */

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
    [
      "threshold",
      // With other levels than those that our alerts read.
      { name: "rival", thresholds: { responseTime: { slow: quantity(5, "seconds") } } },
      "responseTime",
      "the stack, pack rival",
    ],
    [
      "threshold",
      { name: "rival", thresholds: { lokiLatency: { critical: quantity(5, "seconds") } } },
      "lokiLatency",
      "system loki, pack rival",
    ],
    [
      "threshold",
      { name: "rival", thresholds: { clockSkew: { critical: quantity(5, "seconds") } } },
      "clockSkew",
      "pack hosts, pack rival",
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
      "a part of a runbook",
      shopWith({ runbooks: { ShopOrders: "# S\n\n**Means** Orders fail.\n\n**Mend** See **Check** above.\n" } }),
      "pack shop has a runbook without **Check**, **Escalate**\n    fix: a paragraph for each: docs/runbooks/README.md",
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
