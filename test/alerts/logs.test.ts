import { lokiRules, type RuleGroup } from "../../alerts";
import { describeWith } from "../support/programs";
import { logProofs } from "./proofs/logs";
import { everything } from "./support/environments";
import { levelsOfLogs, proving } from "./support/levels";
import { Ruler } from "./support/loki";
import { until } from "./support/until";
import { withShop } from "./support/team";

jest.setTimeout(120_000);

interface Group {
  readonly name: string;
  readonly rules: readonly { readonly name: string; readonly health: string; readonly lastError?: string }[];
}
interface Active {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly state: string;
}

// A team's rules stand beside ours, as they do in a deployed ruler.
const files = { ...lokiRules(everything("2")), "shop.orders.yaml": lokiRules(withShop())["shop.orders.yaml"] ?? [] };

describeWith("loki", "a real Loki", (binary) => {
  const ruler = new Ruler();
  beforeAll(() => ruler.start(binary, files));
  afterAll(() => ruler.stop());

  test("takes every rule of the ruler, and evaluates it without a fault", async () => {
    const nameOf = (rule: RuleGroup["rules"][number]) => ("alert" in rule ? rule.alert : rule.record);
    const written = Object.values(files)
      .flat()
      .map(({ name, rules }) => [name, rules.map(nameOf)]);
    const groups = await until("evaluation of every rule", 60, async () => {
      const { data } = await ruler.ask<{ data: { groups: Group[] } }>("/prometheus/api/v1/rules");
      const all = data.groups.flatMap(({ rules }) => rules);
      return all.length > 0 && all.every(({ health }) => health !== "unknown") ? data.groups : undefined;
    });
    expect(groups.map(({ name, rules }) => [name, rules.map((rule) => rule.name)]).sort()).toEqual(written.sort());
    const faults = groups.flatMap(({ rules }) => rules.filter(({ health }) => health !== "ok"));
    expect(faults).toEqual([]);
  });

  test("its Watchdog fires without any line", async () => {
    const watchdog = await until("the Watchdog fires", 60, async () => {
      const { data } = await ruler.ask<{ data: { alerts: Active[] } }>("/prometheus/api/v1/alerts");
      return data.alerts.find(({ labels }) => labels["alertname"] === "Watchdog");
    });
    expect([watchdog.state, watchdog.labels["evaluator"]]).toEqual(["firing", "loki"]);
  });

  test("alerts on lines that were pushed to it, and only on those", () =>
    proving("loki", levelsOfLogs(), async () => {
      const now = Date.now();
      const fed = Object.values(logProofs).flatMap((proof) => proof.streams);
      const streams = fed.map(({ service, namespace = "shop", lines }) => {
        const all = lines.flatMap(([count, line]) => Array.from({ length: count }, (_, index) => `${line} ${index}`));
        return {
          stream: { cluster: "local", service_name: service, k8s_namespace_name: namespace },
          values: all.map((line, index) => [`${now - 2000 + index}000000`, line]),
        };
      });
      expect(await ruler.push(streams)).toBe(204);

      const active = await until("all alerts are active", 40, async () => {
        const { data } = await ruler.ask<{ data: { alerts: Active[] } }>("/prometheus/api/v1/alerts");
        const alerts = data.alerts.filter(({ labels }) => labels["alertname"] !== "Watchdog");
        const names = new Set(alerts.map(({ labels }) => labels["alertname"]));
        return names.size === Object.keys(logProofs).length ? alerts : undefined;
      });
      const seen = active
        .map(({ labels, state, annotations }) => [
          labels["alertname"],
          labels["service"],
          state,
          annotations["description"],
        ])
        .sort();
      const expected = Object.entries(logProofs).flatMap(([name, { state, streams: of }]) =>
        of.flatMap(({ service, says }) => (says === undefined ? [] : [[name, service, state, says]])),
      );
      expect(seen).toEqual(expected.sort());
    }));
});
