import type { GridPos } from "@grafana/grafana-foundation-sdk/dashboard";
import { CatalogueError } from "../../signals";
import type { Panel } from "./panel";
import type { Row } from "./rows";

const columns = 24;

export interface PlacedRow {
  readonly row: Row;
  readonly id: number;
  readonly y: number;
  readonly panels: readonly { readonly panel: Panel; readonly id: number; readonly gridPos: GridPos }[];
}

/**
 * Places panels from left to right, in lines of 24 columns below their row's heading; those of a collapsed row take no room. Ids follow from titles, so that a
 * new panel changes no other's id, and links and silences on panels stay valid.
 * @throws CatalogueError when two panels of a row have one title
 */
export function place(uid: string, rows: readonly Row[]): readonly PlacedRow[] {
  const ids = new Map<number, string>();
  const idOf = (name: string) => {
    const id = (hash(name) % 999_999) + 1;
    const other = ids.get(id);
    if (other !== undefined)
      throw new CatalogueError(
        `page "${uid}"`,
        `has no ids apart for "${other}" and "${name}"`,
        "another title for one of them",
      );
    ids.set(id, name);
    return id;
  };
  let y = 0;
  return rows.map((row) => {
    const heading = y;
    y += 1;
    let [x, tallest] = [0, 0];
    const panels = row.panels.map((panel) => {
      if (x + panel.width > columns) [x, y, tallest] = [0, y + tallest, 0];
      const gridPos = { x, y, w: panel.width, h: panel.height };
      x += panel.width;
      tallest = Math.max(tallest, panel.height);
      return { panel, id: idOf(`${row.title}/${panel.title}`), gridPos };
    });
    y = row.collapsed ? heading + 1 : y + tallest;
    return { row, id: idOf(row.title), y: heading, panels };
  });
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  return [...text].reduce(
    (sum, letter) => Math.imul(sum ^ (letter.codePointAt(0) ?? 0), 16_777_619) >>> 0,
    2_166_136_261,
  );
}
