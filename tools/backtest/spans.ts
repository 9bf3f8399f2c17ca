/** When something held, as plain spans of time. */

/** Seconds since 1970; `to` is the first moment that is no longer in it. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * The spans in which a series has a value at each evaluation.
 * @param times of its samples, seconds since 1970
 * @param step between two evaluations, seconds: a value stands until the next one
 */
export function spansOf(times: readonly number[], step: number): Span[] {
  return joined(times.map((time) => ({ from: time, to: time + step })));
}

/** Spans in order, those that overlap or touch as one. */
export function joined(spans: readonly Span[]): Span[] {
  const all: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = all.at(-1);
    if (last === undefined || span.from > last.to) all.push(span);
    else all[all.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
  }
  return all;
}

/**
 * Firing spans with `keep_firing_for`, as Prometheus counts it: an alert that fires goes on for so long after its
 * expression has ended, and, when that holds again meanwhile, goes on without waiting for `for` once more.
 * @param active when the expression held, whether the alert was pending or fired
 * @param seconds of `keep_firing_for`; 0 changes nothing
 */
export function kept(firing: readonly Span[], active: readonly Span[], seconds: number): Span[] {
  if (seconds === 0) return [...firing];
  const held = joined(active);
  const extended = firing.map(({ from, to }) => {
    let end = to + seconds;
    for (const again of held) if (again.from > from && again.from <= end) end = Math.max(end, again.to + seconds);
    return { from, to: end };
  });
  return joined(extended);
}

export const overlap = (a: Span, b: Span) => a.from < b.to && b.from < a.to;

/** The part of a span that lies in another, of no length where none does. */
export function within({ from, to }: Span, limits: Span): Span {
  const start = Math.max(from, limits.from);
  return { from: start, to: Math.max(start, Math.min(to, limits.to)) };
}

/** Seconds that they last together. */
export const lasting = (spans: readonly Span[]) => spans.reduce((sum, { from, to }) => sum + to - from, 0);

/**
 * What lies between samples, or before the first and after the last.
 * @param minutes since 1970 in which there is a sample
 * @param patience seconds without a sample that are no gap @default 300, for which Prometheus still shows the last sample
 */
export function gapsIn(minutes: Iterable<number>, { from, to }: Span, patience = 300): Span[] {
  const known = [...minutes]
    .map((minute) => ({ from: minute * 60, to: (minute + 1) * 60 }))
    .filter((minute) => overlap(minute, { from, to }));
  const ends = [{ from, to: from }, ...joined(known), { from: to, to }];
  return ends.slice(1).flatMap((next, index) => {
    const last = ends[index];
    return last === undefined || next.from - last.to <= patience ? [] : [{ from: last.to, to: next.from }];
  });
}
