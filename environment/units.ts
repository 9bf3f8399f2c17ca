/**
 * Units as values: a number never crosses a function's border without saying what it counts. Each unit is parsed from
 * what people write (`30d`, `500Gi`, `250m`), and printed the same way.
 */

/** Thrown by the parsers; the message says what was wrong and shows a value that would be right. */
export class UnitError extends Error {}

const DURATION_UNITS = { w: 604_800, d: 86_400, h: 3_600, m: 60, s: 1, ms: 0.001 } as const;

/** A length of time, as Prometheus and Go write it: `15s`, `1h30m`, `30d`. */
export class Duration {
  private constructor(readonly seconds: number) {}

  /** Parses `30d`, `336h`, `1h30m`, `500ms`. @throws UnitError for anything else, zero included. */
  static parse(text: string): Duration {
    if (!/^(\d+(ms|[wdhms]))+$/.test(text))
      throw new UnitError(`is not a duration; write for example "15s", "24h", "30d"`);
    let seconds = 0;
    for (const [, count, unit] of text.matchAll(/(\d+)(ms|[wdhms])/g)) {
      seconds += Number(count) * DURATION_UNITS[unit as keyof typeof DURATION_UNITS];
    }
    if (seconds === 0) throw new UnitError(`must be longer than zero; write for example "15s"`);
    return new Duration(seconds);
  }

  static seconds(seconds: number): Duration {
    return new Duration(seconds);
  }

  /** The longest whole unit: `336h` prints as `14d`, `90s` as `90s` and `1s500ms` as `1500ms`. */
  toString(): string {
    if (!Number.isInteger(this.seconds)) return `${Math.round(this.seconds * 1000)}ms`;
    for (const unit of ["d", "h", "m"] as const) {
      if (this.seconds % DURATION_UNITS[unit] === 0) return `${this.seconds / DURATION_UNITS[unit]}${unit}`;
    }
    return `${this.seconds}s`;
  }

  /** Whole hours for Go's `time.ParseDuration`, which knows no days: `30d` prints as `720h`. */
  toGo(): string {
    if (this.seconds % 3_600 === 0) return `${this.seconds / 3_600}h`;
    return this.seconds % 60 === 0 ? `${this.seconds / 60}m` : this.seconds < 1 ? this.toString() : `${this.seconds}s`;
  }

  get days(): number {
    return this.seconds / DURATION_UNITS.d;
  }
}

const BYTE_UNITS = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, k: 1e3, M: 1e6, G: 1e9, T: 1e12 } as const;

/** A size, as a Kubernetes quantity: `512Mi`, `50Gi`, `1.5Ti`. */
export class Bytes {
  private constructor(
    readonly bytes: number,
    private readonly text: string,
  ) {}

  /** Parses a Kubernetes memory or storage quantity with a unit. @throws UnitError for a bare number or zero. */
  static parse(text: string): Bytes {
    const match = /^(\d+(?:\.\d+)?)(Ki|Mi|Gi|Ti|k|M|G|T)$/.exec(text);
    if (!match) throw new UnitError(`is not a size with a unit; write for example "512Mi", "50Gi"`);
    const bytes = Number(match[1]) * BYTE_UNITS[match[2] as keyof typeof BYTE_UNITS];
    if (bytes === 0) throw new UnitError(`must be larger than zero; write for example "1Gi"`);
    return new Bytes(bytes, text);
  }

  static of(bytes: number): Bytes {
    for (const unit of ["Ti", "Gi", "Mi"] as const) {
      if (bytes % BYTE_UNITS[unit] === 0) return new Bytes(bytes, `${bytes / BYTE_UNITS[unit]}${unit}`);
    }
    return new Bytes(bytes, `${Math.ceil(bytes / BYTE_UNITS.Ki)}Ki`);
  }

  toString(): string {
    return this.text;
  }

  /** A share of this size in whole MiB, for settings such as GOMEMLIMIT (`ratio` in 0..1). */
  share(ratio: number): Bytes {
    return Bytes.of(Math.floor((this.bytes * ratio) / BYTE_UNITS.Mi) * BYTE_UNITS.Mi);
  }
}

/** Processor time, as a Kubernetes quantity: `250m` or `2`. */
export class Cpu {
  private constructor(readonly millis: number) {}

