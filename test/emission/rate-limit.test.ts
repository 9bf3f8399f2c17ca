import { ROOT_CONTEXT, trace, TraceFlags, type Context } from "@opentelemetry/api";
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import { SpanRateLimit } from "../../emission";

/** A tracer whose clock stands still until it is moved. */
function limited(spansPerSecond: number) {
  let now = 0;
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({
    sampler: new SpanRateLimit(spansPerSecond, () => now),
    spanProcessors: [new SimpleSpanProcessor(exporter)],
  });
  return {
    tracer: provider.getTracer("test"),
    recorded: () => exporter.getFinishedSpans().length,
    pass: (milliseconds: number) => void (now += milliseconds),
  };
}

const remote = (traceFlags: TraceFlags): Context =>
  trace.setSpanContext(ROOT_CONTEXT, { traceId: "1".repeat(32), spanId: "2".repeat(16), traceFlags, isRemote: true });

test("of many spans in a second, no more than the limit are recorded, and the next second begins anew", () => {
  const { tracer, recorded, pass } = limited(1_000);
  const burst = () => {
    for (let index = 0; index < 3_000; index++) tracer.startSpan("x", {}, ROOT_CONTEXT).end();
  };
  burst();
  expect(recorded()).toBe(1_000);
  pass(1_000);
  burst();
  expect(recorded()).toBe(2_000);
  // A long silence saves nothing up.
  pass(60_000);
  burst();
  expect(recorded()).toBe(3_000);
});

test("a trace that was begun stays whole, and the next ones wait for what it took", () => {
  const { tracer, recorded, pass } = limited(10);
  const root = tracer.startSpan("root", {}, ROOT_CONTEXT);
  const within = trace.setSpan(ROOT_CONTEXT, root);
  for (let index = 0; index < 29; index++) tracer.startSpan("child", {}, within).end();
  root.end();
  expect(recorded()).toBe(30);
  pass(1_000);
  tracer.startSpan("too early", {}, ROOT_CONTEXT).end();
  expect(recorded()).toBe(30);
  pass(1_200);
  tracer.startSpan("paid for", {}, ROOT_CONTEXT).end();
  expect(recorded()).toBe(31);
});

test("what others began counts too, and what they did not record is not recorded here", () => {
  const { tracer, recorded } = limited(5);
  for (let index = 0; index < 20; index++) tracer.startSpan("x", {}, remote(TraceFlags.SAMPLED)).end();
  expect(recorded()).toBe(5);
  const other = limited(5);
  other.tracer.startSpan("x", {}, remote(TraceFlags.NONE)).end();
  expect(other.recorded()).toBe(0);
});

test("the SDK takes attributes, events and links up to the limits of its environment variables", () => {
  const before = { ...process.env };
  Object.assign(process.env, {
    OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: "3",
    OTEL_SPAN_EVENT_COUNT_LIMIT: "2",
    OTEL_SPAN_LINK_COUNT_LIMIT: "1",
  });
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  process.env = before;
  const linked = { context: { traceId: "1".repeat(32), spanId: "2".repeat(16), traceFlags: 1 } };
  const span = provider.getTracer("test").startSpan("x", { links: [linked, linked, linked] }, ROOT_CONTEXT);
  for (let index = 0; index < 9; index++) span.setAttribute(`a${index}`, index).addEvent(`e${index}`);
  span.end();
  const [{ attributes, events, links } = { attributes: {}, events: [], links: [] }] = exporter.getFinishedSpans();
  expect([Object.keys(attributes).length, events.length, links.length]).toEqual([3, 2, 1]);
});
