import type { Content } from "./html";
import type { Panel } from "./dashboard";
import { colorClass } from "./colors";
import { fitted, number, path, rectangle, words } from "./picture";
import { color, lastOf, most, nameOf, reached, type Room, type Series } from "./series";
import { bars, gauge, heat, pie } from "./shapes";
import { shownValue } from "./values";

/** A panel's data as its kind of panel shows it; undefined for kinds that are not drawn with data. */
export function plot(panel: Panel, all: readonly Series[], room: Room): Content {
  if (room.height < 14 || room.width < 40) return undefined;
  const series = all.filter(({ points }) => points.length > 0);
  if (series.length === 0) return words("soft kind", room.x, room.y + 18, "no data");
  switch (panel.type) {
    case "timeseries":
    case "graph":
      return lines(panel, series.slice(0, most), room);
    case "stat":
      return numbers(panel, series.slice(0, 4), room);
    case "gauge":
      return gauge(panel, series.slice(0, 3), room);
    case "bargauge":
    case "barchart":
      return bars(panel, byValue(series), room);
    case "piechart":
      return pie(panel, byValue(series), room);
    case "table":
      return rows(panel, byValue(series), room);
    case "heatmap":
      return heat(series, room);
    case "state-timeline":
      return bands(panel, series.slice(0, most), room);
    default:
      return undefined;
  }
}

const byValue = (series: readonly Series[]) => [...series].sort((a, b) => lastOf(b) - lastOf(a));

interface Scale {
  readonly low: number;
  readonly high: number;
  readonly x: (time: number) => number;
  readonly y: (value: number) => number;
}

function scaleOf(series: readonly Series[], { x, y, width, height }: Room): Scale {
  const points = series.flatMap(({ points }) => points);
  const extent = (pick: (point: readonly [number, number]) => number) => {
    const values = points.map(pick);
    return [Math.min(...values), Math.max(...values)] as const;
  };
  const [start, end] = extent(([time]) => time);
  const [least, greatest] = extent(([, value]) => value);
  // Nearly all of what is drawn counts from zero; without it a small wave looks like a storm.
  const low = Math.min(0, least);
  const high = greatest > low ? greatest : low + 1;
  return {
    low,
    high,
    x: (time) => Math.round(x + ((time - start) / Math.max(1, end - start)) * width),
    y: (value) => Math.round(y + height - ((value - low) / (high - low)) * height),
  };
}

/** A line; it is broken where nothing was measured for twice as long as usual. */
function lineThrough({ points }: Series, scale: Scale): string {
  const gaps = points.slice(1).map(([time], index) => time - (points[index]?.[0] ?? time));
  const usual = Math.min(...gaps);
  return points
    .map(([time, value], index) => {
      const moved = index === 0 || (gaps[index - 1] ?? 0) > usual * 2;
      return `${moved ? "M" : "L"}${scale.x(time)} ${scale.y(value)}`;
    })
    .join("");
}

function lines({ unit, thresholds }: Panel, series: readonly Series[], room: Room): Content {
  const scale = scaleOf(series, room);
  const drawn = thresholds.flatMap(({ value, color: name }) =>
    value !== undefined && value > scale.low && value <= scale.high
      ? [path(`limit ${colorClass(name)}`, `M${room.x} ${scale.y(value)}H${number(room.x + room.width)}`)]
      : [],
  );
  return [
    path("grid", `M${room.x} ${scale.y(scale.low)}H${number(room.x + room.width)}`),
    drawn,
    series.map((each, index) => path(`line ${color(index)}`, lineThrough(each, scale))),
    words("soft axis halo", room.x, room.y + 12, shownValue(scale.high, unit)),
  ];
}

/** Large figures side by side, each above its own line. */
function numbers({ unit, thresholds }: Panel, series: readonly Series[], room: Room): Content {
  const width = room.width / series.length;
  return series.map((each, index) => {
    const own = { x: room.x + index * width, y: room.y + room.height * 0.6, width, height: room.height * 0.4 };
    const value = lastOf(each);
    // Low tiles have room for one line between title and kind.
    const low = room.height < 40;
    const kind = `figure ${low ? "small-figure " : ""}${reached(thresholds, value)}`.trimEnd();
    const base = room.y + (low ? room.height - 1 : Math.min(room.height * 0.5, 40));
    return [
      each.points.length > 1 && room.height > 50 && path("sketch", lineThrough(each, scaleOf([each], own))),
      words(kind, own.x + width / 2, base, fitted(shownValue(value, unit), width, low ? 20 : 28), "middle"),
    ];
  });
}

function rows({ unit }: Panel, series: readonly Series[], room: Room): Content {
  const shown = series.slice(0, Math.min(most, Math.floor(room.height / 18)));
  return shown.map((each, index) => {
    const y = room.y + 14 + index * 18;
    const value = shownValue(lastOf(each), unit);
    return [
      words("kind", room.x, y, fitted(nameOf(each) || "value", room.width - value.length * 8 - 8, 14)),
      words("kind", room.x + room.width, y, value, "end"),
    ];
  });
}

/** One band for each series, in the color of the step that each value reaches. */
function bands({ thresholds }: Panel, series: readonly Series[], room: Room): Content {
  const height = room.height / series.length;
  const scale = scaleOf(series, room);
  return series.map(({ points }, index) => {
    const parts: { from: number; kind: string }[] = [];
    for (const [time, value] of points) {
      const kind = reached(thresholds, value) || (value === 0 ? "other" : "c0 fill");
      if (parts.at(-1)?.kind !== kind) parts.push({ from: scale.x(time), kind });
    }
    return parts.map(({ from, kind }, part) => {
      const to = parts[part + 1]?.from ?? room.x + room.width;
      return rectangle(`band ${kind}`, from, room.y + index * height + 1, Math.max(1, to - from), height - 2);
    });
  });
}

/** What a picture says of a panel's data, for those who can't see it. */
export function spokenData({ unit }: Panel, all: readonly Series[]): string {
  const series = all.filter(({ points }) => points.length > 0);
  if (series.length === 0) return "no data";
  const values = series.flatMap(({ points }) => points.map(([, value]) => value));
  const [least, greatest] = [Math.min(...values), Math.max(...values)];
  const many = series.length === 1 ? "" : `${series.length} series, `;
  return least === greatest
    ? `${many}${shownValue(least, unit)}`
    : `${many}${shownValue(least, unit)} to ${shownValue(greatest, unit)}`;
}
