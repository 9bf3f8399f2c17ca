import type { DataSourceRef } from "@grafana/grafana-foundation-sdk/common";
import { DatasourceVariableBuilder } from "@grafana/grafana-foundation-sdk/dashboard";

/**
 * Data sources are chosen by a variable, so that a page can look at another server; the default is the provisioned one
 * of the same name as its uid.
 */
export const dataSources = {
  prometheus: {
    type: "prometheus",
    variable: "prometheus_datasource",
    uid: "prometheus",
    label: "Prometheus data source",
  },
  /** Long-term metrics, the longest tier; the same query language, months instead of a day. */
  victoriametrics: {
    type: "prometheus",
    variable: "long_term_datasource",
    uid: "victoriametrics",
    label: "Long-term data source",
  },
  /** ALERTS for as long as `retention.alerts` says, whichever store has them. */
  "alert-history": {
    type: "prometheus",
    variable: "alert_history_datasource",
    uid: "alert-history",
    label: "Alert history data source",
  },
  loki: { type: "loki", variable: "loki_datasource", uid: "loki", label: "Loki data source" },
  tempo: { type: "tempo", variable: "tempo_datasource", uid: "tempo", label: "Tempo data source" },
  alertmanager: {
    type: "alertmanager",
    variable: "alertmanager_datasource",
    uid: "alertmanager",
    label: "Alertmanager data source",
  },
} as const;

export type DataSource = keyof typeof dataSources;

/** The reference that panels and variables carry. */
export function sourceRef(source: DataSource): DataSourceRef {
  const { type, variable } = dataSources[source];
  return { type, uid: `\${${variable}}` };
}

/** The variable that chooses a data source. */
export function sourceVariable(source: DataSource): DatasourceVariableBuilder {
  const { type, variable, uid, label } = dataSources[source];
  return new DatasourceVariableBuilder(variable)
    .label(label)
    .type(type)
    .current({ selected: true, text: uid, value: uid });
}
