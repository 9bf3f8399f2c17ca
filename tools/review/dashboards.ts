import { brokenParts, type Dashboard, type Panel } from "../report/dashboard";
import { thresholdText } from "../report/drawing";
import type { DashboardChange, PanelChange, Risk, ValueChange } from "./model";
import type { RenderedEnvironment } from "./rendered";
import { wordEdits } from "./text";

/** Dashboards that differ, by title. */
export function compareDashboards(before: RenderedEnvironment, after: RenderedEnvironment): DashboardChange[] {
  const uids = [...new Set([...before.dashboards.keys(), ...after.dashboards.keys()])];
  const known = { before: new Set(before.dashboards.keys()), after: new Set(after.dashboards.keys()) };
  return uids
    .flatMap((uid): DashboardChange[] => {
      const old = before.dashboards.get(uid);
      const now = after.dashboards.get(uid);
      const wasBroken = new Set(old ? brokenParts(old.dashboard, known.before) : []);
      const broken = now ? brokenParts(now.dashboard, known.after).filter((each) => !wasBroken.has(each)) : [];
      if (old?.text === now?.text && broken.length === 0) return [];
      const change = comparePages(old?.dashboard, now?.dashboard);
      if (old && now && change.panels.length + change.values.length + broken.length === 0) return [];
      return [{ uid, title: (now ?? old)?.dashboard.title ?? uid, ...change, broken }];
    })
    .sort((a, b) => (a.title < b.title ? -1 : 1));
}

export function dashboardRisks(changes: readonly DashboardChange[]): Risk[] {
  return changes.flatMap(({ title, before, after, broken }) => {
    const where = `dashboard ${title}`;
    const risk = (level: Risk["level"], what: string, why: string): Risk => ({
      level,
      where,
      what,
      why,
      security: false,
    });
    return [
      ...broken.map((what) => risk("medium", what, "whoever uses it sees nothing, or an error")),
      ...(before && !after ? [risk("low", "is gone", "bookmarks and links to it end")] : []),
    ];
  });
}

function comparePages(before: Dashboard | undefined, after: Dashboard | undefined) {
  const panels = comparePanels(before?.panels ?? [], after?.panels ?? []);
  const values: ValueChange[] = [];
  if (before && after) {
    values.push(
      ...value("title", before.title, after.title),
      ...value("description", before.description, after.description),
      ...value("links", before.links.join("\n"), after.links.join("\n")),
      ...compareMaps(before.rest, after.rest),
      ...compareVariables(before, after),
    );
  }
  return { before, after, panels, values };
}

export function value(name: string, before: string | undefined, after: string | undefined, note = ""): ValueChange[] {
  return before === after ? [] : [{ name, before, after, note }];
}

export function compareMaps(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  prefix = "",
): ValueChange[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])];
  return keys.flatMap((key) => value(`${prefix}${key}`, before.get(key), after.get(key)));
}

function compareVariables(before: Dashboard, after: Dashboard): ValueChange[] {
  const names = [...new Set([...before.variables, ...after.variables].map(({ name }) => name))];
  return names.flatMap((name) => {
    const old = before.variables.find((each) => each.name === name);
    const now = after.variables.find((each) => each.name === name);
    if (old && now) {
      return [
        ...value(`variable ${name}`, old.query, now.query),
        ...value(`variable ${name}: label`, old.label, now.label),
        ...value(`variable ${name}: kind`, old.type, now.type),
        ...compareMaps(old.rest, now.rest, `variable ${name}: `),
      ];
    }
    return value(`variable ${name}`, old?.query, now?.query);
  });
}

type Pair = readonly [Panel | undefined, Panel | undefined];

/** The same panel in both: by id and title, then by title and row, title, and last by id alone, which is a new title. */
function paired(before: readonly Panel[], after: readonly Panel[]): Pair[] {
  const left = new Set(before);
  const partner = new Map<Panel, Panel>();
  const ways: ((old: Panel, now: Panel) => boolean)[] = [
    (old, now) => old.id !== undefined && old.id === now.id && old.title === now.title,
    (old, now) => old.title === now.title && old.row === now.row && old.type === now.type,
    (old, now) => old.title === now.title && old.title !== "" && old.row === now.row,
    (old, now) => old.title === now.title && old.title !== "" && old.type === now.type,
    (old, now) => old.id !== undefined && old.id === now.id,
    (old, now) => old.type === now.type && old.queries.length > 0 && sameQueries(old, now),
  ];
  for (const same of ways) {
    for (const now of after) {
      if (partner.has(now)) continue;
      const found = [...left].find((old) => (old.type === "row") === (now.type === "row") && same(old, now));
      if (found === undefined) continue;
      partner.set(now, found);
      left.delete(found);
    }
  }
  return [...after.map((now): Pair => [partner.get(now), now]), ...[...left].map((old): Pair => [old, undefined])];
}

