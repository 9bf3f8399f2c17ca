import { markup, scrolling, table, type Content, type Html } from "./html";
import { fitted, number, path, picture, rectangle, words } from "./picture";

/** How long something stays, and who deletes it. */
export interface Keeping {
  readonly what: string;
  readonly days: number;
  /** As written: `90d`. */
  readonly text: string;
  readonly who: string;
}

const marks: readonly (readonly [number, string])[] = [
  [1 / 24, "1 h"],
  [1, "1 d"],
  [7, "7 d"],
  [30, "30 d"],
  [90, "90 d"],
  [365, "1 y"],
  [3650, "10 y"],
];

const left = 200;
const right = 930;
const line = 30;

/** Retention as bars on a logarithmic scale of days, back from now, and the same as a table. */
export function retentionSection(keepings: readonly Keeping[], notes: readonly Content[]): Html {
  const longest = Math.max(1, ...keepings.map(({ days }) => days));
  const shortest = Math.min(1, ...keepings.map(({ days }) => days)) / 2;
  const at = (days: number) =>
    left + ((right - left) * Math.log(days / shortest)) / Math.log((longest * 1.3) / shortest);
  const height = 34 + keepings.length * line;
  const drawing = picture({
    id: "retention-picture",
    title: "How long what is kept",
    description: keepings.map(({ what, text, who }) => `${what}: ${text}, deleted by ${who}.`).join(" "),
    width: 960,
    height,
    content: [
      marks
        .filter(([days]) => days > shortest && days <= longest * 1.3)
        .map(([days, name]) => [
          path("grid", `M${number(at(days))} 22V${height}`),
          words("soft small", at(days), 14, name, "middle"),
        ]),
      keepings.map(({ what, days, text }, index) => {
        const y = 30 + index * line;
        return [
          words("", 4, y + 15, fitted(what, left - 8, 13)),
          rectangle("bar", left, y + 3, Math.max(2, at(days) - left), 16, 2),
          words("small halo", at(days) + 5, y + 15, text),
        ];
      }),
    ],
  });
  const columns = ["what", "kept", "deleted by"].map((title) => ({ title }));
  return markup`${scrolling("Picture: how long what is kept", markup`<div class="wide">${drawing}</div>`)}
  ${table(
    "Retention",
    columns,
    keepings.map(({ what, text, who }) => [what, text, who]),
  )}
  ${notes.map((note) => markup`<p class="soft">${note}</p>`)}`;
}
