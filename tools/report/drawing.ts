import { count, type Content, type Html } from "./html";
import { circle, fitted, number, path, picture, rectangle, words } from "./picture";
import { colorClass } from "./colors";
import type { Dashboard, Panel, Threshold } from "./dashboard";
import { plot, spokenData } from "./plot";
import type { Series } from "./series";

/** Pixels of a picture for one column and one unit of height of Grafana's grid, which has 24 columns. */
const columnWidth = 40;
const unitHeight = 20;
const gap = 4;

/** How a panel stands out in the picture of a comparison. */
export type Mark = "added" | "removed" | "changed" | "moved";

/** Units as people read them; others stand as they are. */
const unitWords: Readonly<Record<string, string>> = {
  percentunit: "% (0–1)",
  percent: "% (0–100)",
  s: "seconds",
  ms: "milliseconds",
  reqps: "requests/s",
  cps: "per second",
  iops: "IO/s",
  pps: "packets/s",
  bytes: "bytes",
  binBps: "bytes/s",
  short: "count",
  none: "",
};

export const unitOf = (unit: string) => unitWords[unit] ?? unit.replace(/^(suffix|prefix):\s*/, "");

/** Thresholds worth a word: the base alone says nothing. */
const steps = (thresholds: readonly Threshold[]) => (thresholds.length > 1 ? thresholds : []);

/** "green, orange from 0.8, red from 0.9" */
export function thresholdText(thresholds: readonly Threshold[]): string {
  return steps(thresholds)
    .map(({ value, color }) => (value === undefined ? color : `${color} from ${value}`))
    .join(", ");
}

/** What a panel is, for the text of a picture; its unit and thresholds stand in the list beside it. */
function spoken(panel: Panel, mark: Mark | undefined, data: readonly Series[] | undefined): string {
  const { title, type } = panel;
  const said = data === undefined ? "" : `: ${spokenData(panel, data)}`;
  return `${title || "untitled"} (${type})${mark === undefined ? "" : `, ${mark}`}${said}`;
}

export interface Drawing {
  /** What changed, by panel. */
  readonly marks?: ReadonlyMap<Panel, Mark>;
  /** @default the dashboard's title */
  readonly name?: string;
  /** What a panel's queries gave. Undefined where nobody asked: the picture hints at its kind then. */
  readonly data?: (panel: Panel) => readonly Series[] | undefined;
}

/** A dashboard as a picture: its grid, each panel with title, kind, unit and thresholds, and its data where there is any. */
export function dashboardPicture(id: string, dashboard: Dashboard, drawing: Drawing = {}): Html {
  const { marks = new Map<Panel, Mark>(), name = dashboard.title, data = () => undefined } = drawing;
  const shown = dashboard.panels.filter(({ hidden }) => !hidden);
  const height = Math.max(2, ...shown.map(({ place }) => place.y + place.h)) * unitHeight;
  return picture({
    id,
    kind: "board",
    title: `Dashboard ${name}`,
    description: `${count(shown.filter(({ type }) => type !== "row").length, "panel")}. ${shown
      .map((panel) =>
        panel.type === "row" ? `Row ${panel.title}:` : `${spoken(panel, marks.get(panel), data(panel))}.`,
      )
      .join(" ")}`,
    width: 24 * columnWidth,
    height,
    content: shown.map((panel) => drawn(panel, marks.get(panel), data(panel))),
  });
}

function drawn(panel: Panel, mark: Mark | undefined, data: readonly Series[] | undefined): Content {
  const { place, title, type, unit, thresholds } = panel;
  const x = place.x * columnWidth + gap / 2;
  const y = place.y * unitHeight + gap / 2;
  const width = place.w * columnWidth - gap;
  const height = place.h * unitHeight - gap;
  if (type === "row") return words("big", x + 2, y + 14, fitted(`▾ ${title}`, width, 17));
  const kind = [type, unitOf(unit)].filter((part) => part !== "").join(" · ");
  const bottom = y + height - 6;
  return [
    rectangle(`tile ${mark ?? ""}`.trimEnd(), x, y, width, height, 3),
    data === undefined
      ? sketch(type, x + 8, y + 30, width - 16, height - 58)
      : plot(panel, data, { x: x + 8, y: y + 28, width: width - 16, height: height - 54 }),
    words("", x + 7, y + 21, fitted(title, width - 12, 18)),
    words("soft kind", x + 7, bottom, fitted(kind, width - 12 - chipsWidth(thresholds), 14)),
    chips(thresholds, x + width - 5, bottom),
    "\n",
  ];
}

const chipText = ({ value }: Threshold) => (value === undefined ? "" : String(value));
const chipWidth = (threshold: Threshold) => 14 + chipText(threshold).length * 8;
const chipsWidth = (thresholds: readonly Threshold[]) =>
  steps(thresholds).reduce((sum, each) => sum + chipWidth(each), 0);

/** Thresholds as dots in their color, each with the value from which it holds. */
function chips(thresholds: readonly Threshold[], right: number, y: number): Content {
  let x = right - chipsWidth(thresholds);
  return steps(thresholds).map((each) => {
    const left = x;
    x += chipWidth(each);
    return [circle(colorClass(each.color), left + 5, y - 5, 5), words("kind", left + 12, y, chipText(each))];
  });
}

/** Lines through points given as shares of the room. */
const zigzag = (at: (right: number, down: number) => string, points: readonly (readonly [number, number])[]) =>
  path("sketch", `M${points.map(([right, down]) => at(right, down)).join("L")}`);

/** A hint of what the kind of panel looks like; it shows no data. */
function sketch(type: string, x: number, y: number, width: number, height: number): Content {
  if (height < 14 || width < 30) return undefined;
  const at = (right: number, down: number) => `${number(x + right * width)} ${number(y + down * height)}`;
  switch (type) {
    case "timeseries":
    case "graph":
      return zigzag(at, [
        [0, 0.8],
        [0.15, 0.55],
        [0.3, 0.7],
        [0.5, 0.3],
        [0.7, 0.5],
        [0.85, 0.2],
        [1, 0.4],
      ]);
    case "stat":
      return zigzag(at, [
        [0, 0.9],
        [0.4, 0.7],
        [0.7, 0.8],
        [1, 0.5],
      ]);
    case "gauge":
    case "piechart":
      return circle("sketch", x + width / 2, y + height / 2, Math.min(height, width) * 0.45);
    case "heatmap":
      return [
        rectangle("area", x, y + height * 0.6, width, height * 0.2),
        rectangle("area", x + width * 0.2, y + height * 0.35, width * 0.5, height * 0.2),
      ];
    case "bargauge":
    case "barchart":
    case "state-timeline":
      return [0.9, 0.6, 0.4].map((share, line) =>
        rectangle("area", x, y + line * 0.35 * height, share * width, height * 0.22),
      );
    case "nodeGraph":
      return zigzag(at, [
        [0.2, 0.5],
        [0.5, 0.2],
        [0.8, 0.5],
        [0.5, 0.85],
        [0.2, 0.5],
      ]);
    default: {
      const lines = Math.min(5, Math.floor(height / 14));
      const line = (_: unknown, index: number) => `M${at(0, (index + 0.5) / lines)}H${number(x + width)}`;
      return path("sketch", Array.from({ length: lines }, line).join(""));
    }
  }
}
