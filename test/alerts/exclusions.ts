import { hosts } from "../../signals";

/** Where one of pint's offline checks doesn't hold, and why. An entry that nothing needs fails the test. */
export const exclusions: readonly {
  readonly check: string;
  /** Names of alerts or recorded series. */
  readonly rules: readonly string[];
  readonly reason: string;
}[] = [
  { check: "rule/name", rules: Object.keys(hosts), reason: "the requirements give the name (C12)" },
  { check: "alerts/comparison", rules: ["Watchdog"], reason: "fires always, so that its silence is noticed" },
  {
    check: "rule/reject",
    rules: ["TargetMissing"],
    reason: "a job without any target has no series that could carry the label",
  },
  {
    check: "alerts/cadence",
    rules: ["PrometheusRulesFail", "VmalertAlertRulesFail"],
    reason: "one evaluation that fails wakes nobody: they have to fail for longer than one is seen",
  },
];
