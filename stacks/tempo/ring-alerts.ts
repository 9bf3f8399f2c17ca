import { max, on, quantity, sum } from "../../signals";
import { alert, levels, type Alert } from "../../alerts/language";
import { tempo } from "./metrics";

const component = "tempo";
const dashboard = "tempo";
const installation = ["cluster", "namespace"] as const;
const perTenant = [...installation, "tenant"] as const;

/** Age of a tenant's index (tempo-mixin: 10 min; it is written every five). */
const oldIndex = quantity(600, "seconds");

/** How Tempo's parts find each other, its blocks, and the limits of its tenants. */
export const ringAlerts = (): Alert[] => [
  alert({
    name: "TempoRingUnhealthy",
    component,
    dashboard,
    severity: "warning",
    when: max(tempo.tempo_ring_members.where({ state: "Unhealthy" }))
      .by(...installation, "name")
      .above(0),
    for: "15m",
    summary: ({ name }) => `Ring ${name} of Tempo has members that don't answer.`,
    description: ({ name }, value) =>
      `${value} members of ${name} are unhealthy; with one more, writes or reads may fail.`,
  }),
  alert({
    name: "TempoNoIndexBuilder",
    component,
    dashboard,
    runbook: "TempoIndex",
    severity: "warning",
    when: sum(tempo.tempodb_blocklist_tenant_index_builder)
      .by(...perTenant)
      .equals(quantity(0, "state"))
      .and(
        max(tempo.tempodb_blocklist_length)
          .by(...installation)
          .above(0),
        on(...installation),
      ),
    for: "10m",
    summary: ({ tenant }) => `Nobody writes the index of ${tenant}.`,
    description: ({ tenant }) =>
      `Every part of Tempo lists the blocks of ${tenant} itself: slow, and expensive with S3.`,
  }),
  levels({
    name: "TempoTenantIndexOld",
    component,
    dashboard,
    runbook: "TempoIndex",
    value: max(tempo.tempodb_blocklist_tenant_index_age_seconds).by(...perTenant),
    above: { warning: oldIndex },
    for: "10m",
    summary: ({ tenant }) => `The index of ${tenant} is old.`,
    description: ({ tenant }, value) => `It was written ${value} ago: newer traces of ${tenant} are not found in S3.`,
  }),
  alert({
    name: "TempoBadOverrides",
    component,
    dashboard,
    runbook: "TempoOverrides",
    severity: "warning",
    when: max(tempo.tempo_runtime_config_last_reload_successful)
      .by(...installation, "pod")
      .equals(quantity(0, "state")),
    for: "10m",
    summary: ({ pod }) => `${pod} can't read the limits of its tenants.`,
    description: ({ pod }) => `${pod} goes on with those that it had; started anew it would not run.`,
  }),
];
