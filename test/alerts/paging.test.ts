import fs from "node:fs";
import path from "node:path";
import { alertLevels } from "../../alerts/figures";
import { pageReasonsOf } from "../../alerts/page-reasons";
import type { Environment } from "../../environment";
import { readAlertmanager, routesOf, type Route } from "../../tools/report/routing";
import { testWith } from "../support/programs";
import { example, profiles } from "./support/environments";
import { configOf, labelsOf, rulesOf, told, within } from "./support/paging";
import { run, temporaryFolder } from "./support/promtool";

/** Who gets paged. `UPDATE_GOLDEN=1 npx jest test/alerts/paging` writes the table anew; its diff is for reviewers. */

jest.setTimeout(120_000);

const file = path.join(__dirname, "../golden/paging.md");
const moments = {
  working: new Date("2026-11-18T10:00:00+01:00"), // a Wednesday in Berlin
  night: new Date("2026-11-18T03:00:00+01:00"),
  maintenance: new Date("2027-01-01T12:00:00Z"),
};
const columns: readonly (readonly [title: string, environment: Environment, at: Date])[] = [
  ...profiles.map((environment) => [environment.name, environment, moments.working] as const),
  ["example, working hours", example, moments.working],
  ["example, at night", example, moments.night],
  ["example, maintenance", example, moments.maintenance],
];

/** Why a critical level wakes somebody; one of ours that has no reason, or two, fails here. */
const reasons: readonly (readonly [string, string])[] = columns.flatMap(([, environment]) =>
  Object.entries(pageReasonsOf(environment)),
);
const ours = new Set(columns.flatMap(([, environment]) => alertLevels(environment)));
function why(level: string): string {
  const [name, severity] = level.split(" ");
  if (severity !== "critical") return "";
  if (!ours.has(level)) return "its team's own";
  const own = [...new Set(reasons.flatMap(([alert, reason]) => (alert === name ? [reason] : [])))];
  expect([level, own]).toEqual([level, [expect.any(String)]]);
  return own.join();
}

function page(): string {
  const all = columns.map(([, environment, at]) => told(environment, at));
  const alerts = [...new Set(all.flatMap((column) => [...column.keys()]))].sort();
  const rows = [
    ["alert", "why", ...columns.map(([title]) => title)],
    ...alerts.map((alert) => [alert, why(alert), ...all.map((column) => column.get(alert) ?? "")]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length))) ?? [];
  const line = (row: readonly string[], fill = " ") =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0, fill)).join(" | ")} |`;
  const [header = [], ...body] = rows;
  const ruler = line(
    header.map(() => ""),
    "-",
  );
  return [
    "# Who gets paged",
    "",
    "Each alert and severity, why it wakes somebody, and who is told of it: `nobody` takes alerts and tells nobody, `–` waits",
    "or is muted, an empty cell has no such alert. Written by test/alerts/paging.test.ts; `example` has every receiver, teams,",
    "working hours, maintenance and a second level of support.",
    "",
    line(header),
    ruler,
    ...body.map((row) => line(row)),
    "",
  ].join("\n");
}

test("who gets paged is what the table says", () => {
  const now = page();
  if (process.env["UPDATE_GOLDEN"] === "1") {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, now);
  }
  expect(now).toBe(fs.readFileSync(file, "utf8"));
});

/** Labels that a matcher of the tree reads, with the values that it asks for. */
function asked({ matchers, routes }: Route): string[] {
  return [...matchers, ...routes.flatMap(asked)];
}

for (const environment of profiles.concat(example))
  testWith("amtool", `amtool routes the alerts of ${environment.cluster} as the table does`, (amtool) => {
    const config = configOf(environment);
    const alertmanager = readAlertmanager(config);
    if (alertmanager === undefined) throw new Error("no configuration of Alertmanager");
    const text = asked(alertmanager.root).join("\n");
    // One question for all alerts that no matcher tells apart.
    const questions = new Map(
      rulesOf(environment).map((rule) => {
        const labels = Object.entries(labelsOf(rule)).filter(([name, value]) =>
          name === "alertname" ? text.includes(`"${value}"`) : text.includes(`${name}=`),
        );
        return [JSON.stringify(labels), Object.fromEntries(labels)];
      }),
    );
    expect(questions.size).toBeGreaterThanOrEqual(5);
    const folder = temporaryFolder();
    const written = path.join(folder, "alertmanager.yml");
    fs.writeFileSync(written, config);
    for (const labels of questions.values()) {
      const given = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
      const { output } = run(amtool, ["config", "routes", "test", `--config.file=${written}`, ...given]);
      const ours = routesOf(alertmanager.root, labels).map(({ receiver }) => receiver);
      expect([labels, output.trim().split(",")]).toEqual([labels, ours]);
    }
  });

test.each<[string, Parameters<typeof within>[0], string, boolean]>([
  ["the first minute", { times: [{ start_time: "09:00", end_time: "17:30" }] }, "2026-11-18T09:00:00Z", true],
  ["not the last", { times: [{ start_time: "09:00", end_time: "17:30" }] }, "2026-11-18T17:30:00Z", false],
  ["until midnight", { times: [{ start_time: "22:00", end_time: "24:00" }] }, "2026-11-18T23:59:00Z", true],
  [
    "the zone's own hour",
    { times: [{ start_time: "09:00", end_time: "10:00" }], location: "Asia/Tokyo" },
    "2026-11-18T00:30:00Z",
    true,
  ],
  ["the zone's own day", { weekdays: ["thursday"], location: "Asia/Tokyo" }, "2026-11-18T20:00:00Z", true],
  ["no Saturday", { weekdays: ["monday:friday"] }, "2026-11-21T12:00:00Z", false],
  ["the last day of February", { days_of_month: ["-1"] }, "2026-02-28T12:00:00Z", true],
  ["another month", { months: ["january:march"] }, "2026-04-01T00:00:00Z", false],
  ["a month by number", { months: ["4"] }, "2026-04-01T00:00:00Z", true],
  ["another year", { years: ["2020:2022"] }, "2026-04-01T00:00:00Z", false],
])("a time interval holds for %s", (_, range, at, holds) => {
  expect(within(range, new Date(at))).toBe(holds);
});
