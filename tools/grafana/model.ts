/** Classic (v1) dashboard JSON, as far as it decides what Grafana asks its data sources. */

export interface Target {
  readonly refId: string;
  readonly datasource: { readonly type: string; readonly uid: string };
  readonly expr?: string;
  /** TraceQL. */
  readonly query?: string;
  readonly queryType?: string;
  readonly instant?: boolean;
  readonly exemplar?: boolean;
  readonly limit?: number;
}

export interface PanelModel {
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly w: number };
  readonly maxDataPoints?: number;
  readonly targets?: readonly Target[];
  /** Of a row that is collapsed, the panels below it. */
  readonly collapsed?: boolean;
  readonly panels?: readonly PanelModel[];
}

export interface VariableModel {
  readonly name: string;
  readonly type: string;
  readonly query?: unknown;
  readonly datasource?: { readonly type: string; readonly uid: string };
  readonly multi?: boolean;
  readonly includeAll?: boolean;
  readonly allValue?: string;
  readonly current?: { readonly value?: unknown };
}

export interface DashboardModel {
  readonly uid: string;
  readonly title: string;
  readonly time: { readonly from: string; readonly to: string };
  readonly panels: readonly PanelModel[];
  readonly templating: { readonly list: readonly VariableModel[] };
}

/** One query of one panel, with the heading that it stands under. */
export interface PanelQuery {
  readonly dashboard: DashboardModel;
  readonly row: string;
  /** Not asked before somebody opens its row. */
  readonly collapsed: boolean;
  readonly panel: PanelModel;
  readonly target: Target;
}

/** Every query of a dashboard, in the order of its panels. */
export function queriesOf(dashboard: DashboardModel): readonly PanelQuery[] {
  let row = "";
  return dashboard.panels.flatMap((panel) => {
    if (panel.type === "row") row = panel.title;
    const collapsed = panel.collapsed === true;
    return (collapsed ? (panel.panels ?? []) : [panel]).flatMap((panel) =>
      (panel.targets ?? []).map((target) => ({ dashboard, row, collapsed, panel, target })),
    );
  });
}

/** `overview / Services / Requests A`: how a query is named in reports. */
export const nameOf = ({ dashboard, row, panel, target }: PanelQuery): string =>
  `${dashboard.uid} / ${row} / ${panel.title} ${target.refId}`;
