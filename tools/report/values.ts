/** Values as people read them, in Grafana's units. */

type Step = readonly [from: number, word: string];

/** Largest first; a value is shown in the first step that it reaches. */
const seconds: readonly Step[] = [
  [86_400, "d"],
  [3600, "h"],
  [60, "min"],
  [1, "s"],
  [1e-3, "ms"],
  [1e-6, "µs"],
];
const binary: readonly Step[] = [
  [2 ** 40, "TiB"],
  [2 ** 30, "GiB"],
  [2 ** 20, "MiB"],
  [2 ** 10, "KiB"],
  [1, "B"],
];
const decimal: readonly Step[] = [
  [1e12, "T"],
  [1e9, "G"],
  [1e6, "M"],
  [1e3, "k"],
  [1, ""],
];

const byteUnits = ["bytes", "decbytes", "binBps", "Bps"];
const rates: Readonly<Record<string, string>> = {
  reqps: "/s",
  cps: "/s",
  ops: "/s",
  rps: "/s",
  wps: "/s",
  iops: "/s",
  pps: "/s",
  binBps: "/s",
  Bps: "/s",
};

const digits = (value: number) => String(Number(value.toPrecision(3)));

function stepped(value: number, steps: readonly Step[], otherwise: string): string {
  const size = Math.abs(value);
  const [from, word] = steps.find(([least]) => size >= least) ?? [1, size === 0 ? otherwise : ""];
  return `${digits(value / from)}${word === "" ? "" : ` ${word}`}`;
}

/** `0.034` of `s` as "34 ms", `0.5` of `percentunit` as "50 %", `12345` of `short` as "12.3 k". */
export function shownValue(value: number, unit: string): string {
  if (!Number.isFinite(value)) return "–";
  if (unit === "percentunit") return `${digits(value * 100)} %`;
  if (unit === "percent") return `${digits(value)} %`;
  if (unit === "s") return stepped(value, seconds, "s");
  if (unit === "ms") return stepped(value / 1000, seconds, "s");
  const words = byteUnits.includes(unit) ? stepped(value, binary, "B") : stepped(value, decimal, "");
  const named = /^suffix:\s*(.*)$/.exec(unit)?.[1];
  return `${words}${rates[unit] ?? ""}${named ? ` ${named}` : ""}`;
}
