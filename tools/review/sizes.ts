import { Duration, historyLost, type LostHistory } from "../../environment";
import { costName } from "../report/cost";
import { leaves } from "../report/dashboard";
import { value } from "./dashboards";
import type { Risk, SizeChange, ValueChange } from "./model";
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
export function compareSizing(before: RenderedEnvironment, after: RenderedEnvironment): SizeChange[] {
  const [old, now] = [sizesOf(before.summary), sizesOf(after.summary)];
  return [...new Map([...now, ...old])].flatMap(([name, { of, key }]) => {
    const [from, to] = [old.get(name), now.get(name)];
    const size = { of, key, before: from?.number, after: to?.number };
    return value(name, from?.text, to?.text, share(size.before, size.after)).map((change) => ({ ...change, size }));
  });
}

function share(before: number | undefined, after: number | undefined): string {
  if (before === undefined || after === undefined || before === 0) return "";
  const change = Math.round((after / before - 1) * 100);
  return change === 0 ? "" : `${change > 0 ? "+" : "−"}${Math.abs(change)} %`;
}

type Size = Pick<SizeChange["size"], "of" | "key"> & { readonly text: string; readonly number: number | undefined };

function sizesOf(summary: Json): Map<string, Size> {
  const size = (of: Size["of"], key: string, text: string): Size => ({ of, key, text, number: quantity(text) });
  // Dollars a month, the sum first.
  const costs = [...flat(summary["cost"])]
    .sort(([a], [b]) => Number(b === "total") - Number(a === "total"))
    .map(
      ([key, text]) => [`cost a month: ${costName(key)}`, { ...size("cost", key, text), text: `$${text}` }] as const,
    );
  const rows = records(summary["systems"]).flatMap((row) => {
    const { name } = row;
    // The version says it in fewer words than the image.
    const shown = leaves(row).filter(([key]) => !["name", "image", "purpose"].includes(key));
    return shown.map(([key, json]) => [`${string(name)}: ${key}`, size("workload", key, plain(json))] as const);
  });
  const more = (["total", "quotas"] as const).flatMap((part) =>
    [...flat(summary[part])].map(([key, text]) => [`${part}: ${key}`, size(part, key, text)] as const),
  );
  return new Map([...costs, ...rows, ...more]);
}

export function sizingRisks(changes: readonly SizeChange[]): Risk[] {
  return changes.flatMap((change) => {
    const { name, before, after, size } = change;
    if (size.of === "cost") return size.key === "total" ? costRisk(change) : [];
    if (size.of !== "workload" || size.before === undefined || size.after === undefined) return [];
    if (size.after >= size.before) return [];
    const risk = (level: Risk["level"], why: string): Risk[] => [
      { level, where: name, what: `${before ?? ""} → ${after ?? ""}`, why, security: false },
    ];
    switch (size.key) {
      case "replicas":
        return size.after === 1
          ? risk("medium", "one replica: each restart interrupts it")
          : risk("low", "fewer can fail at the same time");
      case "memory":
        return risk("medium", "a server that needed more is killed");
      case "cpu":
        return risk("low", "slower under load");
      default:
        return [];
    }
  });
}

/** From which share on a change of cost deserves a decision, and from which it can't be overlooked. */
const dearer = { low: 1.25, medium: 2 } as const;

function costRisk({ before, after, note, size }: SizeChange): Risk[] {
  const [from, to] = [size.before, size.after];
  if (from === undefined || to === undefined || from === 0 || to < from * dearer.low) return [];
  const level = to >= from * dearer.medium ? "medium" : "low";
  const what = `${before ?? ""} → ${after ?? ""}`;
  return [{ level, where: "cost a month", what, why: `${note}: is it worth it?`, security: false }];
}

const plain = (json: string) => json.replace(/^"(.*)"$/, "$1");
const flat = (json: unknown) => new Map(leaves(record(json)).map(([key, text]) => [key, plain(text)] as const));
const keysOf = (before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>) => [
  ...new Set([...before.keys(), ...after.keys()]),
];
