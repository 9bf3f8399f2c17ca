import type { DataSourceRef } from "@grafana/grafana-foundation-sdk/common";
import { DatasourceVariableBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import type { SystemName } from "../../environment";

interface Source {
  /** Of the plugin that speaks to it. */
  readonly type: string;
  /** As people see it in Grafana. */
  readonly name: string;
  /** The system that answers. */
  readonly system: SystemName;
  readonly variable: string;
  readonly label: string;
}

/**
 * Every data source that pages ask, by its uid. On a page it is chosen by a variable, so that the page can look at another
 * server; the default is the provisioned one.
 */
export const dataSources = {
  prometheus: {
    type: "prometheus",
    name: "Prometheus",
    system: "prometheus",
    variable: "prometheus_datasource",
    label: "Prometheus data source",
  },
  /** Long-term metrics, the longest tier; the same query language, months instead of a day. */
  victoriametrics: {
    type: "prometheus",
    name: "VictoriaMetrics",
    system: "victoriametrics",
    variable: "long_term_datasource",
    label: "Long-term data source",
  },
  /** ALERTS for as long as `retention.alerts` says, whichever store has them. */
  "alert-history": {
    type: "prometheus",
    name: "Alert history",
    system: "victoriametrics",
    variable: "alert_history_datasource",
    label: "Alert history data source",
  },
  loki: { type: "loki", name: "Loki", system: "loki", variable: "loki_datasource", label: "Loki data source" },
  tempo: { type: "tempo", name: "Tempo", system: "tempo", variable: "tempo_datasource", label: "Tempo data source" },
  alertmanager: {
    type: "alertmanager",
    name: "Alertmanager",
    system: "alertmanager",
    variable: "alertmanager_datasource",
    label: "Alertmanager data source",
  },
} as const satisfies Readonly<Record<string, Source>>;

export type DataSource = keyof typeof dataSources;

export const dataSourceUids = Object.keys(dataSources) as DataSource[];

/** The reference that panels and variables carry. */
export function sourceRef(source: DataSource): DataSourceRef {
  const { type, variable } = dataSources[source];
  return { type, uid: `\${${variable}}` };
}

/** The variable that chooses a data source. */
export function sourceVariable(source: DataSource): DatasourceVariableBuilder {
  const { type, variable, label } = dataSources[source];
  return new DatasourceVariableBuilder(variable)
    .label(label)
    .type(type)
    .current({ selected: true, text: source, value: source });
}
