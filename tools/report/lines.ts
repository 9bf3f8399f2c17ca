import type { Point } from "./layers";
import { number } from "./picture";

/** The lines of a topology picture: from the bottom of one box to the top of another. */

/** Pixels. */
export const box = { width: 168, height: 62 };

interface Ends {
  readonly from: string;
  readonly to: string;
}

const center = ({ x, y }: Point): Point => ({ x: x + box.width / 2, y: y + box.height / 2 });

/** From the middle of one box to the edge of another. */
export function straight(from: Point, to: Point): string {
  const [a, b] = [center(from), center(to)];
  const reach = Math.min(
    box.width / 2 / Math.max(0.01, Math.abs(a.x - b.x)),
    box.height / 2 / Math.max(0.01, Math.abs(a.y - b.y)),
  );
  const end = { x: b.x + (a.x - b.x) * reach, y: b.y + (a.y - b.y) * reach };
  return `M${number(a.x)} ${number(a.y)}L${number(end.x)} ${number(end.y)}`;
}

/** Lines that meet at a box share its side, in the order of where they come from or go to. */
export function spreadEnds(lines: readonly Ends[], paths: readonly (readonly Point[])[]): Point[][] {
  const result = paths.map((path) => path.map((point) => ({ ...point })));
  const share = (side: "from" | "to") => {
    const groups = new Map<string, number[]>();
    lines.forEach((line, index) => {
      const end = side === "to" ? result[index]?.at(-1) : result[index]?.[0];
      const key = `${line[side]} ${end?.y ?? 0}`;
      groups.set(key, [...(groups.get(key) ?? []), index]);
    });
    for (const group of groups.values()) {
      const neighbour = (index: number) => (side === "to" ? paths[index]?.at(-2) : paths[index]?.[1])?.x ?? 0;
      group.sort((a, b) => neighbour(a) - neighbour(b) || a - b);
      const room = box.width - 28;
      group.forEach((index, place) => {
        const end = side === "to" ? result[index]?.at(-1) : result[index]?.[0];
        if (end) end.x += group.length === 1 ? 0 : (place / (group.length - 1) - 0.5) * room;
      });
    }
  };
  share("from");
  share("to");
  return result;
}

/** A line through points, each bend as steep as the way is long. */
export function curve(points: readonly Point[]): string {
  const [first, ...others] = points;
  if (first === undefined) return "";
  let last = first;
  const parts = others.map((point) => {
    // Two of one layer are joined by a bow below them.
    const level = Math.abs(point.y - last.y) < 1;
    const bend = level ? 40 : (point.y - last.y) / 2;
    const from = `${number(last.x)} ${number(last.y + bend)}`;
    const to = `${number(point.x)} ${number(point.y + (level ? bend : -bend))}`;
    last = point;
    return `C${from} ${to} ${number(point.x)} ${number(point.y)}`;
  });
  return `M${number(first.x)} ${number(first.y)}${parts.join("")}`;
}

/** 0 or 1 by the place among the lines that end at the same box. */
export function turnOf(
  lines: readonly Ends[],
  index: number,
  to: string,
  paths: readonly (readonly Point[])[],
): number {
  const x = paths[index]?.at(-1)?.x ?? 0;
  return lines.filter((line, other) => line.to === to && (paths[other]?.at(-1)?.x ?? 0) < x).length % 2;
}
