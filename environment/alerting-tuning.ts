import { z } from "zod";
import { notifiedSeverities } from "./severities";
import { duration, fault } from "./values";

/** What an environment says of a single alert. Which alerts, levels and labels there are is known in alerts/. */

const severity = z.enum(notifiedSeverities);

const levelTuning = z
  .strictObject({
    /** Off: the rules of this level are left out. @default true */
    enabled: z.boolean(),
    /** How long it must hold on this level. @default `for` of the alert, or as it is written */
    for: duration,
    /** Another severity, which no other level has. */
    severity,
  })
  .partial();

/** Text of a label: `*` stands for any text, everything else for itself. */
const pattern = z
  .string()
  .min(1)
  .refine((text) => !/\.[*+]|[\\^$|]/.test(text), {
    error: fault("is no text of a label", '"batch-*": * stands for any text, everything else for itself'),
  });

export const alertTuning = z
  .strictObject({
    /** Off: its rules are left out. @default true */
    enabled: z.boolean(),
    /** How long it must hold, on all levels. */
    for: duration,
    /** Of an alert with one level; of one with several each has its own. */
    severity,
    /** By severity: `{warning: {for: 30m}, critical: {enabled: false}}`. */
    levels: z.record(z.string(), levelTuning),
    /** What it is silent for, by labels: `[{namespace: batch-*}]`. All labels of an entry must agree; `*` is any text. */
    exclude: z.array(z.record(z.string(), pattern)),
    /** Why an alert that watches over alerting itself is silenced all the same. */
    insist: z.string().min(1),
  })
  .partial();
