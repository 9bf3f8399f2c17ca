/** Where an application of the suite sends to; the pods get it in the environment, so that nothing is written twice. */
export interface Endpoints {
  /** Host of the Collector gateway: OTLP 4317 and 4318, StatsD 8125, Fluentd forward 24224. */
  readonly gateway: string;
  /** Host that takes Jaeger thrift_http (14268) and Zipkin (9411). */
  readonly tempo: string;
  /** Address of the node, where the Collector's agent takes OTLP. */
  readonly node: string;
  /** Base URL of the service `payment`. */
  readonly payment: string;
}

/** Reads the endpoints from the process environment. @throws Error naming the variable that is missing */
export function endpointsOf(environment: NodeJS.ProcessEnv): Endpoints {
  const read = (name: string): string => {
    const value = environment[name];
    if (!value) throw new Error(`the environment variable ${name} is missing`);
    return value;
  };
  return {
    gateway: read("GATEWAY_HOST"),
    tempo: read("TEMPO_HOST"),
    node: read("HOST_IP"),
    payment: read("PAYMENT_URL"),
  };
}
