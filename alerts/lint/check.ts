import type { SyntaxNode } from "@lezer/common";
import type { Reading, Registry } from "../../signals";
import { isAlert, type AlertRule, type RecordingRule, type RuleFiles } from "../rule";

/** What the linter's checks are written with. */

/** What there is beside the rules. */
export interface Known {
  readonly catalogue: Registry;
  /** Who can look after an alert. */
  readonly teams: readonly string[];
}

/** A rule and what a check may know of it. */
export interface Of {
  readonly rule: AlertRule | RecordingRule;
  /** Its expression: the tree, and the labels of every part as the catalogue and the recording rules tell them. */
  readonly query: Reading;
  /** Every group, as it is deployed. */
  readonly files: RuleFiles;
  readonly interval: string | undefined;
  readonly known: Known;
}

/** What is wrong with a rule, in words; empty when nothing is. */
export type Check = (of: Of) => readonly string[];

/** Checks by pint's name of them. */
export type Checks = Readonly<Record<string, Check>>;

export const onAlerts =
  (check: (alert: AlertRule, of: Of) => readonly string[]): Check =>
  (of) =>
    isAlert(of.rule) ? check(of.rule, of) : [];

export const when = (broken: boolean, text: string) => (broken ? [text] : []);

/** A part of a rule's expression, as it is written. */
export const textOf = ({ rule }: Of, { from, to }: SyntaxNode) => rule.expr.slice(from, to);

/** The rules of all groups. */
export const rulesOf = (files: RuleFiles) =>
  Object.values(files)
    .flat()
    .flatMap(({ rules }) => rules);
