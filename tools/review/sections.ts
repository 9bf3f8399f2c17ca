import { replaySection } from "../backtest/section";
import type { Panel } from "../report/dashboard";
import { severityChip } from "../report/alerts";
import { dashboardPicture, type Mark } from "../report/drawing";
import { count, details, list, markup, scrolling, table, type Content, type Html } from "../report/html";
import type { Section } from "../report/page";
import type {
  AlertChange,
  DashboardChange,
  EnvironmentReview,
  PanelChange,
  ResourceChange,
  TextChange,
  ValueChange,
} from "./model";
import { dataOf, type Answers } from "./questions";
import type { Edit } from "./text";

/** A value as text in which two are the same exactly when they are. */
const keyOf = (value: unknown) =>
  JSON.stringify(value, (_, each: unknown) => (each instanceof Map ? [...(each as Map<unknown, unknown>)] : each));

const idOf = (name: string) => `environment-${name.replace(/[^a-z0-9]+/gi, "-")}`;

/** What an environment shown before has in the same way is not told twice; the page would be three times as long. */
function told<Change extends { readonly title?: string; readonly name?: string }>(
  changes: readonly Change[],
  before: readonly { readonly name: string; readonly changes: readonly Change[] }[],
): { readonly own: readonly Change[]; readonly same: Content } {
  const seen = new Map(before.flatMap(({ name, changes: all }) => all.map((change) => [keyOf(change), name] as const)));
  const own = changes.filter((change) => !seen.has(keyOf(change)));
  const names = [...new Set(changes.flatMap((change) => seen.get(keyOf(change)) ?? []))];
  const same = names.map((environment) => {
    const all = changes.filter((change) => seen.get(keyOf(change)) === environment);
    const list = all.map(({ title, name }) => title ?? name ?? "").join(", ");
    return markup`<p>As in <a href="#${idOf(environment)}">${environment}</a>: ${short(list)}</p>`;
  });
  return { own, same };
}

/** Pictures of dashboards for which there is room; the dashboards after them are told in words. */
export class Pictures {
  /** Dashboards that were to be drawn, and those that are. */
  asked = 0;
  drawn = 0;

  /**
   * @param room bytes for all of them
   * @param answers data to draw; without any, pictures show the layout
   */
  constructor(
    private room: number,
    readonly answers: Answers = new Map(),
  ) {}

  /** The pictures of one dashboard, or nothing from the first on that don't fit. */
  draw(pictures: () => Html): Content {
    this.asked += 1;
    if (this.room <= 0) return undefined;
    const html = pictures();
    this.room -= Buffer.byteLength(html.text);
    if (this.room < 0) return undefined;
    this.drawn += 1;
    return html;
  }
}

/** How much a page shows: all of it, unless it would be too large. */
export interface Look {
  readonly pictures: Pictures;
  /** Differences of files and resources line by line, not their names alone. */
  readonly texts: boolean;
}

/** Everything that is different in one environment. @param shown those that stand above it */
export function environmentSection(
  review: EnvironmentReview,
  shown: readonly EnvironmentReview[],
  { pictures, texts }: Look,
): Section {
  const { name, only, dashboards, alerts, replays, alerting, slos, paged } = review;
  const { retention, sizing, judged, resources, configuration } = review;
  const id = idOf(name);
  const others = <Key extends "dashboards" | "alerts" | "replays" | "resources" | "configuration">(key: Key) =>
    shown.map((each) => ({ name: each.name, changes: each[key] }));
  const boards = told(dashboards, others("dashboards"));
  const rules = told(alerts, others("alerts"));
  const replayed = told(replays, others("replays"));
  const objects = told(resources, others("resources"));
  const files = told(configuration, others("configuration"));
  const part = (title: string, content: Content) => markup`<h3>${title}</h3>${content}`;
  const content = [
    only !== undefined && markup`<p>This environment is ${only === "head" ? "new" : "gone"}.</p>`,
    dashboards.length > 0 &&
      part("Dashboards", [
        boards.same,
        boards.own.map((change, index) => dashboardPart(change, `${id}-board-${index}`, pictures)),
      ]),
    alerts.length + alerting.length + paged.length > 0 &&
      part("Alerts", [
        paged.length > 0 && [markup`<h4>Who gets paged</h4>`, valueTable("Rules that tell each receiver", paged)],
        rules.same,
        alertParts(rules.own),
        valueTable("Routing and rules", alerting),
      ]),
    replays.length > 0 &&
      part("Alerts over history", [
        replayed.same,
        replayed.own.length > 0 && replaySection(`${id}-replay`, replayed.own),
      ]),
    slos.length > 0 && part("Objectives and error budgets", valueTable("Service level objectives", slos)),
    retention.length > 0 && part("Retention and storage", valueTable("Retention and lifecycle", retention)),
    sizing.length > 0 && part("Quotas, sizing and cost", valueTable("Sizes of all replicas", sizing)),
    judged.length > 0 && part("Checks and policies", valueTable("Results that are others than before", judged)),
    resources.length > 0 && part("Resources", [objects.same, resourceParts(objects.own, texts)]),
    configuration.length > 0 &&
      part("Configuration of the servers", [
        files.same,
        files.own.map(({ name, edits }) => (texts ? details(name, diff(edits)) : markup`<p>${name}</p>`)),
      ]),
  ];
  return { id, title: name, content };
}

