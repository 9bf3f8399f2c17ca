import * as fc from "fast-check";
import { EnvironmentError, type Environment } from "../../environment";
import { parseEnvironment } from "../../stacks/environment";

export type Values = Record<string, unknown>;

export const aws = { region: "us-west-2", account: "123456789012", identity: { kind: "pod-identity" } };
const receiver = { kind: "webhook", name: "oncall", url: "https://alerts.example.com/hook" };

export const local = (values: Values = {}): Environment => parseEnvironment("local", values);
export const dev = (values: Values = {}): Environment => parseEnvironment("dev", { cluster: "dev", aws, ...values });
export const prod = (values: Values = {}): Environment =>
  parseEnvironment("prod", { cluster: "prod", aws, alerting: { receivers: [receiver] }, ...values });

/** What a person reads of an environment that is refused; fails when it is taken. */
export function refusal(work: () => unknown): string {
  return refused(work).message;
}

export function refused(work: () => unknown): EnvironmentError {
  try {
    work();
  } catch (error) {
    if (error instanceof EnvironmentError) return error;
    throw error;
  }
  throw new Error("the environment was taken");
}

/** Any description that the schema and the rules take. */
export const validRetention = fc
  .record({
    metrics: fc.uniqueArray(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 4 }),
    alerts: fc.integer({ min: 1, max: 400 }),
    logs: fc.integer({ min: 1, max: 400 }),
    streams: fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 3 }),
    traces: fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 2 }),
  })
  .map(({ metrics, alerts, logs, streams, traces }) => {
    const days = (count: number) => `${count}d`;
    const rising = (of: readonly number[]) => [...of].sort((one, other) => one - other);
    const [short = 1, long] = rising(traces);
    return {
      metrics: rising(metrics).map((keep, index) =>
        index === 0 ? { keep: days(keep) } : { resolution: `${5 ** index}m`, keep: days(keep) },
      ),
      alerts: days(alerts),
      logs: {
        keep: days(logs),
        streams: streams.map((keep, index) => ({ selector: `{a="${index}"}`, priority: index + 1, keep: days(keep) })),
      },
      traces: long === undefined ? days(short) : { full: days(short), sampled: days(long) },
    };
  });
