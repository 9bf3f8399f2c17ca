import { UsageError } from "../cli";
import { secondsOf } from "./reads";

const shown = "2026-11-29T10:00Z, 2026-11-29, 36h (so long ago) or now";

/**
 * A moment as people write it: `2026-11-29T10:00Z`, `2026-11-29 10:00` and `2026-11-29` in UTC, `36h` for so long ago,
 * `now`.
 * @param flag that it stands at @param now seconds since 1970
 * @returns seconds since 1970
 * @throws UsageError with what it could be
 */
export function timeOf(flag: string, text: string, now: number): number {
  if (text === "now") return Math.floor(now);
  if (/^(\d+[smhdw])+$/.test(text)) return Math.floor(now - secondsOf(text));
  const found = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(Z|[+-]\d\d:\d\d)?)?$/.exec(text);
  const [, date = "", time = "00:00", zone = "Z"] = found ?? [];
  const moment = Date.parse(`${date}T${time}${zone}`);
  if (Number.isNaN(moment) || !isDay(date))
    throw new UsageError(`--${flag} ${JSON.stringify(text)} is no time: write ${shown}`);
  return moment / 1000;
}

/** Seconds of `24h` or `1d12h`. @param flag that it stands at @throws UsageError for anything else, and for none */
export function durationOf(flag: string, text: string): number {
  const seconds = /^(\d+[smhdw])+$/.test(text) ? secondsOf(text) : 0;
  if (seconds > 0) return seconds;
  throw new UsageError(`--${flag} ${JSON.stringify(text)} is no duration: write 24h`);
}

/** A day that its month does not have is none of the next month. */
function isDay(date: string): boolean {
  const midnight = Date.parse(`${date}T00:00Z`);
  return !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(date);
}
