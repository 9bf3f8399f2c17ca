import type { Finding } from "../render/checks";
import { count, markup, table, type Content, type Html } from "./html";

/** A check by name: what it found, or why it was not done. */
export type CheckDone =
  | { readonly name: string; readonly findings: readonly Finding[] }
  | { readonly name: string; readonly skipped: string };

/** What can't be known before something is deployed, and which command finds it out. */
export const needsServers: readonly CheckDone[] = [
  { name: "Each server starts with its configuration", skipped: "needs the servers: npm run e2e" },
  { name: "Data goes through: metrics, logs, traces, alerts", skipped: "needs a cluster: npm run e2e" },
  { name: "What the engine will change", skipped: "needs the deployed state: pulumi preview" },
];

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

function result(check: CheckDone): [string, Content, Content] {
  if ("skipped" in check) return [check.name, markup`<span class="skipped">skipped</span>`, check.skipped];
  const errors = check.findings.filter(({ level }) => level === "error");
  if (errors.length > 0) return [check.name, markup`<span class="failed">failed</span>`, messages(errors)];
  if (check.findings.length > 0)
    return [check.name, markup`<span class="warning">warns</span>`, messages(check.findings)];
  return [check.name, markup`<span class="passed">passed</span>`, ""];
}

const messages = (findings: readonly Finding[]) => findings.map(({ message }) => markup`<div>${message}</div>`);

/** Checks done and skipped. */
export function checksSection(checks: readonly CheckDone[]): Html {
  const columns = ["check", "result", "what it found"].map((title) => ({ title }));
  return table("Checks done and skipped", columns, checks.map(result));
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
  return markup`<p>${count(violations.length, "violation")} of ${count(all.length, "policy", "policies")}, ${count(exempted.length, "exemption")}.</p>
${table(
  "Policies over every resource of the environment",
  columns,
  rows.map(({ name, reason }): Content[] => [
    name,
    broken(name)
      ? markup`<span class="failed">${count(of(violations, name).length, "violation")}</span>`
      : markup`<span class="passed">holds</span>`,
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
