import fs from "node:fs";
import path from "node:path";
import { isAlert, prometheusRules, vmalertRules } from "../../alerts";
import { testWith } from "../support/programs";
import { doesNotPageYet, mustNotPage, mustPage, type Situation } from "./situations";
import { everything } from "./support/environments";
import { run, temporaryFolder, yamlOf } from "./support/promtool";
import { gauge, valuesOf, type Fed } from "./support/proof";
import { target } from "./situations/situation";

jest.setTimeout(300_000);

/** Minutes of health before each fault: longer than the shortest windows of error budgets. */
const warm = 70;
const environment = everything("3");
const files = [prometheusRules(environment), vmalertRules(environment)].flatMap((all, evaluator) =>
  Object.entries(all).map(([name, groups]) => [`${evaluator}-${name}`, groups] as const),
);
const paged = 'ALERTS{alertstate="firing", severity="critical"}';
/** Jobs that the rules look for: all are up, unless the situation says otherwise. */
const jobs = [
  ...new Set(
    files
      .flatMap(([, groups]) => groups.flatMap(({ rules }) => rules.filter(isAlert)))
      .flatMap(({ labels }) => labels["job"] ?? []),
  ),
];

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

testWith("promtool", "what must wake somebody does, in time, and what must not does not", (promtool) => {
  const folder = temporaryFolder();
  for (const [name, groups] of files) {
    // Only what can page and what is recorded for it: the rest costs three times as much and proves nothing.
    const labelled = groups.map((group) => ({
      ...group,
      labels: { cluster: "local" },
      rules: group.rules.filter((rule) => !isAlert(rule) || rule.labels.severity === "critical"),
    }));
    fs.writeFileSync(path.join(folder, name), yamlOf({ groups: labelled }));
  }
  const rule_files = files.map(([name]) => name);
  const quiet = [...mustNotPage, ...doesNotPageYet];
  const situations = [...mustPage.map((each) => [each, 1] as const), ...quiet.map((each) => [each, 0] as const)];
  const tests = situations.map(([situation, expected]) => testOf(situation, expected));
  fs.writeFileSync(path.join(folder, "all.test.yaml"), yamlOf({ rule_files, evaluation_interval: "1m", tests }));
  const { status, output } = run(promtool, ["test", "rules", "all.test.yaml"], folder);
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
