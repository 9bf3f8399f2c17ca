import { context, propagation, SpanKind, SpanStatusCode, type Span } from "@opentelemetry/api";
import { SeverityNumber } from "@opentelemetry/api-logs";
import { emitter } from "../../../emission";
import { shop } from "../../../examples/shop/metrics";
import { endpointsOf } from "./endpoints";
import { sendFluentd } from "./fluentd";
import { sendJaeger } from "./jaeger";
import { log, parameter, type AppRequest, type Routes } from "./server";
import { sendStatsd } from "./statsd";
import { startTelemetry, type Telemetry } from "./telemetry";
import { sendZipkin } from "./zipkin";

/** What `POST /order` answers: how to find again what the order has sent. */
export interface Order {
  readonly traceId: string;
  readonly spanIds: readonly string[];
}

/** Number of orders that the counter `e2e.orders` gets per call. */
export const ORDERS = 3;

/** How long charging takes: longer than the shortest span that any environment keeps. */
const CHARGE_MILLISECONDS = 25;

/** Runs a step inside a span that ends with it, failed if the step throws. */
async function inSpan<T>(
  telemetry: Telemetry,
  name: string,
  kind: SpanKind,
  correlationId: string,
  step: (span: Span) => Promise<T>,
): Promise<T> {
  const attributes = { correlation_id: correlationId };
  return telemetry.tracer.startActiveSpan(name, { kind, attributes }, async (span) => {
    try {
      return await step(span);
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: String(error) });
      throw error;
    } finally {
      span.end();
    }
  });
}

function say(telemetry: Telemetry, body: string, correlationId: string): void {
  const attributes = { correlation_id: correlationId };
  telemetry.logger.emit({ severityNumber: SeverityNumber.INFO, severityText: "INFO", body, attributes });
}

/** The shop's front: orders cost a call to `payment`; the other routes send in the older protocols. */
export function checkout(environment: NodeJS.ProcessEnv): Routes {
  const { gateway, tempo, payment } = endpointsOf(environment);
  const telemetry = startTelemetry("checkout", gateway, "grpc");
  const orders = telemetry.meter.createCounter("e2e.orders", { description: "Orders that the live suite placed" });

  const order = async (correlationId: string): Promise<Order> =>
    inSpan(telemetry, "POST /order", SpanKind.SERVER, correlationId, async (server) => {
      say(telemetry, `order received ${correlationId}`, correlationId);
      log("info", `order received on stdout ${correlationId}`, { correlation_id: correlationId });
      orders.add(ORDERS, { correlation_id: correlationId });
      return inSpan(telemetry, "POST /charge", SpanKind.CLIENT, correlationId, async (client) => {
        client.setAttributes({ "peer.service": "payment", "http.request.method": "POST" });
        const headers: Record<string, string> = {};
        propagation.inject(context.active(), headers);
        const answer = await fetch(`${payment}/charge?correlation_id=${correlationId}`, { method: "POST", headers });
        if (!answer.ok) throw new Error(`payment answered ${answer.status}: ${await answer.text()}`);
        const { spanId } = (await answer.json()) as { spanId: string };
        const spanIds = [server.spanContext().spanId, client.spanContext().spanId, spanId];
        return { traceId: server.spanContext().traceId, spanIds };
      });
    });

  /** What the pack of examples/shop catalogues, as a shop would emit it: of a hundred orders fifteen fail. */
  const business = emitter(telemetry.meter, shop);
  const hundredOrders = async () => {
    business.shop_orders_total.add(85, { outcome: "done" });
    business.shop_orders_total.add(15, { outcome: "failed" });
    for (let each = 0; each < 100; each++) business.shop_order_duration_seconds.record(0.2);
    await telemetry.flush();
    return { orders: 100 };
  };

  return {
    "POST /hundred-orders": hundredOrders,
    "POST /order": async (request) => {
      const placed = await order(parameter(request, "correlation_id"));
      await telemetry.flush();
      return placed;
    },
    "POST /jaeger": async (request) => ({ traceId: await sendJaeger(tempo, parameter(request, "correlation_id")) }),
    "POST /zipkin": async (request) => ({ traceId: await sendZipkin(tempo, parameter(request, "correlation_id")) }),
    "POST /statsd": async (request) => ({ sent: await sendStatsd(gateway, parameter(request, "correlation_id")) }),
    "POST /fluentd": async (request) => sendFluentd(gateway, parameter(request, "correlation_id")),
  };
}

/** The service that `checkout` calls; its span has the caller's as parent. It sends through its node's agent. */
export function payment(environment: NodeJS.ProcessEnv): Routes {
  const telemetry = startTelemetry("payment", endpointsOf(environment).node, "http");
  const charge = async (request: AppRequest) => {
    const correlationId = parameter(request, "correlation_id");
    const spanId = await context.with(propagation.extract(context.active(), request.headers), () =>
      inSpan(telemetry, "POST /charge", SpanKind.SERVER, correlationId, async (span) => {
        say(telemetry, `card charged ${correlationId}`, correlationId);
        await new Promise((resolve) => setTimeout(resolve, CHARGE_MILLISECONDS));
        return span.spanContext().spanId;
      }),
    );
    await telemetry.flush();
    return { spanId };
  };
  return { "POST /charge": charge };
}
