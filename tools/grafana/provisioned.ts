import type { Environment } from "../../environment";
import { dataSources } from "../../stacks/grafana/provisioning";

/** The links between data sources, as Grafana's provisioning defines them (F13). */
export interface Provisioned {
  /** Prometheus: labels of exemplars that hold a trace's id, and where it leads. */
  readonly exemplars: readonly { readonly name: string; readonly datasourceUid: string }[];
  /** Loki: fields of a line that lead elsewhere. */
  readonly derivedFields: readonly {
    readonly matcherType: string;
    readonly matcherRegex: string;
    readonly url: string;
    readonly datasourceUid: string;
  }[];
  readonly tracesToLogs: TraceLink & { readonly query: string };
  readonly tracesToMetrics: TraceLink & {
    readonly queries: readonly { readonly name: string; readonly query: string }[];
  };
  /** Address of each data source's server, by uid. */
  readonly urls: ReadonlyMap<string, URL>;
  /** Uid of the data source that the service map is drawn from. */
  readonly serviceMapSource: string;
}

interface TraceLink {
  readonly datasourceUid: string;
  readonly spanStartTimeShift: string;
  readonly spanEndTimeShift: string;
  /** Attribute of the span or its resource, and the label that it becomes. */
  readonly tags: readonly { readonly key: string; readonly value: string }[];
}

/** Reads the provisioning file back as Grafana does: `$$` is a dollar sign. @throws Error for a link that isn't there */
export function provisioned(environment: Environment): Provisioned {
  const file = dollars(dataSources(environment)) as {
    readonly datasources: readonly {
      readonly uid: string;
      readonly url: string;
      readonly jsonData: Readonly<Record<string, unknown>>;
    }[];
  };
  const setting = (uid: string, key: string): unknown => {
    const value = file.datasources.find((source) => source.uid === uid)?.jsonData[key];
    if (value === undefined) throw new Error(`data source ${uid} is provisioned without ${key}`);
    return value;
  };
  return {
    exemplars: setting("prometheus", "exemplarTraceIdDestinations") as Provisioned["exemplars"],
    derivedFields: setting("loki", "derivedFields") as Provisioned["derivedFields"],
    tracesToLogs: setting("tempo", "tracesToLogsV2") as Provisioned["tracesToLogs"],
    tracesToMetrics: setting("tempo", "tracesToMetrics") as Provisioned["tracesToMetrics"],
    urls: new Map(file.datasources.map(({ uid, url }) => [uid, new URL(url)])),
    serviceMapSource: (setting("tempo", "serviceMap") as { datasourceUid: string }).datasourceUid,
  };
}

/** A span as far as links read it. */
export interface LinkedSpan {
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly end: number;
  readonly attributes: Readonly<Record<string, string>>;
  readonly resource: Readonly<Record<string, string>>;
}

/**
 * A trace link's query with the span's tags and the trace's id filled in; of the tags, those that the span or its
 * resource has.
 */
export function linkQuery(query: string, tags: TraceLink["tags"], span: LinkedSpan, traceId: string): string {
  const pairs = tags.flatMap(({ key, value }) => {
    const found = span.attributes[key] ?? span.resource[key];
    return found === undefined ? [] : [`${value}=${JSON.stringify(found)}`];
  });
  return query
    .replace(/\$\{__tags\}|\$__tags\b/g, () => pairs.join(", "))
    .replace(/\$\{__trace\.traceId\}/g, () => traceId);
}

/** The time that a link from a span looks at, in milliseconds since 1970. */
export function spanWindow(
  { start, end }: Pick<LinkedSpan, "start" | "end">,
  { spanStartTimeShift, spanEndTimeShift }: Pick<TraceLink, "spanStartTimeShift" | "spanEndTimeShift">,
): { readonly start: number; readonly end: number } {
  return { start: start + shift(spanStartTimeShift), end: end + shift(spanEndTimeShift) };
}

function shift(text: string): number {
  const match = /^(-?)(\d+)m$/.exec(text);
  if (match === null) throw new Error(`shift "${text}" is no number of minutes, such as -5m`);
  return (match[1] === "-" ? -1 : 1) * Number(match[2]) * 60_000;
}

/** Where a line leads by a derived field, undefined when the line's labels have nothing for it. */
export function derivedLink(
  { matcherType, matcherRegex, url, datasourceUid }: Provisioned["derivedFields"][number],
  labels: Readonly<Record<string, string>>,
): { readonly datasourceUid: string; readonly query: string } | undefined {
  if (matcherType !== "label") throw new Error(`derived fields by ${matcherType} are not known here`);
  const label = Object.keys(labels).find((name) => new RegExp(`^(?:${matcherRegex})$`).test(name));
  if (label === undefined) return undefined;
  return { datasourceUid, query: url.replace("${__value.raw}", () => labels[label] ?? "") };
}

function dollars(value: unknown): unknown {
  if (typeof value === "string") return value.replaceAll("$$", "$");
  if (Array.isArray(value)) return value.map(dollars);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, dollars(inner)]));
}
