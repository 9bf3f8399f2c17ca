import type { Content } from "./html";
import type { Panel } from "./dashboard";
import { circle, fitted, number, path, rectangle, words } from "./picture";
import { color, lastOf, most, nameOf, reached, type Room, type Series } from "./series";
import { shownValue } from "./values";

/** A part of a circle, clockwise from the top; turns are shares of the whole. */
function slice(cx: number, cy: number, r: number, from: number, to: number): string {
  const at = (turn: number) => {
    const angle = (turn - 0.25) * 2 * Math.PI;
    return `${number(cx + r * Math.cos(angle))} ${number(cy + r * Math.sin(angle))}`;
  };
  return `M${at(from)}A${number(r)} ${number(r)} 0 ${to - from > 0.5 ? 1 : 0} 1 ${at(to)}`;
}

/** Three quarters of a ring, filled as far as the value goes between the panel's least and greatest. */
export function gauge(panel: Panel, series: readonly Series[], room: Room): Content {
  const { unit, thresholds, rest } = panel;
  const bound = (name: string, otherwise: number) => Number(rest.get(`fieldConfig.defaults.${name}`) ?? otherwise);
  const values = series.map(lastOf);
  const [low, high] = [bound("min", 0), bound("max", unit === "percentunit" ? 1 : Math.max(100, ...values))];
  const width = room.width / series.length;
  return values.map((value, index) => {
    const r = Math.max(8, Math.min(width, room.height * 1.1) / 2 - 6);
    const [cx, cy] = [room.x + width * (index + 0.5), room.y + room.height * 0.55];
    const share = Math.min(1, Math.max(0.001, (value - low) / (high - low || 1)));
    return [
      path("ring", slice(cx, cy, r, -0.375, 0.375)),
      path(`ring full ${reached(thresholds, value)}`.trimEnd(), slice(cx, cy, r, -0.375, -0.375 + 0.75 * share)),
      words("kind", cx, cy + 5, shownValue(value, unit), "middle"),
    ];
  });
}

export function bars({ unit, thresholds }: Panel, series: readonly Series[], room: Room): Content {
  const shown = series.slice(0, Math.max(1, Math.min(most, Math.floor(room.height / 20))));
  const greatest = Math.max(...shown.map((each) => Math.abs(lastOf(each)))) || 1;
  const line = room.height / shown.length;
  return shown.map((each, index) => {
    const value = lastOf(each);
    const y = room.y + index * line;
    const width = Math.max(1, (Math.abs(value) / greatest) * room.width);
    return [
      rectangle(`area ${reached(thresholds, value)}`.trimEnd(), room.x, y + 1, Math.round(width), line - 3),
      words("kind", room.x + 4, y + line / 2 + 5, fitted(`${shownValue(value, unit)} ${nameOf(each)}`, room.width, 14)),
    ];
  });
}

export function pie({ unit }: Panel, series: readonly Series[], room: Room): Content {
  const shown = series.filter((each) => lastOf(each) > 0).slice(0, most);
  const sum = shown.reduce((total, each) => total + lastOf(each), 0);
  const r = Math.min(room.height, room.width / 2) / 2 - 2;
  const [cx, cy] = [room.x + r + 2, room.y + room.height / 2];
  let turn = 0;
  return shown.map((each, index) => {
    const share = lastOf(each) / sum;
    const from = turn;
    turn += share;
    const part =
      share > 0.999
        ? circle(`fill ${color(index)}`, cx, cy, r)
        : path(`fill ${color(index)}`, `${slice(cx, cy, r, from, turn)}L${number(cx)} ${number(cy)}Z`);
    const left = cx + r + 10;
    const y = room.y + 14 + index * 18;
    const text = fitted(`${shownValue(lastOf(each), unit)} ${nameOf(each)}`, room.x + room.width - left - 12, 14);
    if (y > room.y + room.height) return part;
    return [part, circle(`fill ${color(index)}`, left, y - 5, 5), words("kind", left + 10, y, text)];
  });
}

const bucketOf = ({ labels }: Series) => (labels["le"] === "+Inf" ? Infinity : Number(labels["le"]));

/** Buckets from below upwards, time to the right, darker where more fell in. */
export function heat(series: readonly Series[], room: Room): Content {
  const buckets = series.filter((each) => !Number.isNaN(bucketOf(each))).sort((a, b) => bucketOf(a) - bucketOf(b));
  const times = [...new Set(buckets.flatMap(({ points }) => points.map(([time]) => time)))].sort((a, b) => a - b);
  const columns = times.filter((_, index) => index % Math.ceil(times.length / 24) === 0);
  const counts = buckets.map(({ points }) => new Map(points));
  // Buckets of Prometheus hold everything below their bound.
  const inside = counts.map((own, row) =>
    columns.map((time) => (own.get(time) ?? 0) - (counts[row - 1]?.get(time) ?? 0)),
  );
  const greatest = Math.max(0, ...inside.flat());
  const [width, height] = [room.width / columns.length, room.height / buckets.length];
  return inside.map((line, row) =>
    line.map((value, column) => {
      if (value <= 0 || greatest === 0) return undefined;
      const shade = Math.min(4, Math.ceil((value / greatest) * 4));
      const y = room.y + room.height - (row + 1) * height;
      return rectangle(`heat h${shade}`, room.x + column * width, y, Math.max(1, width), Math.max(1, height));
    }),
  );
}
