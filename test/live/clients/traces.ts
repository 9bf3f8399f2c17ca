import { ApiError } from "../../../tools/engine/cluster";
import type { Service } from "./service";

export interface Span {
  /** `service.name` of its resource. */
  readonly service: string;
  readonly name: string;
  /** 16 hex digits. */
  readonly spanId: string;
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly end: number;
  readonly attributes: Readonly<Record<string, string>>;
  readonly resource: Readonly<Record<string, string>>;
}

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

interface OtlpTrace {
  readonly batches?: readonly {
    readonly resource?: { readonly attributes?: readonly Attribute[] };
    readonly scopeSpans?: readonly {
      readonly spans?: readonly {
        readonly name: string;
        readonly spanId: string;
        /** Nanoseconds since 1970, as text. */
        readonly startTimeUnixNano: string;
        readonly endTimeUnixNano: string;
        readonly attributes?: readonly Attribute[];
      }[];
    }[];
  }[];
}

const flat = (attributes: readonly Attribute[] = []) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, String(Object.values(value)[0])]));

const milliseconds = (nanoseconds: string) => Number(BigInt(nanoseconds) / 1_000_000n);

/** Tempo's query API. */
export class Traces {
  constructor(readonly service: Service) {}

  /**
   * The spans of a trace, undefined when Tempo does not know it.
   * @param traceId up to 32 hex digits
   * @param from everything that Tempo has, or its blocks in S3 alone @default all
   */
  async byId(traceId: string, from: "all" | "blocks" = "all"): Promise<Span[] | undefined> {
    try {
      const path = `/api/traces/${traceId.padStart(32, "0")}`;
      const trace = await this.service.json<OtlpTrace>("GET", path, { mode: from });
      return (trace.batches ?? []).flatMap(({ resource, scopeSpans = [] }) => {
        const about = flat(resource?.attributes);
        return scopeSpans
          .flatMap(({ spans = [] }) => spans)
          .map(({ name, spanId, startTimeUnixNano, endTimeUnixNano, attributes }) => ({
            service: about["service.name"] ?? "",
            name,
            spanId: Buffer.from(spanId, "base64").toString("hex"),
            start: milliseconds(startTimeUnixNano),
            end: milliseconds(endTimeUnixNano),
            attributes: flat(attributes),
            resource: about,
          }));
      });
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** Trace ids of a TraceQL search in the last `seconds`, at 32 hex digits. */
  async search(traceql: string, seconds: number, limit = 50): Promise<string[]> {
    const end = Math.ceil(Date.now() / 1000) + 60;
    const parameters = { q: traceql, start: String(end - seconds - 60), end: String(end), limit: String(limit) };
    const { traces = [] } = await this.service.json<{ traces?: { traceID: string }[] }>(
      "GET",
      "/api/search",
      parameters,
    );
    return traces.map(({ traceID }) => traceID.padStart(32, "0"));
  }
}
