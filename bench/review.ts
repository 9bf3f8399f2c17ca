import { statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { profileNames } from "../environment";
import { readDashboard } from "../tools/report/dashboard";
import { compareAll } from "../tools/review/compare";
import { reviewPage } from "../tools/review/page";
import { readEnvironment, type RenderedEnvironment } from "../tools/review/rendered";
import { median, secondsOf, type Figure, type Measured } from "./measure";

/** Seconds of a review of all environments whose base was rendered before, and MiB of its page (2 MB). */
const goals = { seconds: 10, page: 2e6 / 2 ** 20 } as const;

/** How many times longer 200 dashboards may take than 50: four is linear, the rest is what a garbage collection costs. */
const LINEAR = 5;

const sizes = [50, 100, 200] as const;
const MIB = 2 ** 20;

/** The review as people start it, and how it grows with its dashboards. */
export function reviewTimes(root: string, rounds: number): Measured {
  const loader = pathToFileURL(require.resolve("tsx")).href;
  const args = ["--import", loader, "tools/review.ts", "--base", "HEAD"];
  // The first run renders the base, which is kept.
  secondsOf(args, root);
  const whole = median(Array.from({ length: rounds }, () => secondsOf(args, root)));
  const rendered = (name: string) => readEnvironment(name, join(root, "build", name));
  const largest = Math.max(...profileNames.map((name) => statSync(join(root, "build", name, "report.html")).size));
  return {
    figures: [
      { id: "review.all", what: "review of all environments, base kept", value: whole, unit: "s", goal: goals.seconds },
      {
        id: "report.page",
        what: "largest report.html of npm start",
        value: largest / MIB,
        unit: "MiB",
        goal: goals.page,
      },
      ...growth(rendered("prod"), rounds),
    ],
    missing: [],
  };
}

/** Reviews of ever more dashboards, each with a changed query. */
function growth(environment: RenderedEnvironment, rounds: number): Figure[] {
  const pairs = sizes.map(
    (size) => [enlarged(environment, size, ""), enlarged(environment, size, " # changed")] as const,
  );
  const times = sizes.map((): number[] => []);
  const pages: number[] = [];
  // One round more than counted: the first compiles.
  for (let round = 0; round <= rounds; round += 1) {
    pairs.forEach(([before, after], index) => {
      const begin = process.hrtime.bigint();
      const [from, to] = [new Map([["prod", before]]), new Map([["prod", after]])];
      const page = reviewPage(state("base", from), state("head", to), compareAll(from, to));
      if (round > 0) times[index]?.push(Number(process.hrtime.bigint() - begin) / 1e6);
      pages[index] = Buffer.byteLength(page);
    });
  }
  const [first = NaN] = times.map(median);
  return sizes.flatMap((size, index): Figure[] => {
    const value = median(times[index] ?? []);
    const ratio = value / first;
    const times50 = size / sizes[0];
    const note = size === 200 && ratio > LINEAR ? "grows faster than its dashboards" : `${times50} times as many`;
    return [
      {
        id: `review.${size}`,
        what: `review of ${size} changed dashboards, in process`,
        value,
        unit: "ms",
        ratio,
        note,
      },
      {
        id: `review.page.${size}`,
        what: `page of ${size} changed dashboards`,
        value: (pages[index] ?? NaN) / MIB,
        unit: "MiB",
        goal: goals.page,
      },
    ];
  });
}

const state = (name: string, environments: ReadonlyMap<string, RenderedEnvironment>) => ({
  name,
  commit: undefined,
  environments,
  failure: undefined,
  notes: [],
});

/** The environment with so many dashboards: its own over and over, each with an identifier of its own. */
function enlarged(environment: RenderedEnvironment, size: number, suffix: string): RenderedEnvironment {
  const own = [...environment.dashboards.values()];
  const dashboards = Array.from({ length: size }, (_, index) => {
    const uid = `board-${index}`;
    const model = JSON.parse(own[index % own.length]?.text ?? "{}") as {
      title: string;
      panels?: { targets?: { expr?: string }[] }[];
    };
    const target = model.panels?.flatMap(({ targets = [] }) => targets).find(({ expr }) => expr !== undefined);
    if (target !== undefined) target.expr = `${target.expr ?? ""}${suffix}`;
    const text = JSON.stringify({ ...model, uid, title: `${model.title} ${index}` });
    return [uid, { text, dashboard: readDashboard(JSON.parse(text)) }] as const;
  });
  return { ...environment, dashboards: new Map(dashboards) };
}
