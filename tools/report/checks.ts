import { resultOf, type CheckDone, type Finding } from "../render/checks";
import { count, markup, table, type Content, type Html } from "./html";

/** What the policies found: `evaluate` of policies/ with the names of the policies. */
export interface PolicyResults {
  readonly policies: readonly { readonly name: string; readonly reason: string }[];
  readonly violations: readonly {
    readonly policy: string;
    readonly severity: string;
    readonly resource: string;
    readonly message: string;
  }[];
  readonly exempted: readonly {
    readonly policy: string;
    readonly resource: string;
    readonly problem: string;
    readonly exemption: { readonly reason: string };
  }[];
}

function row(check: CheckDone): Content[] {
  const result = resultOf(check);
  const kind = result === "warns" ? "warning" : result;
  const said = "skipped" in check ? check.skipped : messages(check.findings);
  return [check.name, markup`<span class="${kind}">${result}</span>`, said];
}

const messages = (findings: readonly Finding[]) => findings.map(({ message }) => markup`<div>${message}</div>`);

/** Checks done and skipped. */
export function checksSection(checks: readonly CheckDone[]): Html {
  const columns = ["check", "result", "what it found"].map((title) => ({ title }));
  return table("Checks done and skipped", columns, checks.map(row));
}

/** In a word; what is only advised is no failure. */
function verdict(violations: PolicyResults["violations"], exempted: number): Content {
  const mandatory = violations.filter(({ severity }) => severity === "mandatory").length;
  if (mandatory > 0) return markup`<span class="failed">${count(mandatory, "violation")}</span>`;
  if (violations.length > 0) return markup`<span class="warning">advises</span>`;
  return markup`<span class="passed">holds</span>${exempted > 0 && `, ${count(exempted, "exemption")}`}`;
}

/** Every policy with what it found, the violated ones first. */
export function policiesSection({ policies, violations, exempted }: PolicyResults): Html {
  const of = <Each extends { readonly policy: string }>(all: readonly Each[], name: string) =>
    all.filter(({ policy }) => policy === name);
  // The judgement of the exemptions themselves is no policy of the list, and must not be lost.
  const known = new Set(policies.map(({ name }) => name));
  const others = violations
    .filter(({ policy }) => !known.has(policy))
    .map(({ policy }) => ({ name: policy, reason: "" }));
  const all = [...new Map([...policies, ...others].map((policy) => [policy.name, policy])).values()];
  const broken = (name: string) => of(violations, name).length > 0;
  const columns = ["policy", "result", "why, and where"].map((title) => ({ title }));
  const rows = [...all.filter(({ name }) => broken(name)), ...all.filter(({ name }) => !broken(name))];
  return markup`<p>${count(all.length, "policy", "policies")}: ${count(violations.length, "finding")}, ${count(exempted.length, "exemption")}.</p>
${table(
  "Policies over every resource of the environment",
  columns,
  rows.map(({ name, reason }): Content[] => [
    name,
    verdict(of(violations, name), of(exempted, name).length),
    [
      markup`<div class="soft">${reason}</div>`,
      of(violations, name).map(({ severity, message }) => markup`<div>${severity}: ${message}</div>`),
      of(exempted, name).map(
        ({ resource, problem, exemption }) => markup`<div>exempt: ${resource} ${problem} (${exemption.reason})</div>`,
      ),
    ],
  ]),
)}`;
}