const sameQueries = (old: Panel, now: Panel) =>
  JSON.stringify(old.queries.map(({ text }) => text)) === JSON.stringify(now.queries.map(({ text }) => text));

function comparePanels(before: readonly Panel[], after: readonly Panel[]): PanelChange[] {
  const pairs = paired(before, after);
  const moved = movedAmong(pairs);
  return pairs.flatMap(([old, now]): PanelChange[] => {
    const title = (now ?? old)?.title || "untitled";
    const both = { title, before: old, after: now };
    if (!old || !now) return [{ ...both, mark: now ? "added" : "removed", values: [], queries: [] }];
    const values = comparePanel(old, now);
    const queries = compareQueries(old, now);
    if (values.length + queries.length > 0) return [{ ...both, mark: "changed", values, queries }];
    return moved.has(now) ? [{ ...both, mark: "moved", values: [place(old, now)], queries: [] }] : [];
  });
}

const at = ({ place, row }: Panel) =>
  `${row === "" ? "" : `${row}: `}column ${place.x}, ${place.w} wide, ${place.h} high`;
const place = (old: Panel, now: Panel): ValueChange => ({
  name: "place",
  before: at(old),
  after: at(now),
  note: at(old) === at(now) ? "its order among the others" : "",
});

/**
 * Panels that stand elsewhere. One that only slid down because another was put above it has not moved: what counts is
 * column, size, row, and the order among those that are in both.
 */
function movedAmong(pairs: readonly Pair[]): Set<Panel> {
  const order = (a: Panel, b: Panel) => a.place.y - b.place.y || a.place.x - b.place.x;
  const common = pairs.flatMap(([old, now]) => (old && now && now.type !== "row" ? [{ old, now }] : []));
  const before = new Map([...common].sort((a, b) => order(a.old, b.old)).map(({ now }, index) => [now, index]));
  const sequence = [...common].sort((a, b) => order(a.now, b.now)).map(({ now }) => now);
  const kept = longestRising(sequence.map((panel) => before.get(panel) ?? 0));
  const moved = new Set(sequence.filter((_, index) => !kept.has(index)));
  for (const { old, now } of common) if (at(old) !== at(now)) moved.add(now);
  return moved;
}

/** Places of a longest rising subsequence: those that kept their order. */
function longestRising(values: readonly number[]): Set<number> {
  const best = values.map(() => 1);
  const previous = values.map(() => -1);
  let last = values.length > 0 ? 0 : -1;
  values.forEach((value, i) => {
    for (let j = 0; j < i; j += 1) {
      if ((values[j] ?? 0) < value && (best[j] ?? 0) + 1 > (best[i] ?? 0)) {
        best[i] = (best[j] ?? 0) + 1;
        previous[i] = j;
      }
    }
    if ((best[i] ?? 0) > (best[last] ?? 0)) last = i;
  });
  const kept = new Set<number>();
  for (; last >= 0; last = previous[last] ?? -1) kept.add(last);
  return kept;
}

function comparePanel(old: Panel, now: Panel): ValueChange[] {
  return [
    ...value("title", old.title, now.title),
    ...value("description", old.description, now.description),
    ...value("kind", old.type, now.type),
    ...value("unit", old.unit, now.unit),
    ...value("thresholds", thresholdText(old.thresholds), thresholdText(now.thresholds)),
    ...value("links", old.links.join("\n"), now.links.join("\n")),
    ...compareMaps(old.rest, now.rest),
  ];
}

function compareQueries(old: Panel, now: Panel) {
  const ids = [...new Set([...old.queries, ...now.queries].map(({ refId }) => refId))];
  const text = (panel: Panel, id: string) => {
    const query = panel.queries.find(({ refId }) => refId === id);
    return query === undefined ? "" : `${query.text}${query.source === "" ? "" : `\n# from ${query.source}`}`;
  };
  return ids.flatMap((id) => {
    const [before, after] = [text(old, id), text(now, id)];
    return before === after ? [] : [{ name: `query ${id}`, edits: wordEdits(before, after) }];
  });
}
