import type { Service } from "./service";

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Exemplar {
  readonly series: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

interface Answer<T> {
  readonly status: string;
  readonly data: T;
}

/** Prometheus' query API, which VictoriaMetrics speaks too. */
export class Metrics {
  constructor(readonly service: Service) {}

  /** The instant vector of an expression. */
  async query(expression: string): Promise<Sample[]> {
    const { data } = await this.service.json<
      Answer<{ result: { metric: Record<string, string>; value: [number, string] }[] }>
    >("GET", "/api/v1/query", { query: expression });
    return data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
  }

  /** Exemplars of the last `seconds`; VictoriaMetrics keeps none. */
  async exemplars(expression: string, seconds: number): Promise<Exemplar[]> {
    const end = Date.now() / 1000;
    const range = { start: String(end - seconds), end: String(end) };
    const { data } = await this.service.json<
      Answer<{ seriesLabels: Record<string, string>; exemplars: { labels: Record<string, string> }[] }[]>
    >("GET", "/api/v1/query_exemplars", { query: expression, ...range });
    return data.flatMap(({ seriesLabels, exemplars }) =>
      exemplars.map(({ labels }) => ({ series: seriesLabels, labels })),
    );
  }

  async alerts(): Promise<{ labels: Record<string, string>; state: string }[]> {
    return (
      await this.service.json<Answer<{ alerts: { labels: Record<string, string>; state: string }[] }>>(
        "GET",
        "/api/v1/alerts",
      )
    ).data.alerts;
  }
}
