/** The part of jaeger-client that the suite uses; the package brings no types of its own. */
declare module "jaeger-client" {
  interface Logger {
    info(message: string): void;
    error(message: string): void;
  }

  interface Span {
    finish(): void;
    context(): { traceIdStr: string };
  }

  interface Tracer {
    startSpan(name: string, options?: { childOf?: Span; tags?: Record<string, unknown> }): Span;
    close(callback: () => void): void;
  }

  export function initTracer(
    config: {
      serviceName: string;
      sampler: { type: "const"; param: 0 | 1 };
      /** An HTTP(S) address here makes the client use its thrift-over-HTTP sender. */
      reporter: { collectorEndpoint: string };
    },
    options: { logger: Logger; traceId128bit: boolean },
  ): Tracer;
}
