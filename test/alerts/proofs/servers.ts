import { counter, growing, type Fed, type Proof } from "../support/proof";

/** What the proofs of servers share: their targets, and series that tell of failures. */

export const at = (system: string) =>
  `cluster="local", namespace="o", pod="${system}-0", job="${system}", instance="i"`;
export const pod = (system: string) => ({ namespace: "o", pod: `${system}-0` });
export const target = (system: string) => ({ ...pod(system), job: system, instance: "i" });
export const o = { namespace: "o" };
export const GiB = 2 ** 30;
/** Observations that move from below the first bound to between the two. */
export const slow = (name: string, labels: string, low: string, high: string): Fed[] => [
  counter(`${name}_bucket{${labels}, le="${low}"}`, 60),
  growing(`${name}_bucket{${labels}, le="${high}"}`, 60),
  growing(`${name}_bucket{${labels}, le="+Inf"}`, 60),
];
/** Of 100 requests a minute so many fail. */
export const failing = (name: string, labels: string, bad: string, good: string): Fed[] => [
  counter(`${name}{${labels}, ${bad}}`, 0),
  growing(`${name}{${labels}, ${good}}`, 90),
];
export const sharesOf = (text: (share: string) => string): Proof["cases"] => ({
  info: [0.9, 10, `${text("10%")} The limit is 1 %.`],
  warning: [4.5, 10, `${text("10%")} The limit is 5 %.`],
});

/** A counter that should stand still. */
export const increaseOf = (
  alert: string,
  system: string,
  metric: string,
  rest: Partial<Proof> & Pick<Proof, "cases" | "for">,
): Proof => ({
  alert,
  series: [counter(`${metric}{${at(system)}}`, 0)],
  labels: target(system),
  lag: 2,
  end: 30,
  ...rest,
});
