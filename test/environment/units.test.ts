import fc from "fast-check";
import { Bytes, Cpu, Duration } from "../../environment";

/** A number with its unit, as people write it. */
const written = (units: readonly string[], max: number) =>
  fc.tuple(fc.integer({ min: 1, max }), fc.constantFrom(...units)).map(([count, unit]) => `${count}${unit}`);

const durations = fc
  .array(written(["w", "d", "h", "m", "s", "ms"], 999), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join(""));

describe("durations", () => {
  test("what is printed is read back as the same length of time", () => {
    fc.assert(
      fc.property(durations, (text) => {
        const { seconds } = Duration.parse(text);
        expect(Duration.parse(Duration.parse(text).toString()).seconds).toBeCloseTo(seconds, 6);
      }),
    );
  });

  test("Prometheus takes every duration that is printed: whole numbers with a unit it knows", () => {
    fc.assert(fc.property(durations, (text) => /^\d+(ms|s|m|h|d)$/.test(Duration.parse(text).toString())));
  });

  test("Go takes every duration that is printed for it: no days, no weeks", () => {
    fc.assert(fc.property(durations, (text) => /^[\d.]+(ms|s|m|h)$/.test(Duration.parse(text).toGo())));
  });

  test.each([
    ["15s", "15s"],
    ["90s", "90s"],
    ["336h", "14d"],
    ["1h30m", "90m"],
    ["2w", "14d"],
    ["500ms", "500ms"],
    ["1s500ms", "1500ms"],
  ])("%s prints as %s", (text, printed) => expect(Duration.parse(text).toString()).toBe(printed));

  test.each([
    ["30d", "720h"],
    ["90m", "90m"],
    ["15s", "15s"],
    ["10ms", "10ms"],
  ])("%s is %s for Go", (text, printed) => expect(Duration.parse(text).toGo()).toBe(printed));

  test.each(["", "15", "3 days", "-5m", "1.5h", "5x", "h"])("refuses %p", (text) => {
    expect(() => Duration.parse(text)).toThrow('is not a duration; write for example "15s", "24h", "30d"');
  });

  test("refuses no time at all", () => {
    expect(() => Duration.parse("0s")).toThrow('must be longer than zero; write for example "15s"');
  });
});

describe("sizes", () => {
  const sizes = written(["Ki", "Mi", "Gi", "Ti", "k", "M", "G", "T"], 9_999);

  test("stand in manifests as they were written", () => {
    fc.assert(fc.property(sizes, (text) => Bytes.parse(text).toString() === text));
  });

  test("a computed size is read back as the same number of bytes, or up to a KiB more", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 50 }), (bytes) => {
        const printed = Bytes.parse(Bytes.of(bytes).toString()).bytes;
        expect(printed).toBeGreaterThanOrEqual(bytes);
        expect(printed - bytes).toBeLessThan(1024);
      }),
    );
  });

  test("a share is never more than its part", () => {
    fc.assert(
      fc.property(sizes, fc.double({ min: 0.1, max: 1, noNaN: true }), (text, ratio) => {
        const whole = Bytes.parse(text);
        expect(whole.share(ratio).bytes).toBeLessThanOrEqual(whole.bytes * ratio);
        expect(whole.share(ratio).bytes % 2 ** 20).toBe(0);
      }),
    );
  });

  test.each(["", "50", "50GB", "50 Gi", "-1Gi", "Gi", "1,5Gi"])("refuses %p", (text) => {
    expect(() => Bytes.parse(text)).toThrow('is not a size with a unit; write for example "512Mi", "50Gi"');
  });
});

describe("CPU", () => {
  test("what is printed is read back as the same amount", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (millis) => {
        expect(Cpu.parse(Cpu.millis(millis).toString()).millis).toBe(millis);
      }),
    );
  });

  test.each([
    ["250m", "250m"],
    ["1000m", "1"],
    ["0.5", "500m"],
    ["2", "2"],
  ])("%s prints as %s", (text, printed) => expect(Cpu.parse(text).toString()).toBe(printed));

  test.each(["", "x", "0.0001", "1.5m", "-1", "1 core"])("refuses %p", (text) => {
    expect(() => Cpu.parse(text)).toThrow('is not an amount of CPU; write for example "250m", "2"');
  });
});
