import { prometheusRules, isAlert, slo } from "../../alerts";
import { Duration } from "../../environment";
import { application, quantity, rate, sum } from "../../signals";
import { everything } from "./support/environments";

const served = (window: string) => sum(rate(application.requests_total.over(window))).by("cluster");
const options = {
  name: "checkout",
  alert: "CheckoutBudget",
  team: "shop",
  component: "checkout",
  of: "requests that work",
  objective: quantity(0.99, "ratio"),
  bad: (window: string) => sum(rate(application.request_errors_total.over(window))).by("cluster"),
  total: served,
  labels: ["cluster"],
  dashboard: "slos",
  runbook: "ErrorBudget",
} as const;
const days = (count: number) => Duration.parse(`${count}d`);
const recordsOf = (groups: readonly { readonly rules: readonly object[] }[]) =>
  groups.flatMap(({ rules }) => rules.flatMap((rule) => ("record" in rule ? [rule.record] : [])));

test("a factor is the share of the budget over what part of the period the window is", () => {
  const levelsOf = (period: number) =>
    slo(options, days(period))
      .within(days(7))
      .alerts[0]?.levels.map(({ threshold }) => threshold?.value);
  expect(levelsOf(30)).toEqual([0.144, 0.06, 0.03, 0.01]);
  // 2 % of 28 days in an hour are 13.44 times too fast.
  expect(levelsOf(28)).toEqual([0.1344, 0.056, 0.028, 0.00933333]);
});

test("windows are data: an SLO may have its own", () => {
  const tickets = [{ severity: "warning", long: "1d", short: "2h", share: 0.1, for: "1h" }] as const;
  const { alerts, recording } = slo({ ...options, windows: tickets }).within(days(2));
  expect(alerts[0]?.levels.map(({ severity, for: held }) => [severity, held])).toEqual([["warning", "1h"]]);
  expect(alerts[0]?.pages).toBeUndefined();
  expect(recordsOf(recording).filter((name) => /error_ratio|bad_events/.test(String(name)))).toEqual([
    "slo:error_ratio:rate2h",
    "slo:bad_events:rate1d",
    "slo:error_ratio:rate1d",
  ]);
});

test("what is left of a budget is recorded once, by the first that keeps the whole period", () => {
  const left = (groups: Parameters<typeof recordsOf>[0] = []) =>
    recordsOf(groups).filter((name) => name === "slo:error_budget_left:ratio").length;
  const counts = (kept: number, store: number) => {
    const objective = slo(options, days(30));
    return [left(objective.within(days(kept)).recording), left(objective.beyond(days(kept), days(store))?.recording)];
  };
  expect(counts(1, 90)).toEqual([0, 1]);
  expect(counts(7, 90)).toEqual([0, 1]);
  expect(counts(30, 90)).toEqual([1, 0]);
  expect(counts(7, 14)).toEqual([0, 0]);
});

test("alerts of objectives read what is recorded, and long windows are recorded at most every other minute", () => {
  const groups = prometheusRules(everything("3"))["slos.yaml"] ?? [];
  const alerts = groups.flatMap(({ rules }) => rules.filter(isAlert));
  expect(alerts.length).toBeGreaterThan(10);
  expect(alerts.filter(({ expr }) => expr.includes("["))).toEqual([]);
  const often = groups
    .filter(({ interval }) => interval === undefined || interval === "30s")
    .flatMap(({ rules }) => rules);
  expect(often.filter(({ expr }) => /\[(6h|1d|3d)\]/.test(expr))).toEqual([]);
});
