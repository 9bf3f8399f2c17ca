import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { stringify } from "yaml";
import { isAlert, prometheusRules, vmalertRules, type AlertRule, type RuleGroup, type Severity } from "../../../alerts";
import { everything } from "./environments";
import { closureOf } from "./reads";
import { valuesOf, type Case, type Proof } from "./proof";

export const yamlOf = (value: unknown) => stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });

/**
 * Runs a tool and gives what it printed; a test compares the exit code. Its garbage is collected a quarter as often as Go
 * does by itself, as long as that takes no more than 1 GiB: it ends soon, and a fifth of its time is saved.
 */
export function run(binary: string, args: readonly string[], cwd?: string) {
  const { status, stdout, stderr } = spawnSync(binary, args, {
    encoding: "utf8",
    cwd,
    env: { ...process.env, GOGC: "400", GOMEMLIMIT: "1GiB" },
    timeout: 280_000,
    maxBuffer: 1 << 28,
  });
  return { status, output: `${stdout}${stderr}` };
}

export function temporaryFolder(): string {
  return fs.mkdtempSync(path.join(os.tmpdir(), "alerts-"));
}

const cluster = { cluster: "local" };

/** All rules as they are deployed, by major version; `cluster` stands on every group, as the plan puts it. */
function deployed(majorVersion: "2" | "3"): RuleGroup[] {
  const environment = everything(majorVersion);
  return [...Object.values(prometheusRules(environment)), ...Object.values(vmalertRules(environment))].flat();
}
const byMajorVersion = { "2": deployed("2"), "3": deployed("3") };

/** All rules as they are deployed with a major version of Tempo, one group after the other. */
export const deployedRules = (majorVersion: "2" | "3"): readonly RuleGroup[] => byMajorVersion[majorVersion];

/** Every alerting rule there is, of both major versions of Tempo: those of one name may read other metrics. */
export function allAlertRules(): AlertRule[] {
  const rules = [...byMajorVersion["2"], ...byMajorVersion["3"]].flatMap((group) => group.rules).filter(isAlert);
  return [...new Map(rules.map((rule) => [JSON.stringify(rule), rule])).values()];
}

export function rulesFor({ alert, rule = {}, majorVersion = "2" }: Proof, severity: Severity): AlertRule[] {
  return byMajorVersion[majorVersion]
    .flatMap(({ rules }) => rules)
    .filter(isAlert)
    .filter((each) => each.alert === alert && each.labels.severity === severity)
    .filter((each) => Object.entries(rule).every(([label, value]) => each.labels[label] === value));
}

/** A template with the values of labels in it; in an address they are encoded as Go does. */
export const filled = (template: string, labels: Readonly<Record<string, string>>): string =>
  template.replace(/\{\{ \$labels\.(\w+)( \| urlquery)? \}\}/g, (_, label: string, inAddress?: string) => {
    const value = labels[label] ?? "";
    return inAddress === undefined ? value : new URLSearchParams({ value }).toString().slice("value=".length);
  });

/** A test file of promtool for one severity of an alert, and the rules that it reads. */
function testFile(proof: Proof, severity: Severity, [near, bad, says]: Case) {
  const [rule, ...more] = rulesFor(proof, severity);
  if (rule === undefined || more.length > 0) {
    throw new Error(
      `${proof.alert} (${severity}): ${rule === undefined ? "no rule" : "several rules; name one by its labels"}`,
    );
  }
  const { lag = 1, warm = 15, step = 1, end = lag + 15, labels } = proof;
  const held = typeof proof.for === "number" ? proof.for : proof.for[severity];
  if (held === undefined) throw new Error(`${proof.alert}: for ${severity} is missing`);
  const last = warm + held + lag + Math.max(5, step);
  const input = (driven: number | "_", which: 0 | 1) =>
    proof.series.map((fed) => {
      if (fed.written !== undefined) return { series: fed.selector, values: fed.written[which] };
      const wrong = fed.driven ? driven : fed.good;
      return {
        series: fed.selector,
        values: valuesOf(
          fed,
          [
            [warm, fed.good],
            [last - warm, wrong],
            [end + Math.max(5, step), fed.good],
          ],
          step,
        ),
      };
    });
  const at = (minute: number, alerts: readonly object[]) => ({
    eval_time: `${minute}m`,
    alertname: proof.alert,
    exp_alerts: alerts,
  });
  // `alert_rule_test` wants every label; those of the rule itself are not what is proven here.
  const filledIn = Object.entries(rule.labels).map(([name, value]) => [name, filled(value, labels)] as const);
  // Prometheus drops a label whose template comes out empty.
  const own = Object.fromEntries(filledIn.filter(([, value]) => value !== ""));
  const { dashboard_url, dashboard, runbook_url, runbook, summary } = rule.annotations;
  const expected = {
    exp_labels: { ...labels, ...own, ...cluster },
    exp_annotations: {
      summary: filled(summary, { ...labels, ...cluster }),
      description: says,
      ...(runbook_url === undefined ? {} : { runbook_url }),
      ...(runbook === undefined ? {} : { runbook }),
      ...(dashboard === undefined ? {} : { dashboard: filled(dashboard, { ...labels, ...cluster }) }),
      ...(dashboard_url === undefined ? {} : { dashboard_url: filled(dashboard_url, { ...labels, ...cluster }) }),
    },
  };
  const quiet = held === 0 ? [at(warm - step, [])] : [at(warm - step, []), at(warm + held - step, [])];
  // Only what it reads, and what that reads: the others would cost four times as much and prove nothing.
  const recorded = byMajorVersion["2"]
    .flatMap(({ rules }) => rules)
    .flatMap((each) => (isAlert(each) || each.labels?.["slo"] !== labels["slo"] ? [] : [each]));
  const read = closureOf([rule.expr], recorded).recorded;
  const recording = recorded.filter((each) => read.has(each));
  // One group: rules of a group are evaluated one after the other, groups in any order.
  const group = { name: "proven", labels: cluster, rules: [...(proof.recorded ? recording : []), rule] };
  return {
    rules: { groups: [group] },
    tests: [
      {
        name: "fires and ends",
        interval: `${step}m`,
        input_series: input(bad, 0),
        alert_rule_test: [...quiet, at(warm + held + lag, [expected]), at(last + end, [])],
      },
      {
        name: "near, but not bad enough",
        interval: `${step}m`,
        input_series: input(near, 1),
        alert_rule_test: [at(warm + held + lag, [])],
      },
    ],
  };
}

/** Writes the test files of all cases into a folder; gives the names of the test files. */
export function writeTests(folder: string, proofs: readonly Proof[]): string[] {
  return proofs.flatMap((proof, index) =>
    Object.entries(proof.cases).map(([severity, values]) => {
      const { rules, tests } = testFile(proof, severity as Severity, values);
      const variant = Object.values(proof.rule ?? {}).join("-");
      const name = `${proof.alert}-${severity}${variant === "" ? "" : `-${variant}`}-${index}`;
      fs.writeFileSync(path.join(folder, `${name}.rules.yaml`), yamlOf(rules));
      fs.writeFileSync(
        path.join(folder, `${name}.test.yaml`),
        yamlOf({ rule_files: [`${name}.rules.yaml`], evaluation_interval: `${proof.step ?? 1}m`, tests }),
      );
      return `${name}.test.yaml`;
    }),
  );
}
