import { Duration, historyLost, type LostHistory } from "../../environment";
import { costName } from "../report/cost";
import { leaves } from "../report/dashboard";
import { value } from "./dashboards";
import type { Risk, ValueChange } from "./model";
import { record, records, string, type Json, type RenderedEnvironment } from "./rendered";

/** A Kubernetes quantity or a plain number as a number; undefined for anything else. */
export function quantity(text: string | undefined): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/.exec(text ?? "");
  if (match === null) return undefined;
  const units = { m: 1e-3, k: 1e3, M: 1e6, G: 1e9, T: 1e12, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 };
  return Number(match[1]) * (match[2] === undefined ? 1 : units[match[2] as keyof typeof units]);
}

function seconds(text: string | undefined): number | undefined {
  try {
    return text === undefined ? undefined : Duration.parse(text).seconds;
  } catch {
    return undefined;
  }
}

/** Keys that limit a query and keep nothing. */
const limits = ["maxQueryLength"];

/** Retention settings and bucket lifecycles: what history is lost or gained. */
export function compareRetention(before: RenderedEnvironment, after: RenderedEnvironment): ValueChange[] {
  const [old, now] = [flat(before.summary["retention"]), flat(after.summary["retention"])];
  const lost = new Map(historyLost(durations(old), durations(now)).map((each) => [each.name, each]));
  const settings = keysOf(old, now).flatMap((name) => {
    const [from, to] = [old.get(name), now.get(name)];
    const gone = lost.get(name);
    const [long, longer] = [seconds(from), seconds(to)];
    const more = longer !== undefined && !limits.includes(name) && longer > (long ?? 0);
    const note =
      gone !== undefined
        ? lossOf(gone)
        : more
          ? `${Duration.seconds(longer - (long ?? 0)).toString()} more, which fill up as time goes by`
          : "";
    return value(name, from, to, note).map((change) =>
      gone === undefined ? change : { ...change, loses: true as const },
    );
  });
  return [...settings, ...compareLifecycles(before, after)];
}

function lossOf({ before, after, remains }: LostHistory): string {
  const gone = Duration.seconds(before.seconds - (after?.seconds ?? 0)).toString();
  return `${gone} of history are lost, for good${remains === "" ? "" : `; what remains: ${remains}`}`;
}

const durations = (settings: ReadonlyMap<string, string>): Record<string, Duration> =>
  Object.fromEntries(
    [...settings].flatMap(([name, text]) => {
      const length = seconds(text);
      return length === undefined || limits.includes(name) ? [] : [[name, Duration.seconds(length)] as const];
    }),
  );

function compareLifecycles(before: RenderedEnvironment, after: RenderedEnvironment): ValueChange[] {
  const rules = (environment: RenderedEnvironment): ReadonlyMap<string, string> =>
    new Map(
      Object.entries(environment.aws).flatMap(([file, json]) =>
        records(record(record(json)["lifecycle"])["rules"]).map((rule) => {
          const { id, ...rest } = rule;
          const text = leaves(rest).map(([path, each]) => `${path} = ${each}`);
          return [`lifecycle of ${file.replace(/^bucket-/, "bucket ")}: ${string(id)}`, text.join(", ")] as const;
        }),
      ),
    );
  const [old, now] = [rules(before), rules(after)];
  return keysOf(old, now).flatMap((name) => value(name, old.get(name), now.get(name)));
}

export function retentionRisks(changes: readonly ValueChange[]): Risk[] {
  return changes.flatMap(({ name, before, after, note, loses = false }) =>
    loses
      ? [
          {
            level: "high" as const,
            where: `retention of ${name}`,
            what: `${before ?? "–"} → ${after ?? "–"}`,
            why: note,
            security: false,
          },
        ]
      : [],
  );
}

/** Replicas, requests, disks and versions of each workload, the sums, and cost where the summary tells it. */
export function compareSizing(before: RenderedEnvironment, after: RenderedEnvironment): ValueChange[] {
  const [old, now] = [sizesOf(before.summary), sizesOf(after.summary)];
  const sizes = keysOf(old, now).flatMap((name) => {
    const [from, to] = [old.get(name), now.get(name)];
    return value(name, from, to, share(quantity(from), quantity(to)));
  });
  return [...compareCost(before.summary, after.summary), ...sizes];
}

/** Dollars a month, the sum first. */
function compareCost(before: Json, after: Json): ValueChange[] {
  const [old, now] = [flat(before["cost"]), flat(after["cost"])];
  const dollars = (text: string | undefined) => (text === undefined ? undefined : `$${text}`);
  return keysOf(old, now)
    .sort((a, b) => Number(b === "total") - Number(a === "total"))
    .flatMap((key) => {
      const [from, to] = [old.get(key), now.get(key)];
      return value(`cost a month: ${costName(key)}`, dollars(from), dollars(to), share(quantity(from), quantity(to)));
    });
}

function share(before: number | undefined, after: number | undefined): string {
  if (before === undefined || after === undefined || before === 0) return "";
  const change = Math.round((after / before - 1) * 100);
  return change === 0 ? "" : `${change > 0 ? "+" : "−"}${Math.abs(change)} %`;
}

function sizesOf(summary: Json): Map<string, string> {
  const rows = records(summary["systems"]).flatMap((row) => {
    const { name } = row;
    // The version says it in fewer words than the image.
    const shown = leaves(row).filter(([key]) => !["name", "image", "purpose"].includes(key));
    return shown.map(([key, json]) => [`${string(name)}: ${key}`, plain(json)] as const);
  });
  const more = ["total", "quotas"].flatMap((part) =>
    [...flat(summary[part])].map(([key, text]) => [`${part}: ${key}`, text] as const),
  );
  return new Map([...rows, ...more]);
}

export function sizingRisks(changes: readonly ValueChange[]): Risk[] {
  return changes.flatMap(({ name, before, after, note }) => {
    if (name === "cost a month: total") return costRisk(before, after, note);
    const [from, to] = [quantity(before), quantity(after)];
    if (from === undefined || to === undefined || to >= from || name.startsWith("total")) return [];
    const risk = (level: Risk["level"], why: string): Risk[] => [
      { level, where: name, what: `${before ?? ""} → ${after ?? ""}`, why, security: false },
    ];
    if (name.endsWith(": replicas"))
      return to === 1
        ? risk("medium", "one replica: each restart interrupts it")
        : risk("low", "fewer can fail at the same time");
    if (name.endsWith(": memory")) return risk("medium", "a server that needed more is killed");
    return name.endsWith(": cpu") ? risk("low", "slower under load") : [];
  });
}

/** From which share on a change of cost deserves a decision, and from which it can't be overlooked. */
const dearer = { low: 1.25, medium: 2 } as const;

function costRisk(before = "", after = "", note = ""): Risk[] {
  const [from, to] = [before, after].map((text) => Number(text.slice(1)));
  if (from === undefined || to === undefined || !(to >= from * dearer.low) || from === 0) return [];
  const level = to >= from * dearer.medium ? "medium" : "low";
  return [
    { level, where: "cost a month", what: `${before} → ${after}`, why: `${note}: is it worth it?`, security: false },
  ];
}

const plain = (json: string) => json.replace(/^"(.*)"$/, "$1");
const flat = (json: unknown) => new Map(leaves(record(json)).map(([key, text]) => [key, plain(text)] as const));
const keysOf = (before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>) => [
  ...new Set([...before.keys(), ...after.keys()]),
];
