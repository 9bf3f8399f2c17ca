import { value } from "./dashboards";
import type { Risk, ValueChange } from "./model";
import { record, string, strings, type RenderedEnvironment } from "./rendered";

/** Objectives of both, and the error budgets that follow. A ref that does not tell them is not compared. */
export function compareSlos(before: RenderedEnvironment, after: RenderedEnvironment): ValueChange[] {
  const [old, now] = [before.summary["slos"], after.summary["slos"]];
  if (old === undefined || now === undefined) return [];
  return namesOf(old, now).flatMap((name) => {
    const [from, to] = [record(old)[name], record(now)[name]].map((each) => (each ? record(each) : undefined));
    const said = (slo: typeof from, key: string) => slo && string(slo[key]);
    return [
      ...value(`${name}: objective`, said(from, "objective"), said(to, "objective")),
      ...value(`${name}: budget`, said(from, "budget"), said(to, "budget")),
    ];
  });
}

/** Results of checks and policies that are others than before, and resources that are protected or no longer. */
export function compareJudgements(before: RenderedEnvironment, after: RenderedEnvironment): ValueChange[] {
  const results = (["checks", "policies"] as const).flatMap((part) => {
    const [old, now] = [before.summary[part], after.summary[part]];
    if (old === undefined || now === undefined) return [];
    const one = part === "checks" ? "check" : "policy";
    return namesOf(old, now).flatMap((name) =>
      value(`${one} ${name}`, said(record(old)[name]), said(record(now)[name])),
    );
  });
  const { gained, lost } = protection(before, after);
  return [
    ...results,
    ...lost.map((name) => ({ name, before: "protected", after: "not protected, or gone", note: "" })),
    ...gained.map((name) => ({ name, before: "not protected, or not there", after: "protected", note: "" })),
  ];
}

export function judgementRisks(before: RenderedEnvironment, after: RenderedEnvironment): Risk[] {
  // A base that does not tell its violations is none to say that a policy held in.
  const { violated: old } = before.summary;
  const policies =
    old === undefined ? [] : strings(after.summary["violated"]).filter((name) => !strings(old).includes(name));
  const { lost } = protection(before, after);
  const shown = lost.slice(0, 3).join(", ");
  return [
    ...(lost.length === 0
      ? []
      : [
          {
            level: "high" as const,
            where: "protection from a destroy",
            what: `ends for ${lost.length > 3 ? `${shown} and ${lost.length - 3} more` : shown}`,
            why: "the engine no longer refuses to delete it",
            security: false,
          },
        ]),
    ...policies.map((name): Risk => ({
      level: "high",
      where: `policy ${name}`,
      what: string(record(after.summary["policies"])[name]).replace(/^violated: /, ""),
      why: "it held before",
      security: true,
    })),
  ];
}

/** What only one of two refs protects; what goes altogether counts, since the engine would refuse that. */
function protection(before: RenderedEnvironment, after: RenderedEnvironment) {
  const none = { gained: [] as string[], lost: [] as string[] };
  if (before.summary["protected"] === undefined || after.summary["protected"] === undefined) return none;
  const [old, now] = [strings(before.summary["protected"]), strings(after.summary["protected"])];
  return {
    gained: now.filter((name) => !old.includes(name)),
    lost: old.filter((name) => !now.includes(name)),
  };
}

const said = (result: unknown) => (typeof result === "string" ? result : undefined);
const namesOf = (before: unknown, after: unknown) => [
  ...new Set([...Object.keys(record(before)), ...Object.keys(record(after))]),
];
