import { pageReasons } from "../../alerts/language";
import { pageReasonsOf } from "../../alerts/page-reasons";
import { type Environment } from "../../environment";
import { dashboards } from "../../dashboards";
import { planStack } from "../../stacks";

import { summary } from "../../tools/render/summary";
import { layout } from "../../tools/report/layers";
import { report } from "../../tools/report/report";
import { parseEnvironment } from "../../stacks/environment";

const sizes = { nodeWidth: 100, nodeHeight: 40, across: 50, down: 20, margin: 10 };

function reportOf(environment: Environment, pages = dashboards(environment), budget: object = {}): string {
  const rendering = { environment, resources: [], outputs: { grafanaUrl: "https://grafana.example.com" } };
  const plan = planStack(environment);
  return report(rendering, plan, { ...summary(rendering, plan, [], []), ...budget }, { pages, checks: [] });
}

const local = parseEnvironment("local", {});
const page = reportOf(local);

test("the same environment gives the same bytes", () => {
  expect(reportOf(parseEnvironment("local", {}))).toBe(page);
});

test("is one file that loads nothing, and allows nothing to be loaded", () => {
  expect(page).not.toMatch(/<(script|link rel="(?!icon)|img|iframe)/);
  expect(page.replaceAll(/<desc[^>]*>[^<]*<\/desc>|<pre>[^<]*<\/pre>|<code>[^<]*<\/code>/g, "")).not.toMatch(
    /url\((?!#)|@import/,
  );
  expect(page).toContain("default-src &#39;none&#39;");
});

test("has every connection of the plan in its table", () => {
  const rows = page.match(/<td data-title="why">/g) ?? [];
  expect(rows).toHaveLength(planStack(local).flows.length);
});

test("names every workload, its version, and each dashboard", () => {
  for (const { workloads } of planStack(local).systems)
    for (const { version } of workloads) expect(page).toContain(`>${version}<`);
  for (const { title } of dashboards(local)) expect(page).toContain(`>Dashboard ${title}</title>`);
  expect(page.match(/class="board"/g)).toHaveLength(dashboards(local).length);
});

test("says of each critical alert who is woken and why, once", () => {
  const rows = [...page.matchAll(/<th scope="row">(\w+)<\/th>\s*<td data-title="wakes somebody for">(\w*)<\/td>/g)];
  const told = rows.map(([, name, reason]) => [name, reason]);
  expect(told).toEqual(Object.entries(pageReasonsOf(local)));
  expect(told).toContainEqual(["TargetMissing", "alerting"]);
  expect(page).toContain(pageReasons.alerting.replaceAll("'", "&#39;"));
});

test("tells the cost by its parts with their shares, and the quota; without figures there is no such section", () => {
  const text = reportOf(local, [], {
    cost: { compute: 75, s3Storage: 25, total: 100 },
    quotas: { "limits.cpu": "3 of 4" },
  });
  expect(text).toContain("<strong>$100</strong> a month");
  expect(text).toMatch(/s3 storage.*\$25.*25 %/s);
  expect(text).toContain("3 of 4");
  expect(reportOf(local, [], { cost: undefined, quotas: undefined })).not.toContain('id="cost"');
});

test("says of every workload what it is for", () => {
  const text = reportOf(local);
  expect(text).toContain("keeps and searches logs");
  expect(text).toContain("on each node: reads the pods&#39; logs, takes what they send");
});

test("says so where a stage is off, instead of showing an empty section", () => {
  const some = parseEnvironment("local", { stages: ["metrics"] });
  const text = reportOf(some, []);
  expect(text).toContain("No dashboards: the stage “dashboards” is off.");
  expect(text).toContain("Stages: metrics.");
});

test("grows with its dashboards no faster than they do, and 200 of them fit in 2 MB", () => {
  const some = dashboards(local).slice(0, 10);
  const many = (times: number) => Array.from({ length: times }, () => some).flat();
  const [ten, hundred, all] = [1, 10, 20].map((times) => reportOf(local, many(times)).length);
  const each = ((hundred ?? 0) - (ten ?? 0)) / 90;
  expect(((all ?? 0) - (hundred ?? 0)) / 100).toBeLessThan(each * 1.05);
  expect(all).toBeLessThan(2_000_000 + planText());
});

/** Bytes of the page without any dashboard. */
const planText = () => reportOf(local, []).length;

describe("layers", () => {
  const edge = (from: string, to: string) => ({ from, to });

  test("what something talks to stands in a later layer, circles and lonely ones included", () => {
    const edges = [edge("a", "b"), edge("b", "c"), edge("c", "a"), edge("a", "c")];
    const { nodes, paths } = layout(["a", "b", "c", "lonely"], edges, sizes);
    const x = (name: string) => nodes.get(name)?.x ?? -1;
    expect(x("a")).toBeLessThan(x("b"));
    expect(x("b")).toBeLessThan(x("c"));
    expect(paths.every((path) => path.length >= 2)).toBe(true);
  });

  test("no two boxes lie on each other", () => {
    const names = Array.from({ length: 12 }, (_, index) => `n${index}`);
    const edges = names.flatMap((from, i) =>
      names.flatMap((to, j) => ((i * 7 + j * 3) % 5 === 0 ? [edge(from, to)] : [])),
    );
    const places = [...layout(names, edges, sizes).nodes.values()];
    for (const a of places)
      for (const b of places)
        if (a !== b)
          expect(Math.abs(a.x - b.x) >= sizes.nodeWidth || Math.abs(a.y - b.y) >= sizes.nodeHeight).toBe(true);
  });
});
