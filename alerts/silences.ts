import { z } from "zod";
import { Duration, nearest, unknownName, type Environment, type Fault } from "../environment";
import { reasonOf } from "../environment/reasons";
import { duration } from "../environment/values";
import { everyAlert } from "./catalogue";
import type { Alert } from "./language";

/** Silences as code: what a person writes, checked against the alerts there are, and what Alertmanager's API takes. */

const moment = z.iso.datetime({ offset: true, error: 'is no moment\nfor example "2026-12-24T18:00:00+01:00"' });

const silence = z.strictObject({
  /** `alertname="HostDiskHigh"`, `instance=~"node-1.*"`; all of them must match. */
  matchers: z.array(z.string()).min(1),
  /** @default now */
  starts: moment.optional(),
  /** Either this or `duration`: a silence without an end is an alert that was switched off unseen. */
  ends: moment.optional(),
  duration: duration.optional(),
  author: z.string().min(1),
  comment: z.string().min(1),
});

/** A file of silences, as YAML: `silences: [{matchers, starts, duration, author, comment}]`. */
const silenceFile = z.strictObject({ silences: z.array(silence) });

export interface Matcher {
  readonly name: string;
  readonly value: string;
  readonly isRegex: boolean;
  readonly isEqual: boolean;
}

/** As Alertmanager's API v2 has it. */
export interface Silence {
  readonly matchers: readonly Matcher[];
  readonly startsAt: string;
  readonly endsAt: string;
  readonly createdBy: string;
  readonly comment: string;
}

export interface ExistingSilence extends Silence {
  readonly id: string;
  readonly status: { readonly state: "active" | "pending" | "expired" };
}

/** A silence that somebody wants. */
export interface WantedSilence extends Silence {
  /** Its end follows from the moment of the call: one that is there already is not made longer by calling again. */
  readonly relative: boolean;
}

/** What is wanted, or everything that is wrong with it. */
export type SilenceResult =
  { readonly wanted: readonly WantedSilence[]; readonly faults: readonly [] } | { readonly faults: readonly Fault[] };

/**
 * Reads a file of silences.
 * @param input the file, parsed
 * @param now when a silence starts that doesn't say so
 */
export function silencesOf(input: unknown, environment: Environment, now: Date): SilenceResult {
  const parsed = silenceFile.safeParse(input, { reportInput: true });
  if (!parsed.success) return { faults: parsed.error.issues.flatMap(faultsOf) };
  const alerts = everyAlert(environment);
  const read = parsed.data.silences.map((each, index) => {
    const where = `silences[${index}]`;
    const matchers = each.matchers.map((text) => ({ text, matcher: matcherOf(text) }));
    const faults = [
      ...matchers.flatMap(({ text, matcher }, at): Fault[] =>
        matcher ? [] : [wrongMatcher(`${where}.matchers[${at}]`, text)],
      ),
      ...matcherFaults(
        where,
        matchers.flatMap(({ matcher }) => matcher ?? []),
        alerts,
      ),
      ...endFaults(where, each),
    ];
    return { each, matchers: matchers.flatMap(({ matcher }) => matcher ?? []), faults };
  });
  const faults = read.flatMap((one) => one.faults);
  if (faults.length > 0) return { faults };
  const wanted = read.map(({ each, matchers }): WantedSilence => {
    const starts = each.starts === undefined ? now : new Date(each.starts);
    const ends = each.ends === undefined ? starts.getTime() + (each.duration?.seconds ?? 0) * 1000 : each.ends;
    return {
      matchers,
      startsAt: starts.toISOString(),
      endsAt: new Date(ends).toISOString(),
      createdBy: each.author,
      comment: each.comment,
      relative: each.starts === undefined && each.ends === undefined,
    };
  });
  return { wanted, faults: [] };
}

