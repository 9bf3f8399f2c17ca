import type { Pod } from "kubernetes-types/core/v1";
import { isReady } from "../../../tools/engine/readiness";
import { NODE_ADDRESS, NODE_NAME } from "../../../tools/testbed/addresses";
import { seenPod } from "../connections";
import { processesOf, runningContainers } from "../containers";
import type { Live } from "../context";
import { nameOf, type Peer } from "../policies";
import type { Door } from "./probe";
import { listeningIn } from "./sockets";

/** Whoever on the node is not root: what a pod on the node's network would be, in this stack node_exporter. */
const SOMEBODY = 65_534;

/** Where a connection may come from. */
export interface Source {
  readonly name: string;
  readonly peer: Peer;
  /** A process whose network it is. @default the node's own */
  readonly pid?: number;
  /** @default root */
  readonly user?: number;
  /** Root of the node: policies do not hold for it. */
  readonly free: boolean;
}

/** A port that somebody listens on. */
export interface Target extends Door {
  readonly name: string;
  readonly peer: Peer;
}

export interface Places {
  readonly sources: readonly Source[];
  readonly targets: readonly Target[];
}

/** The node as root, which sees that every port is open at all; and as somebody else. */
const node: Source = {
  name: `node ${NODE_NAME}, root`,
  peer: { address: NODE_ADDRESS, pod: undefined },
  free: true,
};
const somebody: Source = { ...node, name: `node ${NODE_NAME}, user ${SOMEBODY}`, user: SOMEBODY, free: false };

/** Every pod of the hermetic node with what listens in it, and the node itself, as they are now. */
export async function placesOf(live: Live): Promise<Places> {
  const listed = await live.cluster.list<Pod>("/api/v1/pods");
  const pods = listed.filter((pod) => pod.status?.phase === "Running" && isReady(pod));
  const running = runningContainers();
  const sources: Source[] = [];
  const targets: Target[] = [];
  for (const pod of pods.filter(({ spec }) => spec?.hostNetwork !== true)) {
    const address = pod.status?.podIP ?? "";
    const peer = { address, pod: seenPod(pod) };
    const [pid] = processesOf(pod, running).values();
    if (pid === undefined) throw new Error(`${nameOf(peer)} runs no container`);
    sources.push({ name: nameOf(peer), peer, pid, free: false });
    for (const { port, protocol } of listeningIn(pid))
      targets.push({ name: nameOf(peer), peer, address, port, protocol });
  }
  return { sources: [...sources, node, somebody], targets: [...targets, ...nodeTargets(pods)] };
}

/** What listens on the node's own address, and the ports of pods on the node's network. */
function nodeTargets(pods: readonly Pod[]): Target[] {
  const onNetwork = pods.filter(({ spec }) => spec?.hostNetwork === true);
  const declared = new Map(
    onNetwork.flatMap(({ metadata, spec }) =>
      (spec?.containers ?? []).flatMap(({ ports = [] }) =>
        ports.map(({ containerPort }) => [containerPort, metadata?.name] as const),
      ),
    ),
  );
  return listeningIn("self")
    .filter(({ address, port }) => address === NODE_ADDRESS || (address === undefined && declared.has(port)))
    .map(({ port, protocol }): Target => {
      const pod = declared.get(port);
      return { name: pod ?? "node", peer: node.peer, address: NODE_ADDRESS, port, protocol };
    });
}
