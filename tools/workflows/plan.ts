import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** What stands in a workflow, as far as it is run here. */
interface Workflow {
  readonly env?: Variables;
  readonly jobs: Readonly<Record<string, Job>>;
}
interface Job {
  readonly if?: string;
  readonly needs?: string | readonly string[];
  readonly env?: Variables;
  readonly "timeout-minutes"?: number;
  readonly strategy?: { readonly matrix?: Readonly<Record<string, readonly unknown[]>> };
  readonly steps: readonly Step[];
}
interface Step {
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Variables;
}
type Variables = Readonly<Record<string, unknown>>;

/** A step, ready to be run by bash; or why it is not run here. */
export interface PlannedStep {
  readonly title: string;
  /** After what it runs: as long as nothing failed, once something did, or in any case. */
  readonly when: "success" | "failure" | "always";
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
  /** What it needs that is not here; absent for a step that is run. */
  readonly needs?: string;
}

export interface PlannedJob {
  readonly workflow: string;
  /** `preview (dev)`, where there is a matrix. */
  readonly title: string;
  readonly name: string;
  readonly after: readonly string[];
  readonly minutes: number;
  readonly steps: readonly PlannedStep[];
  /** A condition of the whole job, which only GitHub can decide. */
  readonly condition?: string;
}

/** What GitHub's contexts say in a run of this machine, by path: `github.sha`. */
export type Contexts = Readonly<Record<string, string>>;

/** GitHub's own limit, in minutes, for a job that has none. */
const LIMIT = 360;

/** Programs that speak to somebody who is not here, and what a cluster of an action is named. */
const elsewhere: readonly (readonly [pattern: RegExp, needs: string])[] = [
  [/(^|[\s;|&(])aws\s/m, "AWS"],
  [/(^|[\s;|&(])gh\s/m, "GitHub"],
  [/(^|[\s;|&(])kubectl\s|--context kind-/m, "the cluster of helm/kind-action"],
];

/** Every job of every workflow of a folder, one for each value of its matrix, in the order of the files. */
export function plannedJobs(folder: string, contexts: Contexts): PlannedJob[] {
  const files = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name));
  return files.sort().flatMap((workflow) => {
    const { jobs, env = {} } = parse(readFileSync(join(folder, workflow), "utf8")) as Workflow;
    return Object.entries(jobs).flatMap(([name, job]) =>
      combinations(job.strategy?.matrix ?? {}).map((values): PlannedJob => {
        const known = { ...contexts, ...prefixed("matrix", values) };
        const of = Object.values(values).join(", ");
        return {
          workflow,
          name,
          title: of === "" ? name : `${name} (${of})`,
          after: [job.needs ?? []].flat(),
          minutes: job["timeout-minutes"] ?? LIMIT,
          ...(job.if === undefined ? {} : { condition: job.if }),
          steps: job.steps.map((step) => planned(step, { ...env, ...job.env, ...step.env }, known)),
        };
      }),
    );
  });
}

function planned(step: Step, variables: Variables, contexts: Contexts): PlannedStep {
  const [script, unknown] = substituted(step.run ?? "", contexts);
  const values = Object.entries(variables).map(
    ([name, value]) => [name, substituted(String(value), contexts)] as const,
  );
  const env = Object.fromEntries(values.map(([name, [text]]) => [name, text]));
  const when = conditionOf(step.if);
  const title = step.name ?? step.uses?.replace(/@.*/, "") ?? firstLine(script);
  const missing = [...unknown, ...values.flatMap(([, [, of]]) => of)];
  const needs =
    step.uses !== undefined
      ? `GitHub: an action${standInOf(title)}`
      : (elsewhere.find(([pattern]) => pattern.test(script))?.[1] ??
        (when === undefined
          ? `GitHub: it runs if ${step.if}`
          : missing.length > 0
            ? `GitHub: ${missing.join(", ")}`
            : undefined));
  return { title, when: when ?? "success", script, env, ...(needs === undefined ? {} : { needs }) };
}

/** What stands here for what an action would bring. */
const standIns: Readonly<Record<string, string>> = {
  "actions/checkout": "a clean clone",
  "actions/setup-node": `the Node.js ${process.version} of this machine`,
  "actions/setup-go": "the Go of this machine",
  "actions/cache": "the kit's cache of this machine",
};
const standInOf = (action: string) => (standIns[action] === undefined ? "" : `; here ${standIns[action]}`);

const firstLine = (script: string) => script.split("\n").find((line) => !line.startsWith("#")) ?? script;

/** Undefined for a condition that only GitHub can decide. */
function conditionOf(text: string | undefined): PlannedStep["when"] | undefined {
  switch (text?.replace(/^\$\{\{\s*|\s*\}\}$/g, "")) {
    case undefined:
    case "success()":
      return "success";
    case "failure()":
      return "failure";
    case "always()":
      return "always";
    default:
      return undefined;
  }
}

/** A text with the expressions whose value is known here, and those whose value is not. */
function substituted(text: string, contexts: Contexts): [text: string, unknown: string[]] {
  const unknown: string[] = [];
  const filled = text.replace(/\$\{\{\s*(.*?)\s*\}\}/gs, (whole, expression: string) => {
    const value = Object.hasOwn(contexts, expression) ? contexts[expression] : undefined;
    if (value === undefined) unknown.push(expression);
    return value ?? whole;
  });
  return [filled, unknown];
}

const prefixed = (prefix: string, values: Contexts): Contexts =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}.${name}`, value]));

/** Every combination of a matrix's values; one empty one without a matrix. */
function combinations(matrix: Readonly<Record<string, readonly unknown[]>>): Record<string, string>[] {
  return Object.entries(matrix).reduce<Record<string, string>[]>(
    (all, [name, values]) => all.flatMap((before) => values.map((value) => ({ ...before, [name]: String(value) }))),
    [{}],
  );
}
