import { objectivesOf } from "../../alerts";
import { policies, type Evaluation } from "../../policies/index";
import { resultOf, type CheckDone } from "./checks";
import type { Rendering } from "./program";

/** What a review compares beyond the files: each value by its name, in words. */
export interface Judgement {
  /** Objectives by name of the SLO. */
  readonly slos: Readonly<Record<string, { readonly objective: string; readonly budget: string }>>;
  /** Resources that the engine refuses to delete, as `type name`. */
  readonly protected: readonly string[];
  /** Results by name of the check. */
  readonly checks: Readonly<Record<string, string>>;
  /** Results by name of the policy. */
  readonly policies: Readonly<Record<string, string>>;
  /** Names of the policies that do not hold. */
  readonly violated: readonly string[];
}

export function judgement(
  { environment, resources }: Rendering,
  checks: readonly CheckDone[],
  { violations, exempted }: Evaluation,
): Judgement {
  const slos = objectivesOf(environment).map(({ name, of, objective, period }) => {
    const percent = Number((objective * 100).toPrecision(6));
    const seconds = Math.round((1 - objective) * period.seconds);
    return [
      name,
      { objective: `${percent} % of ${of} over ${period.toString()}`, budget: `${minutes(seconds)} of total outage` },
    ] as const;
  });
  const about = <Each extends { readonly policy: string }>(all: readonly Each[], policy: string) =>
    all.filter((each) => each.policy === policy);
  const judged = policies.map(({ name }): [string, string] => {
    const [broken, exempt] = [about(violations, name), about(exempted, name)];
    const words = [
      ...broken.map(({ message }) => `violated: ${message}`),
      ...exempt.map(({ resource, problem }) => `exempt: ${resource} ${problem}`),
    ];
    return [name, words.length === 0 ? "holds" : words.sort().join("\n")];
  });
  return {
    slos: Object.fromEntries(slos),
    protected: resources.flatMap(({ type, name, protect }) => (protect ? [`${type} ${name}`] : [])).sort(),
    checks: Object.fromEntries(checks.map((check) => [check.name, wordsOf(check)])),
    policies: Object.fromEntries(judged),
    violated: policies.map(({ name }) => name).filter((name) => about(violations, name).length > 0),
  };
}

/** Short periods as people say them: `43 min`, `7.2 h`. */
function minutes(seconds: number): string {
  const round = (value: number) => Math.round(value * 10) / 10;
  return seconds < 7200 ? `${round(seconds / 60)} min` : `${round(seconds / 3600)} h`;
}

function wordsOf(check: CheckDone): string {
  if ("skipped" in check) return `skipped: ${check.skipped}`;
  const said = check.findings.map(({ message }) => message).join("\n");
  return said === "" ? resultOf(check) : `${resultOf(check)}: ${said}`;
}
