import { randomBytes } from "node:crypto";
import { endpointsOf } from "./endpoints";
import { parameter, type Routes } from "./server";

/** Milliseconds between two numbers. */
const PACE = 250;
/** Numbers whose spans share one trace, so that one query by trace id finds many. */
const SPANS_PER_TRACE = 40;
/** Milliseconds that one request may take before it counts as not accepted. */
const PATIENCE = 5000;

const signals = ["logs", "traces", "metrics"] as const;
type Signal = (typeof signals)[number];

/** What the gateway has answered with success, by signal. */
export interface Acknowledged {
  readonly logs: readonly number[];
  readonly metrics: readonly number[];
  /** Numbers by the trace that holds their spans. */
  readonly traces: Readonly<Record<string, readonly number[]>>;
  /** When number 1 was sent, in milliseconds since 1970; each later one follows after `pace`. */
  readonly began: number;
  readonly pace: number;
  /** Requests that had to be sent again. */
  readonly retries: number;
  /** Numbers still under way. */
  readonly pending: number;
}

interface State {
  readonly logs: number[];
  readonly metrics: number[];
  readonly traces: Record<string, number[]>;
  readonly began: number;
  readonly pace: number;
  retries: number;
  pending: number;
}

/**
 * Sends numbered log lines, spans and samples over OTLP/HTTP, each again until the gateway answers it with success, and
 * keeps account of what was answered so. A number counts only from that answer on.
 */
export function numbered(environment: NodeJS.ProcessEnv): Routes {
  const { gateway } = endpointsOf(environment);
  const nothing = (): State => ({
    logs: [],
    metrics: [],
    traces: {},
    began: Date.now() + PACE,
    pace: PACE,
    retries: 0,
    pending: 0,
  });
  let state = nothing();
  let timer: NodeJS.Timeout | undefined;
  const stop = () => clearInterval(timer);
  const start = (run: string) => {
    stop();
    const current = nothing();
    state = current;
    let number = 0;
    let traceId = "";
    timer = setInterval(() => {
      if (number % SPANS_PER_TRACE === 0) traceId = randomBytes(16).toString("hex");
      number += 1;
      for (const signal of signals) void deliver(gateway, signal, { run, number, traceId }, current);
    }, PACE);
  };
  return {
    "POST /start": (request) => start(parameter(request, "run")),
    "POST /stop": () => stop(),
    "GET /acknowledged": () => state satisfies Acknowledged,
  };
}

interface Item {
  readonly run: string;
  readonly number: number;
  readonly traceId: string;
}

async function deliver(gateway: string, signal: Signal, item: Item, state: State): Promise<void> {
  // One payload for all attempts: a retry is the same signal again, not a new one.
  const body = JSON.stringify(payloads[signal](item));
  state.pending += 1;
  while (!(await accepted(`http://${gateway}:4318/v1/${signal}`, body))) {
    state.retries += 1;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  state.pending -= 1;
  if (signal === "traces") (state.traces[item.traceId] ??= []).push(item.number);
  else state[signal].push(item.number);
}

/** Whether the gateway took all of it: an OTLP success may still refuse a part. */
async function accepted(url: string, body: string): Promise<boolean> {
  try {
    // A connection of its own for each: they spread over the gateway's replicas, and none outlives its replica.
    const headers = { "content-type": "application/json", connection: "close" };
    const answer = await fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(PATIENCE) });
    const text = await answer.text();
    return answer.status === 200 && !/"rejected\w+":"?[1-9]/.test(text);
  } catch {
    return false;
  }
}

const text = (key: string, value: string) => ({ key, value: { stringValue: value } });
const resource = { attributes: [text("service.name", "numbered")] };
const attributes = ({ run, number }: Item) => [text("run", run), text("number", String(number))];
const now = () => `${Date.now()}000000`;

/** The name that `sampleName` has as a metric of OTLP. */
const METRIC = "e2e.numbered";
/** The numbered gauge, as Prometheus names it; labels `run` and `number`. */
export const sampleName = "e2e_numbered";

const payloads: Readonly<Record<Signal, (item: Item) => object>> = {
  logs: (item) => {
    const body = { stringValue: `numbered ${item.run} ${item.number}` };
    const record = { timeUnixNano: now(), severityNumber: 9, severityText: "INFO", body, attributes: attributes(item) };
    return { resourceLogs: [{ resource, scopeLogs: [{ scope: { name: "e2e" }, logRecords: [record] }] }] };
  },
  traces: (item) => {
    const startTimeUnixNano = now();
    const span = {
      traceId: item.traceId,
      spanId: randomBytes(8).toString("hex"),
      name: "numbered",
      kind: 1,
      startTimeUnixNano,
      // Longer than the shortest span that any environment keeps.
      endTimeUnixNano: String(BigInt(startTimeUnixNano) + 50_000_000n),
      attributes: attributes(item),
    };
    return { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: "e2e" }, spans: [span] }] }] };
  },
  metrics: (item) => {
    const dataPoints = [{ timeUnixNano: now(), asDouble: item.number, attributes: attributes(item) }];
    const metrics = [{ name: METRIC, gauge: { dataPoints } }];
    return { resourceMetrics: [{ resource, scopeMetrics: [{ scope: { name: "e2e" }, metrics }] }] };
  },
};
