import { traceTiers, type Environment } from "../../environment";
import { apiFlows, dnsFlows, workloadEnd, type Flow, type WorkloadArgs } from "../kubernetes";
import { flowToWrite } from "../reach";
import { ports } from "./pieces";

/** The workloads that make up the Collector. */
export interface Roles {
  readonly agent: WorkloadArgs;
  readonly gateway: WorkloadArgs;
  readonly sampler: WorkloadArgs | undefined;
  readonly events: WorkloadArgs | undefined;
}

/** Who may connect to the Collector's roles, and where they connect to. */
export function collectorFlows(environment: Environment, roles: Roles): Flow[] {
  const agent = workloadEnd(roles.agent);
  const gateway = workloadEnd(roles.gateway);
  const tiers = traceTiers(environment).length > 1;
  const inward = (
    [
      [ports.otlpGrpc, "TCP", "OTLP over gRPC"],
      [ports.otlpHttp, "TCP", "OTLP over HTTP"],
      [ports.statsd, "UDP", "StatsD"],
      [ports.fluentForward, "TCP", "Fluentd forward"],
      ...(tiers
        ? ([
            [ports.jaeger, "TCP", "spans of Jaeger clients (thrift over HTTP)"],
            [ports.zipkin, "TCP", "spans of Zipkin clients"],
          ] as const)
        : []),
    ] as const
  ).map(([port, protocol, why]): Flow => ({
    from: "applications",
    to: gateway,
    port,
    protocol,
    why: `${why} from applications`,
  }));
  const replicas = flowToWrite(environment, gateway, "prometheus", "metrics, to each replica");
  return [
    ...inward,
    ...[ports.otlpGrpc, ports.otlpHttp].map((port): Flow => ({
      from: "nodes",
      to: agent,
      port,
      protocol: "TCP",
      why: "OTLP on the node's address",
    })),
    ...[ports.otlpGrpc, ports.otlpHttp].map((port): Flow => ({
      from: "applications",
      to: agent,
      port,
      protocol: "TCP",
      why: "OTLP on the node's address",
    })),
    { from: agent, to: gateway, port: ports.otlpGrpc, protocol: "TCP", why: "what came in on the node" },
    ...flowToWrite(environment, agent, "loki", "logs of pods"),
    ...apiFlows(agent, "metadata of its node's pods"),
    ...dnsFlows(agent),
    ...replicas,
    ...flowToWrite(environment, gateway, "loki", "logs"),
    ...apiFlows(gateway, "metadata of the pods that send"),
    ...(roles.sampler === undefined || tiers ? flowToWrite(environment, gateway, "tempo", "traces", 4317) : []),
    ...(roles.sampler === undefined
      ? []
      : [
          {
            from: gateway,
            to: workloadEnd(roles.sampler),
            port: ports.otlpGrpc,
            protocol: "TCP" as const,
            why: "each trace whole to one sampler",
          },
          ...flowToWrite(environment, workloadEnd(roles.sampler), "tempo", "the traces that are kept", 4317),
          ...dnsFlows(workloadEnd(roles.sampler)),
        ]),
    ...dnsFlows(gateway),
    ...(roles.events === undefined
      ? []
      : [
          ...apiFlows(workloadEnd(roles.events), "watches events"),
          {
            from: workloadEnd(roles.events),
            to: gateway,
            port: ports.otlpHttp,
            protocol: "TCP" as const,
            why: "Kubernetes events",
          },
          ...dnsFlows(workloadEnd(roles.events)),
        ]),
  ];
}
