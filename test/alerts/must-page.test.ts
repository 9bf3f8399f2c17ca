import fs from "node:fs";
import path from "node:path";
import { isAlert, prometheusRules, vmalertRules, type RuleGroup } from "../../alerts";
import { testWith } from "../support/programs";
import { doesNotPageYet, mustNotPage, mustPage, type Situation } from "./situations";
import { everything } from "./support/environments";
import { run, temporaryFolder, yamlOf } from "./support/promtool";
import { gauge, valuesOf, type Fed } from "./support/proof";
import { closureOf, recordingIn, withRules } from "./support/reads";
import { target } from "./situations/situation";

jest.setTimeout(300_000);

/** Minutes of health before each fault: longer than the shortest windows of error budgets. */
const warm = 70;
const environment = everything("3");
const deployed = [prometheusRules(environment), vmalertRules(environment)].flatMap((files, evaluator) =>
  Object.entries(files).flatMap(([file, groups]) =>
    groups.map((group): RuleGroup => ({ ...group, name: `${evaluator} ${file} ${group.name}` })),
  ),
);
const recording = recordingIn(deployed);
/** What can page, with the series that it reads and what is recorded for it. */
const paging = deployed
  .flatMap(({ rules }) => rules.filter(isAlert))
  .filter(({ labels }) => labels.severity === "critical")
  .map((alert) => ({ alert, ...closureOf([alert.expr], recording) }));
const paged = 'ALERTS{alertstate="firing", severity="critical"}';
/** Jobs that the rules look for: all are up, unless the situation says otherwise. */
const jobs = [
  ...new Set(deployed.flatMap(({ rules }) => rules.filter(isAlert)).flatMap(({ labels }) => labels["job"] ?? [])),
];

/** Rules as the plan labels them, in a file of promtool. */
function fileOf(alerts: typeof paging): string {
  const wanted = new Set<object>(alerts.flatMap(({ alert, recorded }) => [alert, ...recorded]));
  const groups = withRules(deployed, (rule) => wanted.has(rule));
  return yamlOf({ groups: groups.map((group) => ({ ...group, labels: { cluster: "local" } })) });
}

/**
 * The alerts that a situation tells something: those that read a series of it. To the others it is as if all were well,
 * which {@link health} plays to all. A selector without a name reads any series.
 */
function toldBy({ series }: Situation): typeof paging {
  const fed = new Set(series.map(([{ selector }]) => selector.split("{")[0] ?? ""));
  return paging.filter((each) => [...each.series].some((name) => fed.has(name) || name === ""));
}

function testOf({ what, series, within }: Situation, expected: 0 | 1) {
  const written = (fed: Fed, then: number | "_") =>
    fed.written?.[0] ??
    valuesOf(
      fed,
      [
        [warm, fed.good],
        [within + 10, then],
      ],
      1,
    );
  const known = new Set(series.map(([{ selector }]) => selector));
  const healthy = jobs
    .map((job) => gauge(`up{${target(job, "a")}}`, 1))
    .filter(({ selector }) => ![...known].some((each) => each.startsWith("up{") && each.includes(jobIn(selector))));
  return {
    name: what,
    interval: "1m",
    input_series: [
      ...healthy.map((fed) => ({ series: fed.selector, values: written(fed, 1) })),
      ...series.map(([fed, then = fed.good]) => ({ series: fed.selector, values: written(fed, then) })),
    ],
    promql_expr_test: [
      // Which ones, so that a failure says it.
      { expr: `count by (alertname) (${paged})`, eval_time: `${warm - 1}m`, exp_samples: [] },
      {
        // Nobody is woken at any time, not at the last moment alone: what fires may be over by then.
        expr:
          expected === 0
            ? `count by (alertname) (max_over_time(${paged}[${within + 5}m]))`
            : said(what, `count(${paged}) > bool 0`),
        eval_time: `${warm + within}m`,
        exp_samples: expected === 0 ? [] : [{ labels: `{what=${JSON.stringify(what)}}`, value: 1 }],
      },
    ],
  };
}
/** The situation as a label, so that promtool's complaint names it. */
const said = (what: string, expr: string) => `label_replace(${expr}, "what", ${JSON.stringify(what)}, "", "")`;
const jobIn = (selector: string) => /job="[^"]+"/.exec(selector)?.[0] ?? "";

/** Every job is up for as long as the longest situation lasts, and nothing else is measured. */
function health(situations: readonly Situation[]) {
  const minutes = warm + Math.max(...situations.map(({ within }) => within));
  const what = "all is well";
  const ever = `count by (alertname) (count_over_time(${paged}[${minutes + 1}m]))`;
  return {
    ...testOf({ what, series: [], within: minutes - warm }, 0),
    promql_expr_test: [{ expr: ever, eval_time: `${minutes}m`, exp_samples: [] }],
  };
}

testWith("promtool", "what must wake somebody does, in time, and what must not does not", (promtool) => {
  // One that reads other alerts would have to be played with all of them.
  expect(paging.filter(({ series }) => series.has("ALERTS")).map(({ alert }) => alert.alert)).toEqual([]);
  const folder = temporaryFolder();
  const quiet = [...mustNotPage, ...doesNotPageYet];
  // All rules in every situation would cost twenty times as much and prove no more.
  const played = [
    ...mustPage.map((each) => [testOf(each, 1), toldBy(each)] as const),
    ...quiet.map((each) => [testOf(each, 0), toldBy(each)] as const),
    [health([...mustPage, ...quiet]), paging] as const,
  ];
  const files = played.map(([each, alerts], index) => {
    const rules = `${index}.rules.yaml`;
    fs.writeFileSync(path.join(folder, rules), fileOf(alerts));
    const name = `${index}.test.yaml`;
    const test = { rule_files: [rules], evaluation_interval: "1m", tests: [each] };
    fs.writeFileSync(path.join(folder, name), yamlOf(test));
    return name;
  });
  const { status, output } = run(promtool, ["test", "rules", ...files], folder);
  const failed = output.replace(/^ {2}SUCCESS$|^Unit Testing: .*test\.yaml\n {2}SUCCESS\n/gm, "");
  expect(status === 0 ? "" : failed).toBe("");
});

/** The list for people. `UPDATE_GOLDEN=1 npx jest test/alerts/must-page` writes it anew; its diff is for reviewers. */
const written = path.join(__dirname, "../../docs/must-page.md");
const table = (last: string, situations: readonly Situation[]) =>
  [
    `| what happens | ${last} |`,
    "| --- | --- |",
    ...situations.map(({ what, within }) => `| ${what} | ${within} minutes |`),
  ].join("\n");
const page = () => `# What must wake somebody, and what must not

Why these: [decision 20](decisions/0020-symptoms-page.md). Each row is played to promtool with every rule that can page
(test/alerts/situations, test/alerts/must-page.test.ts); which alert fires is not asked. A row goes only with a reason there.

## Somebody is woken

${table("within", mustPage)}

${doesNotPageYet.length === 0 ? "" : `## Should wake somebody, and does not yet\n\n${table("within", doesNotPageYet)}\n\n`}## Nobody is woken

${table("looked at for", mustNotPage)}
`;

test("docs/must-page.md is the list that is tested", () => {
  if (process.env["UPDATE_GOLDEN"] === "1") fs.writeFileSync(written, page());
  expect(fs.readFileSync(written, "utf8")).toBe(page());
});
