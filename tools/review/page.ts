import { alertSection } from "../report/alerts";
import { gallery } from "../report/gallery";
import { count, details, markup, table, type Html } from "../report/html";
import { page, type Section } from "../report/page";
import { allRisks, isUnchanged, type EnvironmentReview, type Risk } from "./model";
import type { RenderedState } from "./refs";
import type { Answers } from "./questions";
import { environmentSection, Pictures, type Look } from "./sections";
import { headline } from "./words";

/** Bytes of a page at most: what mail and artifact viewers still open at once. */
export const pageLimit = 2_000_000;

/** What pictures are drawn with. */
export interface PageData {
  readonly answers?: Answers;
  readonly notes?: readonly string[];
}

/** Bytes that the note on a page too large may take. */
const noteLimit = 500;

/**
 * The review as one page. One that would be too large has fewer pictures, or none and no differences line by line, and
 * says so. A dashboard is drawn once, and only as many are as fit: a page costs no more than what it shows.
 */
export function reviewPage(
  base: RenderedState,
  head: RenderedState,
  reviews: readonly EnvironmentReview[],
  data: PageData = {},
): string {
  const write = (look: Look) => written(base, head, reviews, data.notes ?? [], look);
  const words = (texts: boolean): Look => ({ pictures: new Pictures(0), texts });
  const left = pageLimit - noteLimit - Buffer.byteLength(write(words(true)));
  return write(left < 0 ? words(false) : { pictures: new Pictures(left, data.answers), texts: true });
}

function written(
  base: RenderedState,
  head: RenderedState,
  reviews: readonly EnvironmentReview[],
  notes: readonly string[],
  look: Look,
): string {
  const changed = reviews.filter((review) => !isUnchanged(review));
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
  // Only now is it known how many pictures there was room for.
  const lead = markup`<p>From <strong>${base.name}</strong> to <strong>${head.name}</strong>.</p>
${[...base.notes, ...head.notes, ...notes, ...leftOut(look)].map((note) => markup`<p class="warning">${note}</p>`)}
<p class="calm">${headline(base, reviews)}</p>`;
  return page({
    title: "What this change does",
    lead,
    sections,
    footer: "Both states were rendered with their own code, without a cluster. What is deployed may differ from both.",
  });
}

function leftOut({ pictures: { drawn, asked }, texts }: Look): string[] {
  if (!texts) return ["Too much for one page: no dashboard is drawn, and resources and files are only named."];
  return drawn === asked ? [] : [`Too much for one page: of ${asked} changed dashboards the first ${drawn} are drawn.`];
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
