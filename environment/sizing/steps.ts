import { Bytes, Cpu } from "../units";

/**
 * Amounts are rounded up to steps, so that a slightly larger load does not change a size each time. A replica that
 * stands beside others of its kind always has its full size: so more load never gives less in sum.
 */

const cpuSteps = [0.05, 0.1, 0.25, 0.5, 1, 2, 2.5, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64];
const memorySteps = [0.125, 0.25, 0.5, 1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512];
const diskSteps = [1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

export const GiB = 2 ** 30;
export const TiB = 2 ** 40;

/** The first step that is enough; beyond the last one, whole multiples of it. */
function stepOf(value: number, steps: readonly number[]): number {
  const last = steps[steps.length - 1] ?? 1;
  return steps.find((step) => value <= step) ?? Math.ceil(value / last) * last;
}

/** CPU for so many cores. */
export const cpuFor = (cores: number): Cpu => Cpu.millis(Math.round(stepOf(cores, cpuSteps) * 1000));

/** Memory for so many bytes. */
export const memoryFor = (bytes: number): Bytes => Bytes.of(stepOf(bytes / GiB, memorySteps) * GiB);

/** The memory limit above a request: one step, for what comes suddenly. */
export const limitAbove = ({ bytes }: Bytes): Bytes => memoryFor(bytes + 1);

/** A volume for so many bytes; ten steps from each power of ten to the next. */
export function diskFor(bytes: number): Bytes {
  const gib = Math.max(1, bytes / GiB);
  const power = 10 ** Math.floor(Math.log10(gib));
  return Bytes.of(Math.ceil(stepOf(gib / power, diskSteps) * power) * GiB);
}

/** `7.5 GiB`, for reasons. */
export function printedBytes(bytes: number): string {
  const [unit, size] =
    bytes >= TiB ? (["TiB", TiB] as const) : bytes >= GiB ? (["GiB", GiB] as const) : (["MiB", 2 ** 20] as const);
  return `${Number((bytes / size).toPrecision(3))} ${unit}`;
}

/** `0.75`, `12.3`: a number in a reason. */
export const printedNumber = (value: number): string => String(Number(value.toPrecision(3)));
