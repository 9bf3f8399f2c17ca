import type { Panel } from "./panel";

/** A heading with the panels below it. */
export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
  /** Only its heading is shown, and nothing asked, until somebody opens it. */
  readonly collapsed: boolean;
}

export const row = (title: string, panels: readonly Panel[]): Row => ({ title, panels, collapsed: false });

/** A row for panels too costly to be asked each time the page opens. */
export const collapsedRow = (title: string, panels: readonly Panel[]): Row => ({ title, panels, collapsed: true });
