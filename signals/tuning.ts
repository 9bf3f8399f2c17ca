import { theStack, type Composition, type Environment, type Owner } from "../environment";
import { isSingle, thresholds, type Levels, type Thresholds } from "./thresholds";
import { quantity, type Quantity } from "./units";

/** What an environment writes: numbers in the units of the levels; a level without a name is written as `{value: 0.95}`. */
export type TunedThresholds = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** The thresholds that a stack is made of, and whose they are: those that all share, then of each system and each pack. */
export function ownedThresholds({ systems, packs }: Composition): readonly (readonly [Owner, Levels])[] {
  return [
    [theStack, thresholds],
    ...systems.map(({ name, thresholds: own = {} }) => [{ kind: "system", name }, own] as const),
    ...packs.map(({ name, thresholds: own = {} }) => [{ kind: "pack", name }, own] as const),
  ];
}

/**
 * Every threshold that an environment may tune, by name, as declared: those of packs of ours that it leaves out as well, so
 * that a file need not follow its packs. Whoever comes first keeps a name; two that claim one are a fault of its own.
 */
export function knownThresholds(composition: Composition): Thresholds {
  const { leftOut = [] } = composition;
  const all = [
    ...ownedThresholds(composition).map(([, own]) => own),
    ...leftOut.map(({ thresholds: own = {} }) => own),
  ];
  return all.reduce<Thresholds>((known, own) => ({ ...known, ...own, ...known }), thresholds);
}

/**
 * The thresholds of an environment: what its alerts fire on, and what its pages draw.
 * @throws RangeError for a number outside of its unit, which `alertingFaults` tells as a fault
 */
export const thresholdsOf = ({ alerting, composition }: Pick<Environment, "alerting" | "composition">): Thresholds =>
  tunedLevels(knownThresholds(composition), alerting.thresholds);

/**
 * Levels with an environment's numbers laid over them. Names that are none of them are left alone: whoever reads the
 * environment has said so.
 */
export function tunedLevels<All extends Levels>(all: All, overrides: TunedThresholds): All {
  const entries = Object.entries(all).map(([name, threshold]) => {
    const over = overrides[name] ?? {};
    const changed = (level: string, { value, unit }: Quantity) => quantity(over[level] ?? value, unit);
    if (isSingle(threshold)) return [name, changed("value", threshold)];
    return [name, Object.fromEntries(Object.entries(threshold).map(([level, of]) => [level, changed(level, of)]))];
  });
  return Object.fromEntries(entries) as All;
}