/** `name="value"` with `=`, `!=`, `=~` or `!~`; undefined for anything else. */
export function matcherOf(text: string): Matcher | undefined {
  const found = /^\s*([a-zA-Z_]\w*)\s*(=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"\s*$/.exec(text);
  if (found === null) return undefined;
  const [, name = "", operator = "", quoted = ""] = found;
  return {
    name,
    value: quoted.replace(/\\(["\\])/g, "$1"),
    isRegex: operator.endsWith("~"),
    isEqual: operator.startsWith("="),
  };
}

/** A matcher as people write it. */
export const matcherText = ({ name, value, isRegex, isEqual }: Matcher): string =>
  `${name}${isEqual ? "=" : "!"}${isRegex ? "~" : isEqual ? "" : "="}${JSON.stringify(value)}`;

const wrongMatcher = (key: string, value: string): Fault => ({
  key,
  value,
  reason: "is no matcher",
  fix: 'a label, one of = != =~ !~ and a value in quotes: alertname="HostDiskHigh"',
});

/** Labels that every alert has, whatever it is about. */
const common = ["alertname", "severity", "team", "component", "cluster", "escalation"];

function matcherFaults(where: string, matchers: readonly Matcher[], alerts: readonly Alert[]): Fault[] {
  const faults: Fault[] = [];
  if (
    matchers.length > 0 &&
    matchers.every(({ isEqual, isRegex, value }) => !isEqual || (isRegex && hits(value, "")))
  ) {
    const reason = "matches every alert, or nearly so: nobody would hear of anything";
    faults.push({ key: `${where}.matchers`, reason, fix: 'name what is to be silent: alertname="HostDiskHigh"' });
  }
  const meant = alerts.filter(({ name }) => matchers.every((each) => each.name !== "alertname" || fits(each, name)));
  const names = alerts.map(({ name }) => name);
  for (const { name, value, isRegex } of matchers) {
    const key = `${where}.matchers`;
    if (name === "alertname" && !(isRegex ? names.some((each) => hits(value, each)) : names.includes(value))) {
      faults.push(plain(unknownName(key, value, names, "no alert has this name")));
    }
  }
  if (faults.length > 0) return faults;
  const labels = new Set([
    ...common,
    ...meant.flatMap(({ labels, levels }) => [...labels, ...levels.flatMap((level) => Object.keys(level.labels))]),
  ]);
  return matchers.flatMap(({ name }) =>
    labels.has(name)
      ? []
      : [plain(unknownName(`${where}.matchers`, name, [...labels], "no alert that is meant has this label"))],
  );
}

/** A fault of a file of its own, not of the configuration. */
const plain = (fault: Fault): Fault => ({ ...fault, key: fault.key.replace(/^observability:/, "") });

const fits = ({ value, isRegex, isEqual }: Matcher, text: string) =>
  (isRegex ? hits(value, text) : value === text) === isEqual;

function hits(pattern: string, text: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`).test(text);
  } catch {
    return false;
  }
}

function endFaults(key: string, { starts, ends, duration: length }: z.output<typeof silence>): Fault[] {
  if ((ends === undefined) === (length === undefined)) {
    const [reason, fix] =
      ends === undefined
        ? ["has no end: the alert would be off for good, and nobody would see it", 'duration: 2h, or ends: "…"']
        : ["has both duration and ends", "take one of them away"];
    return [{ key, reason, fix }];
  }
  const backwards = starts !== undefined && ends !== undefined && Date.parse(ends) <= Date.parse(starts);
  return backwards ? [{ key: `${key}.ends`, value: ends, reason: "is before it starts", fix: `after ${starts}` }] : [];
}

function faultsOf(issue: z.core.$ZodIssue): Fault[] {
  const key = issue.path
    .map((part, index) => (typeof part === "number" ? `[${part}]` : `${index > 0 ? "." : ""}${String(part)}`))
    .join("");
  const known = issue.path.length === 0 ? ["silences"] : Object.keys(silence.shape);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((name) => {
      const guess = nearest(name, known);
      const fix = guess === undefined ? `known here: ${known.join(", ")}` : `did you mean "${guess}"?`;
      return { key: key === "" ? name : `${key}.${name}`, reason: "is not a known key", fix };
    });
  }
  if (issue.input === undefined) return [{ key: key === "" ? "silences" : key, reason: "is missing", fix: "add it" }];
  return [{ key, value: JSON.stringify(issue.input), ...reasonOf(issue, known) }];
}

/** What has to be done so that the wanted silences are there. */
export interface SilenceChange {
  readonly action: "add" | "change" | "keep" | "over";
  readonly silence: WantedSilence;
  /** The one that is there. */
  readonly existing?: ExistingSilence;
}

/**
 * Compares what is wanted with what is there: whoever wants the same thing again gets the same silence. The same are two
 * with one author, one comment and the same matchers.
 */
export function silenceChanges(
  wanted: readonly WantedSilence[],
  there: readonly ExistingSilence[],
  now: Date,
): SilenceChange[] {
  return wanted.map((silence): SilenceChange => {
    if (Date.parse(silence.endsAt) <= now.getTime()) return { action: "over", silence };
    const existing = there.find((each) => each.status.state !== "expired" && identity(each) === identity(silence));
    if (existing === undefined) return { action: "add", silence };
    const same =
      silence.relative ||
      (Date.parse(existing.endsAt) === Date.parse(silence.endsAt) &&
        // What is active has begun; when it was to begin counts no more.
        (existing.status.state === "active" || Date.parse(existing.startsAt) === Date.parse(silence.startsAt)));
    return { action: same ? "keep" : "change", silence, existing };
  });
}

const identity = ({ matchers, createdBy, comment }: Silence) =>
  JSON.stringify([matchers.map(matcherText).sort(), createdBy, comment]);

/** How long a silence lasts from now on, for people: `2h`. */
export function remaining({ endsAt }: Silence, now: Date): string {
  const seconds = Math.max(0, Math.round((Date.parse(endsAt) - now.getTime()) / 60_000) * 60);
  return seconds === 0 ? "less than a minute" : Duration.seconds(seconds).toString();
}
