import { pages } from "../../dashboards";
import { inWords, knownThresholds, type Quantity, type Threshold } from "../../signals";
import { composition } from "../../stacks/systems";
import { readEnvironment } from "../../tools/stack-file";

/** What `alerting.thresholds` tunes is what pages draw, say and compute with. */

interface Shown {
  readonly place: string;
  readonly text: string;
  readonly steps: readonly (number | null)[];
}

/** Every panel as Grafana reads it. */
function shown(overrides: Readonly<Record<string, Readonly<Record<string, number>>>>): readonly Shown[] {
  const environment = readEnvironment("local", { alerting: { thresholds: overrides } });
  return pages(environment).flatMap((page) =>
    panelsOf(page.model() as unknown as { panels: readonly Panel[] }).map(
      ({ title, description = "", fieldConfig }) => ({
        place: `${page.uid} / ${title}`,
        text: description,
        steps: fieldConfig?.defaults?.thresholds?.steps.map(({ value }) => value) ?? [],
      }),
    ),
  );
}

interface Panel {
  readonly title: string;
  readonly description?: string;
  readonly panels?: readonly Panel[];
  readonly fieldConfig?: {
    readonly defaults?: { readonly thresholds?: { readonly steps: { readonly value: number | null }[] } };
  };
}
const panelsOf = ({ panels = [] }: { readonly panels?: readonly Panel[] }): readonly Panel[] =>
  panels.flatMap((panel) => [panel, ...panelsOf(panel)]);

/** Those of every owner. */
const thresholds = Object.entries<Threshold>(knownThresholds(composition)).flatMap(([name, of]) =>
  "warning" in of ? [[name, of as Readonly<Record<string, Quantity>>] as const] : [],
);
const levels = thresholds.flatMap(([name, { warning, critical }]) =>
  warning !== undefined && critical !== undefined ? [[name, warning, critical] as const] : [],
);
/** Everything a little lower, so that every level is in order and within its unit; an objective would allow too much. */
const moved = (name: string, value: number) =>
  Number((name === "planSuccess" ? value + 0.02 : value * 0.875).toPrecision(6));
const tuned = Object.fromEntries(
  thresholds.map(([name, of]) => [
    name,
    Object.fromEntries(Object.entries(of).map(([level, { value }]) => [level, moved(name, value)])),
  ]),
);

const before = shown({});
const after = new Map(shown(tuned).map((panel) => [panel.place, panel]));

test("a panel's colours follow", () => {
  const pair = (steps: readonly (number | null)[]) => {
    const [, low, high] = steps;
    return levels.filter(
      ([, warning, critical]) =>
        Math.min(warning.value, critical.value) === low && Math.max(warning.value, critical.value) === high,
    );
  };
  const drawn = before.filter(({ steps }) => pair(steps).length > 0);
  expect(drawn.length).toBeGreaterThan(50);
  const stayed = drawn.filter(({ place, steps }) => {
    const now = after.get(place)?.steps ?? [];
    // Several thresholds may have the same levels by default.
    return !pair(steps).some(([name]) =>
      steps.every((value, at) => now[at] === (value === null ? null : moved(name, value))),
    );
  });
  expect(stayed.map(({ place }) => place)).toEqual([]);
});

test("its sentence follows", () => {
  const said = (text: string) =>
    [...text.matchAll(/(?:Bad|critical) (?:above|below|from) (\d[\w.]*(?: (?:%|ms))?)/g)].map(([, level]) => level);
  const words = new Set(levels.flatMap(([, warning, critical]) => [inWords(warning), inWords(critical)]));
  const speaking = before.filter(
    ({ text, steps }) => steps.length === 3 && said(text).some((level) => words.has(level ?? "")),
  );
  expect(speaking.length).toBeGreaterThan(30);
  const stayed = speaking.filter(({ place, text }) => after.get(place)?.text === text);
  expect(stayed.map(({ place, text }) => `${place}: ${text}`)).toEqual([]);
});

test("a sentence names the level from which the panel is orange", () => {
  const orange = before.flatMap(({ place, text, steps }) => {
    const [, bad, level = ""] = /Bad (above|below) (\d[\d.]*(?: (?:%|ms))?|\d+[smhd])(?=[.,:;])/.exec(text) ?? [];
    if (bad === undefined || steps.length !== 3) return [];
    const value = (bad === "above" ? steps[1] : steps[2]) ?? 0;
    const said = ["seconds", "ratio", "percent", "count"].map((unit) =>
      inWords({ value, unit: unit as Quantity["unit"] }),
    );
    return said.includes(level) ? [] : [`${place}: ${text} (${value})`];
  });
  expect(orange).toEqual([]);
});

test("an objective's budget is what the page counts with", () => {
  const environment = readEnvironment("local", { alerting: { thresholds: { availability: { objective: 0.99 } } } });
  const page = JSON.stringify(
    pages(environment)
      .find(({ uid }) => uid === "slos")
      ?.model(),
  );
  expect(page).toContain("The objective is 99 %.");
  expect(page).toContain("/ 0.01");
  expect(page).not.toContain("/ 0.001");
});