  /** Parses `250m`, `2`, `0.5`. @throws UnitError for anything else, zero included. */
  static parse(text: string): Cpu {
    const match = /^(\d+)m$/.exec(text);
    const millis = match ? Number(match[1]) : /^\d+(\.\d{1,3})?$/.test(text) ? Math.round(Number(text) * 1000) : NaN;
    if (Number.isNaN(millis)) throw new UnitError(`is not an amount of CPU; write for example "250m", "2"`);
    if (millis === 0) throw new UnitError(`must be larger than zero; write for example "100m"`);
    return new Cpu(millis);
  }

  static millis(millis: number): Cpu {
    return new Cpu(millis);
  }

  toString(): string {
    return this.millis % 1000 === 0 ? `${this.millis / 1000}` : `${this.millis}m`;
  }
}

const MAGNITUDES = { "": 1, k: 1e3, K: 1e3, M: 1e6, G: 1e9, T: 1e12 } as const;
const PERIODS = { s: 1, min: 60, h: 3_600, d: 86_400 } as const;

/** `50000` as `50k`, `1500000` as `1.5M`: at most three digits that count. */
export function compact(value: number): string {
  for (const [sign, size] of [
    ["T", 1e12],
    ["G", 1e9],
    ["M", 1e6],
    ["k", 1e3],
  ] as const) {
    if (value >= size) return `${Number((value / size).toPrecision(3))}${sign}`;
  }
  return String(Number(value.toPrecision(3)));
}

/** What a {@link Rate} counts, by the word that stands for it. */
const rateWords = { samples: "samples", lines: "lines", spans: "spans", bytes: "B" } as const;
export type RateOf = keyof typeof rateWords;

const rateExamples: Readonly<Record<RateOf, string>> = {
  samples: '"50k samples/s"',
  lines: '"4k lines/s"',
  spans: '"1k spans/s"',
  bytes: '"1MB/s", "80GB/d"',
};

/** So many of something in a time: `50k samples/s`, `4k lines/s`, `1MB/s`, `80GB/d`. Decimal: `1MB` is 1,000,000 bytes. */
export class Rate {
  private constructor(
    readonly of: RateOf,
    readonly perSecond: number,
  ) {}

  /** Parses a number, `k`, `M`, `G` or `T`, what is counted, and `/s`, `/min`, `/h` or `/d`. @throws UnitError for anything else */
  static parse(of: RateOf, text: string): Rate {
    const match = /^(\d+(?:\.\d+)?)\s*([kKMGT]?)\s*([A-Za-z]+)\/(s|min|h|d)$/.exec(text.trim());
    if (!match || match[3] !== rateWords[of])
      throw new UnitError(
        `is not a rate of ${of === "bytes" ? "bytes" : rateWords[of]}; write for example ${rateExamples[of]}`,
      );
    const size = MAGNITUDES[match[2] as keyof typeof MAGNITUDES];
    const perSecond = (Number(match[1]) * size) / PERIODS[match[4] as keyof typeof PERIODS];
    if (perSecond === 0) throw new UnitError(`must be more than zero; write for example ${rateExamples[of]}`);
    return new Rate(of, perSecond);
  }

  static of(of: RateOf, perSecond: number): Rate {
    return new Rate(of, perSecond);
  }

  toString(): string {
    const number = compact(this.perSecond);
    return this.of === "bytes" ? `${number}B/s` : `${number} ${rateWords[this.of]}/s`;
  }
}

/** A number of time series: `750k series`. */
export class Series {
  private constructor(readonly count: number) {}

  /** Parses `750k series`, `1.5M series`. @throws UnitError for anything else */
  static parse(text: string): Series {
    const match = /^(\d+(?:\.\d+)?)\s*([kKM]?)\s*series$/.exec(text.trim());
    const count = match ? Number(match[1]) * MAGNITUDES[match[2] as keyof typeof MAGNITUDES] : NaN;
    if (!(count > 0)) throw new UnitError(`is not a number of series; write for example "750k series"`);
    return new Series(count);
  }

  static of(count: number): Series {
    return new Series(count);
  }

  toString(): string {
    return `${compact(this.count)} series`;
  }
}