/** Edits as text with what is gone and what is new. */
function diff(edits: readonly Edit[]): Html {
  const piece = ({ kind, text }: Edit): Content =>
    kind === "same" ? text : kind === "added" ? markup`<ins>${text}</ins>` : markup`<del>${text}</del>`;
  return markup`<pre class="diff">${edits.map(piece)}</pre>`;
}

function valueTable(caption: string, changes: readonly ValueChange[]): Content {
  if (changes.length === 0) return undefined;
  const means = changes.some(({ note }) => note !== "");
  const columns = ["what", "before", "after", ...(means ? ["means"] : [])].map((title) => ({ title }));
  const cell = (text: string | undefined) =>
    text === undefined || text === "" ? markup`<span class="soft">none</span>` : short(text);
  return table(
    caption,
    columns,
    changes.map(({ name, before, after, note }) => [short(name), cell(before), cell(after), ...(means ? [note] : [])]),
  );
}

/** Long texts open on demand. */
const short = (text: string): Content =>
  text.length > 240 ? details(`${text.slice(0, 120)}…`, markup`<pre>${text}</pre>`) : text;

const picture = (title: string, content: Html) => scrolling(title, markup`<div class="crop wide">${content}</div>`);

function dashboardPart(
  { title, before, after, panels, values, broken }: DashboardChange,
  id: string,
  pictures: Pictures,
): Html {
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
  const side = (name: string, board: typeof before, key: "before" | "after") => {
    if (board === undefined) return undefined;
    const drawing = { marks: marks(key), name: `${title}, ${name}`, data: dataOf(pictures.answers, board) };
    const drawn = picture(`${title}, ${name}`, dashboardPicture(`${id}-${key}`, board, drawing));
    return markup`<div><h5>${name}</h5>${drawn}</div>`;
  };
  return markup`<article class="card">
<h4>${title} <span class="soft">${summary}</span></h4>
${list(
  broken.map((each) => markup`<span class="medium">${each}</span>`),
  "plain",
)}
${pictures.draw(() => markup`<div class="pair">${side("before", before, "before")}${side("after", after, "after")}</div>`)}
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

/** More new or gone alerts than this stand closed: what changed among the others would not be found. */
const many = 12;

function alertParts(alerts: readonly AlertChange[]): Content {
  const actions = ["gone", "routed otherwise", "changed", "new"] as const;
  return actions.map((action) => {
    const all = alerts.filter((change) => change.action === action);
    if (all.length === 0) return undefined;
    const tree = markup`<ul class="tree">${all.map(alertPart)}</ul>`;
    return all.length > many ? details(`${count(all.length, "alert")} ${action}`, tree) : tree;
  });
}

function alertPart(change: AlertChange): Html {
  const { name, action, severity, summary, values, expression, toldBefore, toldAfter } = change;
  return markup`<li>
<strong>${name}</strong> ${severityChip(severity)} ${action}
<div class="soft">${summary}</div>
<div>${whoIsTold(toldBefore, toldAfter)}</div>
${valueTable(`Alert ${name}`, values)}
${expression && diff(expression)}</li>
`;
}

/** Who gets paged, before and after. */
function whoIsTold(before: readonly string[], after: readonly string[]): Content {
  const said = (all: readonly string[]) => (all.length === 0 ? "nobody" : all.join("; "));
  if (said(before) === said(after)) return markup`tells ${said(after)}, as before`;
  return markup`tells <del>${said(before)}</del> → <ins>${said(after)}</ins>`;
}

function resourceParts(resources: readonly ResourceChange[], withTexts: boolean): Content {
  const actions = ["replaced", "deleted", "created", "updated"] as const;
  return actions.map((action) => {
    const all = resources.filter((change) => change.action === action);
    return (
      all.length > 0 &&
      markup`<h4>${count(all.length, "resource")} ${action}</h4>
${all.map(({ name, reason, values, texts }) => {
  const line = markup`<strong>${name}</strong> <span class="soft">${reason}</span>`;
  return values.length + texts.length === 0 || !withTexts
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
