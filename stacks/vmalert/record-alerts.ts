import { quantity, sum } from "../../signals";
import { alert, type Alert } from "../../alerts/language";
import { vmalert as v } from "./metrics";

const rule = ["cluster", "namespace", "pod", "group", "recording"] as const;

/** Recording rules that work and record nothing. */
export const recordAlerts = (): Alert[] => [
  alert({
    name: "VmalertRecordsNothing",
    component: "vmalert",
    dashboard: "vmalert",
    runbook: "Vmalert",
    // A service without traffic has nothing to record either.
    severity: "info",
    when: sum(v.vmalert_recording_rules_last_evaluation_samples)
      .by(...rule)
      .below(quantity(1, "count")),
    for: "1h",
    summary: ({ recording }) => `${recording} records nothing.`,
    description: ({ group, recording }) =>
      `Rule ${recording} of ${group} gave no series for an hour: look whether its source exists.`,
  }),
];
