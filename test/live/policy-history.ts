import type { Namespace } from "kubernetes-types/core/v1";
import type { NetworkPolicy } from "kubernetes-types/networking/v1";
import type { Cluster } from "../../tools/engine/cluster";
import type { PolicyState } from "./policy-state";

interface Period {
  readonly state: PolicyState;
  /** What the objects' versions say together: it differs between two states. */
  readonly version: string;
  /** Milliseconds since 1970 of the last look that saw the state before this one: it holds since then at the earliest. */
  readonly earliest: number;
  /** Milliseconds since 1970 of the first look that saw another state. @default it still holds */
  latest?: number;
}

/** What is seen reaches this process a moment after it happened, and an engine hears of a policy a moment later. In ms. */
const SLACK = 1000;

/** Which network policies held when: they are looked at again and again, and a change lies between two looks. */
export class PolicyHistory {
  private readonly periods: Period[] = [];
  /** Milliseconds since 1970 of the begin of the last look. */
  private looked = 0;

  /** Looks at the policies that hold now. @throws ApiError */
  async note(cluster: Cluster): Promise<void> {
    const begin = Date.now();
    const [policies, listed] = await Promise.all([
      cluster.list<NetworkPolicy>("/apis/networking.k8s.io/v1/networkpolicies"),
      cluster.list<Namespace>("/api/v1/namespaces"),
    ]);
    this.add(policies, listed, begin, Date.now());
  }

  /** Adds what one look saw. @param begin, @param end of the look, in milliseconds since 1970 */
  add(policies: readonly NetworkPolicy[], listed: readonly Namespace[], begin: number, end: number): void {
    const version = [...policies, ...listed]
      .map(({ metadata }) => `${metadata?.uid} ${metadata?.resourceVersion}`)
      .sort()
      .join("\n");
    const last = this.periods.at(-1);
    if (last?.version !== version) {
      if (last !== undefined) last.latest = end;
      const namespaces = new Map(listed.map(({ metadata }) => [metadata?.name ?? "", { ...metadata?.labels }]));
      this.periods.push({ state: { policies, namespaces }, version, earliest: this.looked });
    }
    this.looked = begin;
  }

  /** How many states there were; the number of the last one. */
  get states(): number {
    return this.periods.length;
  }

  /** The states that may have held at a time: more than one where a change is near. */
  at(time: number): PolicyState[] {
    return this.periods
      .filter(({ earliest, latest = Infinity }) => earliest - SLACK <= time && time <= latest + SLACK)
      .map(({ state }) => state);
  }
}
