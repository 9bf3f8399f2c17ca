import type { Finding } from "../render/checks";
import { markup, table, type Content, type Html } from "./html";

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

/** Violations of the policies, as far as the caller evaluated them. */
export interface PolicyResult {
  readonly policy: string;
  /** Resources that it looked at. */
  readonly looked: number;
  readonly violations: readonly { readonly resource: string; readonly message: string }[];
  readonly exempted: readonly { readonly resource: string; readonly reason: string }[];
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

/** Policies with what they found; only those that speak stand open. */
export function policiesSection(results: readonly PolicyResult[]): Html {
  const columns = ["policy", "result", "where"].map((title) => ({ title }));
  return table(
    "Policies over every resource of the environment",
    columns,
    results.map(({ policy, looked, violations, exempted }): Content[] => [
      policy,
      violations.length > 0
        ? markup`<span class="failed">${violations.length} violated</span>`
        : markup`<span class="passed">holds</span>`,
      [
        violations.map(({ resource, message }) => markup`<div><strong>${resource}</strong>: ${message}</div>`),
        exempted.map(({ resource, reason }) => markup`<div>exempt: ${resource} (${reason})</div>`),
        violations.length + exempted.length === 0 && markup`<span class="soft">${looked} looked at</span>`,
      ],
    ]),
  );
}
