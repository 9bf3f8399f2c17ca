import { alertsOf, type RuleSet, type Verdict } from "./verdict";

/** The reasons, in the order in which the page counts them, as it says them. */
const kinds = {
  ours: "ours",
  later: "ours, later",
  otherSignal: "other signal",
  noSuchMetric: "no such metric",
  cantFire: "can't fire",
  notDeployed: "not deployed",
  notUseful: "not useful",
  wanted: "wanted",
} as const satisfies Record<Verdict["kind"], string>;

const intro = `
Whoever comes from another set of rules asks what becomes of each of its alerts here. One row for each; several severities
of one alert are one row.

- **ours**: on series that make the other alert fire, just beyond its own level, ours fire as well, as a ticket or a page:
  which of the two is our own rule (decision 20). promtool runs each case (\`test/alerts/coverage\`). Where ours read one
  series more, it shows what the same state makes it show. That the other rule fires on its series was seen with its own
  rules, as kube-prometheus and the projects render them.
- **ours, later**: ours read the same, and tell somebody from a worse value on; promtool runs that one.
- **other signal**: ours see the same trouble by other series.
- **no such metric**: what it reads is not there in the version that is deployed; ours that see the same are named.
- **can't fire**: it compares series that have no labels in common, and so it never fires; ours fire where it is meant to.
- **not deployed**, **not useful**: there is nothing to watch, or nothing to do.
- **wanted**: a gap.
`.trim();

const code = (text: string) => `\`${text}\``;
const table = (header: readonly string[], rows: readonly (readonly string[])[]) => {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
};

function remark(verdict: Verdict): string {
  if (verdict.kind === "ours") return verdict.but ?? "";
  return verdict.why;
}

/** How many alerts of a set each verdict has. */
function countsOf({ alerts }: RuleSet): readonly number[] {
  const all = Object.values(alerts);
  return [all.length, ...Object.keys(kinds).map((kind) => all.filter((verdict) => verdict.kind === kind).length)];
}

/** docs/alerts-coverage.md: what becomes here of the alerts of other rule sets. */
export function coveragePage(ruleSets: readonly RuleSet[]): string {
  const counts = ruleSets.map((set) => [set.name, ...countsOf(set).map(String)]);
  const totals = ruleSets.map(countsOf).reduce((sum, each) => sum.map((value, index) => value + (each[index] ?? 0)));
  return [
    "# Alerts of other rule sets",
    "<!-- Written by `npm run docs` from docs/coverage. Edit that. -->",
    intro,
    table(["rule set", "alerts", ...Object.values(kinds)], [...counts, ["all", ...totals.map(String)]]),
    ...ruleSets.flatMap(({ name, repository, commit, alerts }) => [
      `## ${name}`,
      `${code(repository)}, ${/^[0-9a-f]+$/.test(commit) ? `commit ${code(commit)}` : commit}.`,
      table(
        ["their alert", "verdict", "ours", "remark"],
        Object.entries(alerts).map(([alert, verdict]) => [
          `${code(alert)} ${verdict.severities.join(", ")}`,
          kinds[verdict.kind],
          alertsOf(verdict).map(code).join(", "),
          remark(verdict),
        ]),
      ),
    ]),
  ].join("\n\n");
}
