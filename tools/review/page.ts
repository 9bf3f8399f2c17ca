import { alertSection } from "../report/alerts";
import { gallery } from "../report/gallery";
import { count, details, markup, table, type Html } from "../report/html";
import { page, type Section } from "../report/page";
import { allRisks, isUnchanged, type EnvironmentReview, type Risk } from "./model";
import type { RenderedState } from "./refs";
import { environmentSection } from "./sections";
import { headline } from "./words";

/** The review as one page. */
export function reviewPage(base: RenderedState, head: RenderedState, reviews: readonly EnvironmentReview[]): string {
  const changed = reviews.filter((review) => !isUnchanged(review));
  const lead = markup`<p>From <strong>${base.name}</strong> to <strong>${head.name}</strong>.</p>
${[...base.notes, ...head.notes].map((note) => markup`<p class="warning">${note}</p>`)}
<p class="calm">${headline(base, reviews)}</p>`;
  const sections =
    base.failure === undefined
      ? [
          ...risksSections(changed),
          ...changed.map((review, index) => environmentSection(review, changed.slice(0, index))),
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
