import { dashboards } from "../../../dashboards";
import { shopPack } from "../../../examples/shop";
import { ownPacks } from "../../../packs";
import type { DashboardModel } from "../../../tools/grafana/model";
import { nameOf } from "../../../tools/grafana/model";
import type { Live, LiveCheck } from "../context";
import { Inbox } from "../inbox";
import { expect } from "../report";
import { secondsSince, until } from "../wait";
import { filled } from "./14-panels";

/** A team's own pack by its path, beside ours; its alert soon, for nobody waits ten minutes here. */
const settings = {
  packs: [...ownPacks.map(({ name }) => name), "examples/shop"],
  alerting: { alerts: { ShopOrdersFail: { for: "15s" } } },
};
const GROUPS = ["orders", "shop", "slo-shop-orders"];
/** The kubelet's next sync of a ConfigMap, Prometheus' reload, an evaluation. */
const LOADED_WITHIN = 240;
/** A rate over five minutes, an evaluation, the route's waits. */
const FIRES_WITHIN = 240;
const SHOWN_WITHIN = 240;

interface Rules {
  readonly data: {
    readonly groups: readonly { readonly name: string; readonly rules: readonly { readonly lastError?: string }[] }[];
  };
}

/** A team's pack, named in the stack file, goes wherever ours go: rules, page, alert, person. */
export const packs: LiveCheck = {
  id: 28,
  what: "a team's own pack",
  smoke: false,
  async run(live) {
    const check = live.report.check(this.id);
    const shop = live.app("checkout");
    let selling = true;
    const sales = (async () => {
      while (selling) {
        await shop.text("POST", "/hundred-orders").catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, 5_000));
      }
    })();
    try {
      const deployed = await check.step("up with examples/shop among the packs", async () => {
        const { changes } = await live.engine("up", settings);
        await live.ready();
        return JSON.stringify(changes);
      });
      if (!deployed) return;
      await check.step("Prometheus evaluates its rules", () => evaluated(live));
      await check.step("what it emits arrives, and is recorded", () => recorded(live));
      await check.step("its page shows something in every panel", () => shown(live));
      await check.step("its alert reaches somebody, with its team, page and limit", () => told(live));
    } finally {
      selling = false;
      await sales;
      await check.step("without it nothing of it stays", () => gone(live));
    }
  },
};

const groupsOf = async (live: Live) =>
  (await live.dataSource("prometheus").json<Rules>("GET", "/api/v1/rules")).data.groups;

async function evaluated(live: Live): Promise<string> {
  return until("its groups without an error", LOADED_WITHIN, async () => {
    const own = (await groupsOf(live)).filter(({ name }) => GROUPS.some((group) => name.startsWith(group)));
    const errors = own.flatMap(({ rules }) => rules.flatMap(({ lastError }) => lastError || []));
    const missing = GROUPS.some((group) => !own.some(({ name }) => name.startsWith(group)));
    if (missing || errors.length > 0) return undefined;
    return `${own.map(({ name, rules }) => `${name}: ${rules.length}`).join(", ")} rules`;
  });
}

async function recorded(live: Live): Promise<string> {
  return until("both outcomes in shop:orders:rate5m", SHOWN_WITHIN, async () => {
    const found = await live.prometheus.query('shop:orders:rate5m{service_name="checkout"}');
    const rate = (outcome: string) => found.find(({ labels }) => labels["outcome"] === outcome)?.value;
    const [done, failed] = [rate("done"), rate("failed")];
    if (done === undefined || failed === undefined || failed === 0) return undefined;
    const share = failed / (done + failed);
    expect(Math.abs(share - 0.15) < 0.003, `${(share * 100).toFixed(2)} % of the orders fail, sent were 15 %`);
    return `${done.toFixed(2)} done and ${failed.toFixed(2)} failed each second`;
  });
}

async function shown(live: Live): Promise<string> {
  const model = dashboards(live.environmentOf(settings)).find(({ uid }) => uid === "shop")?.model;
  expect(model !== undefined, "there is no page shop");
  const asked =
    shopPack.pages?.flatMap(({ page }) => page(live.environment).rows.flatMap(({ panels }) => panels)) ?? [];
  const outcomes = await filled(live, model as DashboardModel, Date.now() + SHOWN_WITHIN * 1000);
  const wrong = outcomes.filter(({ empty, refused }) => empty || refused !== undefined);
  expect(wrong.length === 0, wrong.map(({ query, refused = "empty" }) => `${nameOf(query)}: ${refused}`).join("\n"));
  // A panel whose metrics nobody had would not be on the page at all.
  const wanted = asked.flatMap(({ queries }) => queries).length;
  expect(wanted > 0 && outcomes.length === wanted, `${outcomes.length} of ${wanted} queries are on the page`);
  return `${outcomes.length} queries`;
}

async function told(live: Live): Promise<string> {
  const begin = Date.now();
  const labels = { alertname: "ShopOrdersFail", team: "shop", severity: "warning", service_name: "checkout" };
  const { alert } = await new Inbox(live, new Date(0)).arrival("firing", labels, FIRES_WITHIN);
  // As links where Grafana has an address, as paths where it has none.
  const { description = "", dashboard = "", runbook: path = "" } = alert.annotations;
  const { dashboard_url: page = dashboard, runbook_url: runbook = path } = alert.annotations;
  expect(description.endsWith("The limit is 10 %."), description);
  expect(page.includes("/d/shop"), page);
  expect(runbook.includes("ShopOrders"), runbook);
  return `"${description}" ${secondsSince(begin).toFixed(0)} s after its page was full`;
}

async function gone(live: Live): Promise<string> {
  await live.engine("up");
  await live.ready();
  return until("Prometheus without its groups", LOADED_WITHIN, async () => {
    const left = (await groupsOf(live)).filter(({ name }) => name === "shop" || name === "orders");
    return left.length === 0 ? "its rules are gone" : undefined;
  });
}
