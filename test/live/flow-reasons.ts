import type { Flow } from "../../stacks/kubernetes";
import { endName } from "../../stacks/kubernetes/flows";

/** `collector-gateway → loki:3100/TCP`, as the table names a flow. */
export function flowName({ from, to, port, protocol }: Flow): string {
  return `${endName(from)} → ${endName(to)}:${port}/${protocol}`;
}

/** Why a flow that is allowed need not be seen on the hermetic node; the first pattern that fits counts. */
const reasons: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/^(\S+) → \1:/, "a pod that asks itself does not leave its own network"],
  [/→ cluster-dns:53\/TCP$/, "DNS goes over TCP only when an answer is too long for UDP"],
  [
    /→ kubernetes-api:443\/TCP$/,
    "the service's port: engines that look before the translation need it, conntrack shows the API server's own 6443",
  ],
  [/^ingress-controller →/, "the environment has no domain, so nothing comes in from outside"],
  [/grafana/, "Grafana is left out on the hermetic node"],
  [
    /^applications → .*collector-agent:4317\/TCP$/,
    "the suite's applications use the agent's 4318, the API server its 4317",
  ],
  [/^nodes → .*collector-agent:4318\/TCP$/, "the API server sends its spans over gRPC"],
  [/→ (object-storage|internet):/, "the environment stores inside the cluster and notifies nobody outside"],
  [/^\S*loki-server → \S*alertmanager-server/, "no rule of Loki's ruler is firing"],
  [/^\S*loki-server → \S*victoriametrics-server/, "the ruler counts every five minutes, and has not yet"],
  [/^\S*vmalert-server → \S*alertmanager-server/, "no objective burns over days"],
  [
    /^\S*victoriametrics-server → (\S*vmalert-server:8880|cluster-dns:53)/,
    "it passes a question about rules on to vmalert, and nobody asks one without Grafana",
  ],
];

/** The reason that stands for a flow that was not seen, undefined when there is none. */
export function reasonFor(flow: Flow): string | undefined {
  const name = flowName(flow);
  return reasons.find(([pattern]) => pattern.test(name))?.[1];
}
