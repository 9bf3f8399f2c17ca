import { Html, markup, type Content } from "./html";
import { style } from "./style";

/** A part of a page with a heading, reached from the navigation. */
export interface Section {
  /** Letters, digits, hyphens: also its place in the address. */
  readonly id: string;
  readonly title: string;
  readonly content: Content;
}

export interface Page {
  readonly title: string;
  /** Below the title: what this is, in a sentence or a few. */
  readonly lead: Content;
  readonly sections: readonly Section[];
  readonly footer: Content;
}

/**
 * Nothing is loaded and nothing runs: whatever a title or query contains, no request leaves the page. Styles are the
 * page's own.
 */
const contentPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** A whole page in one file, without a script. */
export function page({ title, lead, sections, footer }: Page): string {
  const links = sections.map(({ id, title }) => markup`<li><a href="#${id}">${title}</a></li>`);
  const body = sections.map(
    ({ id, title, content }) => markup`<section aria-labelledby="${id}">
<h2 id="${id}">${title}</h2>
${content}
</section>
`,
  );
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${new Html(style)}</style>
</head>
<body>
<a class="skip" href="#content">To the content</a>
<header>
<h1>${title}</h1>
${lead}
</header>
${sections.length > 1 && markup`<nav aria-label="Sections"><ul>${links}</ul></nav>`}
<main id="content">
${body}</main>
<footer>${footer}</footer>
</body>
</html>
`.text;
}
