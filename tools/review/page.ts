import { alertSection } from "../report/alerts";
import { gallery } from "../report/gallery";
import { count, details, markup, table, type Html } from "../report/html";
import { page, type Section } from "../report/page";
import { allRisks, isUnchanged, type EnvironmentReview, type Risk } from "./model";
import type { RenderedState } from "./refs";
import type { Answers } from "./questions";
import { environmentSection, type Look } from "./sections";
import { headline } from "./words";

/** Bytes of a page at most: what mail and artifact viewers still open at once. */
export const pageLimit = 2_000_000;

/** What pictures are drawn with. */
export interface PageData {
  readonly answers?: Answers;
  readonly notes?: readonly string[];
}

/** The review as one page. One that would be too large has fewer pictures, and says so. */
export function reviewPage(
  base: RenderedState,
  head: RenderedState,
  reviews: readonly EnvironmentReview[],
  { answers, notes = [] }: PageData = {},
): string {
  const drawn = Math.max(0, ...reviews.map(({ dashboards }) => dashboards.length));
  const smaller: (readonly [Look, string])[] = [[{ answers, pictures: drawn, texts: true }, ""]];
  const cut = (pictures: number) => `Too much for one page: only the first ${pictures} dashboards are drawn`;
  for (let pictures = drawn >> 1; pictures > 0; pictures >>= 1)
    smaller.push([{ answers, pictures, texts: true }, `${cut(pictures)}.`]);
  smaller.push([{ pictures: 0, texts: false }, `${cut(0)}, and resources and files are only named.`]);
  let text = "";
  for (const [look, note] of smaller) {
    const all = [...base.notes, ...head.notes, ...notes, ...(note === "" ? [] : [note])];
    text = written(base, head, reviews, all, look);
    if (Buffer.byteLength(text) <= pageLimit) break;
  }
  return text;
}

function written(
  base: RenderedState,
  head: RenderedState,
  reviews: readonly EnvironmentReview[],
  notes: readonly string[],
  look: Look,
): string {
  const changed = reviews.filter((review) => !isUnchanged(review));
  const lead = markup`<p>From <strong>${base.name}</strong> to <strong>${head.name}</strong>.</p>
${notes.map((note) => markup`<p class="warning">${note}</p>`)}
<p class="calm">${headline(base, reviews)}</p>`;
  const sections =
    base.failure === undefined
      ? [
          ...risksSections(changed),
          ...changed.map((review, index) => environmentSection(review, changed.slice(0, index), look)),
        ]
      : [
          { id: "failure", title: "The base could not be rendered", content: markup`<pre>${base.failure}</pre>` },
          ...headAlone(head),
        ];
  return page({
    title: "What this change does",
    lead,
    sections,
    footer: "Both states were rendered with their own code, without a cluster. What is deployed may differ from both.",
  });
}

function risksSections(reviews: readonly EnvironmentReview[]): Section[] {
  const risks = allRisks(reviews);
  const security = risks.filter((risk) => risk.security);
  return [
    ...(risks.length > 0 ? [{ id: "risks", title: "Risks", content: riskTable("Risks, largest first", risks) }] : []),
    ...(security.length > 0
      ? [{ id: "security", title: "Security", content: riskTable("Differences that concern security", security) }]
      : []),
  ];
}

function riskTable(caption: string, risks: readonly (Risk & { readonly environments: readonly string[] })[]): Html {
  const columns = ["risk", "where", "what", "why it matters", "environments"].map((title) => ({ title }));
  const row = ({ level, where, what, why, environments }: (typeof risks)[number]) => [
    markup`<span class="chip ${level}">${level}</span>`,
    where,
    what,
    why,
    environments.join(", "),
  ];
  const shown = risks.slice(0, 60);
  return markup`${table(caption, columns, shown.map(row))}
${risks.length > shown.length && details(`${risks.length - shown.length} more`, table(caption, columns, risks.slice(shown.length).map(row)))}`;
}

/** Without a base, what head is: its dashboards and who is told of what. */
function headAlone(head: RenderedState): Section[] {
  return [...head.environments.values()].map(({ name, dashboards, rules, alertmanager, manifests }) => ({
    id: `alone-${name}`,
    title: `${name}, head alone`,
    content: [
      markup`<p>${count(manifests.size, "Kubernetes object")}, ${count(dashboards.size, "dashboard")}.</p>`,
      markup`<h3>Alerts</h3>`,
      alertSection(rules, alertmanager),
      markup`<h3>Dashboards</h3>`,
      gallery([...dashboards.values()].map(({ dashboard }) => ({ folder: name, dashboard }))),
    ],
  }));
}
