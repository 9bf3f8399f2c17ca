import { markup, type Content, type Html } from "./html";

export interface Picture {
  /** Unique on its page; letters, digits, hyphens. */
  readonly id: string;
  /** What the picture shows, in a few words. */
  readonly title: string;
  /** What a person who can't see it has to know: everything that the picture says. */
  readonly description: string;
  /** Class of the picture, for its own look. */
  readonly kind?: string;
  readonly width: number;
  readonly height: number;
  readonly content: Content;
}

/** A picture as inline SVG, with its text for screen readers. */
export function picture({ id, title, description, kind = "", width, height, content }: Picture): Html {
  const names = `${id}-title ${id}-text`;
  const view = `0 0 ${number(width)} ${number(height)}`;
  return markup`<svg class="${kind}" role="img" aria-labelledby="${names}" viewBox="${view}">
<title id="${id}-title">${title}</title><desc id="${id}-text">${description}</desc>
${content}</svg>`;
}

type Attributes = Readonly<Record<string, string | number | undefined>>;

const attributes = (all: Attributes) =>
  Object.entries(all).flatMap(([name, value]) =>
    value === undefined || value === ""
      ? []
      : [markup` ${name}="${typeof value === "number" ? number(value) : value}"`],
  );

/** Elements of a picture. @param kind their class */
export const rectangle = (kind: string, x: number, y: number, width: number, height: number, rx = 0) =>
  markup`<rect${attributes({ class: kind, x, y, width, height, rx })}/>`;
export const circle = (kind: string, cx: number, cy: number, r: number) =>
  markup`<circle${attributes({ class: kind, cx, cy, r })}/>`;
export const path = (kind: string, d: string, more: Attributes = {}) =>
  markup`<path${attributes({ class: kind, d, ...more })}/>`;
export const words = (kind: string, x: number, y: number, text: string, anchor?: "middle" | "end") =>
  text === "" ? markup`` : markup`<text${attributes({ class: kind, x, y, "text-anchor": anchor })}>${text}</text>`;

/** Tenths are enough for a picture, and keep the page small. */
export const number = (value: number) => Math.round(value * 10) / 10;

/**
 * Text cut to a width, with an ellipsis. Widths are estimated: no font can be measured where the page is written.
 * @param pixels room for the text
 * @param size font size in pixels
 */
export function fitted(text: string, pixels: number, size: number): string {
  // The mean advance of a proportional sans serif is a little over half its size.
  const room = Math.floor(pixels / (size * 0.56));
  const characters = [...text];
  if (characters.length <= room) return text;
  return room < 2 ? "" : `${characters.slice(0, room - 1).join("")}…`;
}

/** An identifier for `id` attributes from any text; different texts may give the same one, so put a number in front. */
export function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}
