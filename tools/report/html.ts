/** Text that is HTML already; everything else is escaped where it enters a page. */
export class Html {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

/** What may stand in a template: nothing for `undefined` and `false`, lists one after the other. */
export type Content = Html | string | number | undefined | false | readonly Content[];

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * Characters that no reader sees but that change what is read: control characters, and those that turn the direction of
 * writing, with which a query can be shown as another one than it is. Tab and line ends stay.
 */
const invisible = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** Invisible characters as their code, such as `‹U+202E›`: a reviewer sees that they are there. */
export function visible(text: string): string {
  return text.replace(
    invisible,
    (character) => `‹U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}›`,
  );
}

/** Any text, safe between tags and within a quoted attribute. */
function escape(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => entities[character] ?? "");
}

function written(content: Content): string {
  if (content === undefined || content === false) return "";
  if (content instanceof Html) return content.text;
  if (typeof content === "object") return content.map(written).join("");
  return escape(String(content));
}

/** A template whose values are escaped unless they are {@link Html}. */
export function markup(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
  return new Html(
    strings.reduce((text, part, index) => `${text}${part}${written(index < values.length ? values[index] : "")}`, ""),
  );
}

/** Lines as a list, or nothing without any. */
export function list(items: readonly Content[], name = ""): Html {
  return items.length === 0
    ? markup``
    : markup`<ul class="${name}">
        ${items.map((item) => markup`<li>${item}</li>`)}
      </ul>`;
}

/** "1 panel", "3 panels". */
export const count = (number: number, one: string, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;

export interface Column {
  readonly title: string;
  /** Right-aligned, in figures of equal width. @default false */
  readonly number?: boolean;
}

/**
 * A table that narrow screens show as cards: each cell carries the title of its column.
 * @param caption says what the table holds, for those who can't see what stands around it
 */
export function table(caption: string, columns: readonly Column[], rows: readonly (readonly Content[])[]): Html {
  const cell = (content: Content, index: number) => {
    const { title = "", number = false } = columns[index] ?? {};
    const kind = number && markup` class="number"`;
    return index === 0
      ? markup`<th scope="row">${content}</th>`
      : markup`<td data-title="${title}"${kind}>${content}</td>`;
  };
  return markup`<table>
    <caption>
      ${caption}
    </caption>
    <thead>
      <tr>
        ${columns.map(({ title, number }) => markup`<th scope="col"${number && markup` class="number"`}>${title}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          markup`<tr>
            ${row.map(cell)}
          </tr> `,
      )}
    </tbody>
  </table>`;
}

/** What scrolls sideways on a narrow screen; the keyboard reaches it. */
export function scrolling(label: string, content: Content): Html {
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="${label}">${content}</div>`;
}

/** Closed until asked for. */
export function details(summary: Content, content: Content, open = false): Html {
  return open
    ? markup`<details open>
        <summary>${summary}</summary>
        ${content}
      </details>`
    : markup`<details>
        <summary>${summary}</summary>
        ${content}
      </details>`;
}
