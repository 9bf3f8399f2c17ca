import { alertSection, severityChip } from "../report/alerts";
import { dashboardPicture, type Mark } from "../report/drawing";
import { gallery } from "../report/gallery";
import { count, details, list, markup, scrolling, table, type Content, type Html } from "../report/html";
import { page, type Section } from "../report/page";
import type { Panel } from "../report/dashboard";
import {
  allRisks,
  isUnchanged,
  type AlertChange,
  type DashboardChange,
  type EnvironmentReview,
  type PanelChange,
  type ResourceChange,
  type Risk,
  type TextChange,
  type ValueChange,
} from "./model";
import type { RenderedState } from "./refs";
import type { Edit } from "./text";
import { headline } from "./words";

/** The review as one page. */
export function reviewPage(base: RenderedState, head: RenderedState, reviews: readonly EnvironmentReview[]): string {
  const changed = reviews.filter((review) => !isUnchanged(review));
  const lead = markup`<p>From <strong>${base.name}</strong> to <strong>${head.name}</strong>.</p>
${[...base.notes, ...head.notes].map((note) => markup`<p class="warning">${note}</p>`)}
<p class="calm">${headline(base, reviews)}</p>`;
  const sections =
    base.failure === undefined
      ? [...risksSections(changed), ...changed.map(environmentSection)]
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

function environmentSection(review: EnvironmentReview): Section {
  const { name, only, dashboards, alerts, alerting, retention, sizing, resources, configuration } = review;
  const id = `environment-${name.replace(/[^a-z0-9]+/gi, "-")}`;
  const part = (title: string, content: Content) => markup`<h3>${title}</h3>${content}`;
  const content = [
    only !== undefined && markup`<p>This environment is ${only === "head" ? "new" : "gone"}.</p>`,
    dashboards.length > 0 &&
      part(
        "Dashboards",
        dashboards.map((change, index) => dashboardPart(change, `${id}-board-${index}`)),
      ),
    alerts.length + alerting.length > 0 &&
      part("Alerts", [alertParts(alerts), valueTable("Routing and rules", alerting)]),
    retention.length > 0 && part("Retention and storage", valueTable("Retention and lifecycle", retention)),
    sizing.length > 0 && part("Quotas, sizing and cost", valueTable("Sizes of all replicas", sizing)),
    resources.length > 0 && part("Resources", resourceParts(resources)),
    configuration.length > 0 &&
      part(
        "Configuration of the servers",
        configuration.map(({ name, edits }) => details(name, diff(edits))),
      ),
  ];
  return { id, title: name, content };
}

/** Edits as text with what is gone and what is new. */
export function diff(edits: readonly Edit[]): Html {
  const piece = ({ kind, text }: Edit): Content =>
    kind === "same" ? text : kind === "added" ? markup`<ins>${text}</ins>` : markup`<del>${text}</del>`;
  return markup`<pre class="diff">${edits.map(piece)}</pre>`;
}

export function valueTable(caption: string, changes: readonly ValueChange[]): Content {
  if (changes.length === 0) return undefined;
  const columns = ["what", "before", "after", "means"].map((title) => ({ title }));
  const cell = (text: string | undefined) => (text === undefined ? markup`<span class="soft">–</span>` : short(text));
  return table(
    caption,
    columns,
    changes.map(({ name, before, after, note }) => [short(name), cell(before), cell(after), note]),
  );
}

/** Long texts open on demand. */
const short = (text: string): Content =>
  text.length > 240 ? details(`${text.slice(0, 120)}…`, markup`<pre>${text}</pre>`) : text;

const picture = (title: string, content: Html) => scrolling(title, markup`<div class="crop wide">${content}</div>`);

function dashboardPart({ title, before, after, panels, values, broken }: DashboardChange, id: string): Html {
  const marks = (side: "before" | "after") =>
    new Map<Panel, Mark>(
      panels.flatMap((change) => {
        const panel = change[side];
        return panel ? [[panel, change.mark] as const] : [];
      }),
    );
  const counts = (["added", "removed", "changed", "moved"] as const)
    .map((mark) => [panels.filter((change) => change.mark === mark && isPanel(change)).length, mark] as const)
    .filter(([number]) => number > 0)
    .map(([number, mark]) => `${number} ${mark}`);
  const summary = !before ? "new" : !after ? "gone" : counts.length > 0 ? `panels: ${counts.join(", ")}` : "";
  const side = (name: string, board: typeof before, key: "before" | "after") =>
    board &&
    markup`<div><h5>${name}</h5>${picture(`${title}, ${name}`, dashboardPicture(`${id}-${key}`, board, marks(key), `${title}, ${name}`))}</div>`;
  return markup`<article class="card">
<h4>${title} <span class="soft">${summary}</span></h4>
${list(
  broken.map((each) => markup`<span class="medium">${each}</span>`),
  "plain",
)}
<div class="pair">${side("before", before, "before")}${side("after", after, "after")}</div>
${valueTable(`The page ${title}`, values)}
${before && after && panels.map(panelPart)}
</article>
`;
}

const isPanel = ({ before, after }: PanelChange) => (after ?? before)?.type !== "row";

function panelPart({ mark, title, before, after, values, queries }: PanelChange): Content {
  const panel = after ?? before;
  const added = mark === "added" || mark === "removed";
  const asked = panel?.queries.map(({ text }) => text).join("\n") ?? "";
  return markup`<h5>${mark}: ${panel?.type === "row" ? "row " : ""}${title}</h5>
${added && panel !== undefined && panel.type !== "row" && markup`<p class="soft">${[panel.type, panel.description].filter(Boolean).join(": ")}</p>`}
${added && asked !== "" && markup`<pre class="${mark}">${asked}</pre>`}
${valueTable(`Panel ${title}`, values)}
${queries.map(({ name, edits }) => markup`<p class="soft">${name}</p>${diff(edits)}`)}`;
}

function alertParts(alerts: readonly AlertChange[]): Content {
  return markup`<ul class="tree">${alerts.map(
    ({ name, action, severity, summary, values, expression, toldBefore, toldAfter }) => markup`<li>
<strong>${name}</strong> ${severityChip(severity)} ${action}
<div class="soft">${summary}</div>
<div>${told(toldBefore, toldAfter)}</div>
${valueTable(`Alert ${name}`, values)}
${expression && diff(expression)}</li>
`,
  )}</ul>`;
}

/** Who gets paged, before and after. */
function told(before: readonly string[], after: readonly string[]): Content {
  const said = (all: readonly string[]) => (all.length === 0 ? "nobody" : all.join("; "));
  if (said(before) === said(after)) return markup`tells ${said(after)}, as before`;
  return markup`tells <del>${said(before)}</del> → <ins>${said(after)}</ins>`;
}

function resourceParts(resources: readonly ResourceChange[]): Content {
  const actions = ["replaced", "deleted", "created", "updated"] as const;
  return actions.map((action) => {
    const all = resources.filter((change) => change.action === action);
    return (
      all.length > 0 &&
      markup`<h4>${count(all.length, "resource")} ${action}</h4>
${all.map(({ name, reason, values, texts }) => {
  const line = markup`<strong>${name}</strong> <span class="soft">${reason}</span>`;
  return values.length + texts.length === 0
    ? markup`<p>${line}</p>`
    : details(line, [valueTable(name, values), texts.map(fileDiff)]);
})}`
    );
  });
}

const fileDiff = ({ name, edits }: TextChange) =>
  edits.length === 0
    ? markup`<p class="soft">${name}: a dashboard, see Dashboards</p>`
    : markup`<p class="soft">${name}</p>${diff(edits)}`;

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
