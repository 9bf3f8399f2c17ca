import type { Service } from "./service";

export interface LogLine {
  /** Stream labels and structured metadata together, as Loki answers them. */
  readonly labels: Readonly<Record<string, string>>;
  /** Nanoseconds since 1970, as text: more than a number holds. */
  readonly time: string;
  readonly line: string;
}

/** Most lines that Loki gives in one answer (its `max_entries_limit_per_query`). */
const PAGE = 5000;

/** Loki's query API, as one tenant. */
export class Logs {
  constructor(readonly service: Service) {}

  /**
   * All lines of a LogQL query, oldest first, page by page.
   * @param since milliseconds since 1970
   * @param limit stops there. @default no limit
   */
  async query(expression: string, since: number, limit = Infinity): Promise<LogLine[]> {
    const lines: LogLine[] = [];
    const seen = new Set<string>();
    let start = `${since}000000`;
    for (;;) {
      const page = await this.page(expression, start, Math.min(PAGE, limit));
      // The next page begins with the last one's time: lines of the same nanosecond may stand on both.
      const news = page.filter((line) => !seen.has(key(line)));
      for (const line of news) seen.add(key(line));
      lines.push(...news);
      const last = page.at(-1);
      if (page.length < PAGE || news.length === 0 || last === undefined || lines.length >= limit) return lines;
      start = last.time;
    }
  }

  private async page(query: string, start: string, limit: number): Promise<LogLine[]> {
    const end = `${Date.now() + 60_000}000000`;
    const parameters = { query, start, end, limit: String(limit), direction: "forward" };
    const { data } = await this.service.json<{
      data: { result: { stream: Record<string, string>; values: [string, string][] }[] };
    }>("GET", "/loki/api/v1/query_range", parameters, 60);
    return data.result
      .flatMap(({ stream, values }) => values.map(([time, line]) => ({ labels: stream, time, line })))
      .sort((a, b) => (BigInt(a.time) < BigInt(b.time) ? -1 : 1));
  }
}

const key = ({ time, line, labels }: LogLine) => `${time} ${labels["k8s_pod_name"] ?? ""} ${line}`;
