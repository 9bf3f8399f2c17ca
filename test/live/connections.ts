import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import type { Pod } from "kubernetes-types/core/v1";
import type { Cluster } from "../../tools/engine/cluster";
import { POD_RANGE, SERVICE_RANGE } from "../../tools/testbed/addresses";
import { attempt } from "../../tools/testbed/shell";
import { PolicyHistory } from "./policy-history";

/** A connection as the kernel saw it begin; the destination is the one behind a service's address. */
export interface Connection {
  readonly protocol: "TCP" | "UDP";
  readonly source: string;
  readonly destination: string;
  readonly port: number;
  /** Milliseconds since 1970 of the first one of its kind. */
  readonly at: number;
}

/** A pod as it was when a connection began. */
export interface SeenPod {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: Readonly<Record<string, number>>;
  /** Milliseconds since 1970. */
  readonly started: number;
}

/** Distinct connections kept at most; the stack makes a few hundred. */
const LIMIT = 100_000;

/**
 * Begins of connections that pods have part in, from the node's connection tracking, for as long as a run takes, and
 * who had which address, and which policies held, at that time.
 */
export class Connections {
  readonly policies = new PolicyHistory();
  private readonly seen = new Map<string, Connection>();
  private readonly pods = new Map<string, SeenPod[]>();
  private process: ChildProcess | undefined;
  private timer: NodeJS.Timeout | undefined;
  private noting: Promise<unknown> | undefined;
  /** Connections that were not kept because there were too many. */
  dropped = 0;

  constructor(private readonly cluster: Cluster) {}

  /** Begins to listen; `stop` ends it. */
  async start(): Promise<void> {
    await this.note();
    // Connections that are open already, as on a stack that runs for a while.
    // Entries of pods that have gone stay for a while: nobody can say any more whose they were.
    const known = ({ source, destination, at }: Connection) =>
      [source, destination].every((address) => !isPodAddress(address) || this.podAt(address, at) !== undefined);
    for (const line of attempt("conntrack", ["-L"]).stdout.split("\n")) this.read(line, known);
    // Room for the burst of a start: of all the lookups at once that six pods make, none comes again while they are connected.
    const child = spawn("conntrack", ["-E", "-e", "NEW", "--buffer-size", String(16 * 2 ** 20)], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    this.process = child;
    createInterface({ input: child.stdout }).on("line", (line) => this.read(line));
    // Addresses are used again by later pods, and policies change: who had one, and what held, is noted at the time.
    this.timer = setInterval(() => void this.note().catch(() => undefined), 1000);
    this.timer.unref();
  }

  stop(): void {
    this.process?.kill("SIGTERM");
    clearInterval(this.timer);
  }

  /** Whether it still listens: a run without it would prove nothing. */
  get listening(): boolean {
    return this.process?.exitCode === null;
  }

  all(): Connection[] {
    return [...this.seen.values()];
  }

  /** The pod that had an address at a time; undefined for the node and everything outside. */
  podAt(address: string, at: number): SeenPod | undefined {
    const owners = this.pods.get(address) ?? [];
    // A pod's start is noted in whole seconds, and a connection may come before the note of it.
    return owners.filter(({ started }) => started <= at + 2000).at(-1);
  }

  private read(line: string, wanted: (connection: Connection) => boolean = () => true): void {
    const connection = parseEvent(line, Date.now());
    if (connection === undefined || !wanted(connection)) return;
    // Still at the service's own address: it had no endpoint at that moment, nobody was reached.
    if (isServiceAddress(connection.destination)) return;
    const { protocol, source, destination, port, at } = connection;
    // The same addresses may belong to other pods by now: the names count, where they are known.
    const who = (address: string) => this.podAt(address, at)?.name ?? address;
    // One of a kind is kept, anew whenever the policies have changed: what was allowed may not be any more.
    const key = `${this.policies.states} ${protocol} ${who(source)} ${who(destination)} ${port}`;
    if (this.seen.has(key)) return;
    if (this.seen.size >= LIMIT) this.dropped += 1;
    else this.seen.set(key, connection);
  }

  /** Notes who has which address, and which policies hold, now. Looks that overlap would mix up their order. */
  async note(): Promise<void> {
    this.noting ??= Promise.all([this.notePods(), this.policies.note(this.cluster)]).finally(
      () => (this.noting = undefined),
    );
    await this.noting;
  }

  private async notePods(): Promise<void> {
    for (const pod of await this.cluster.list<Pod>("/api/v1/pods")) {
      const { spec, status } = pod;
      const address = status?.podIP;
      if (address === undefined || spec?.hostNetwork === true) continue;
      const noted = seenPod(pod);
      const owners = this.pods.get(address) ?? [];
      if (owners.some(({ name, namespace }) => name === noted.name && namespace === noted.namespace)) continue;
      this.pods.set(
        address,
        [...owners, noted].sort((a, b) => a.started - b.started),
      );
    }
  }
}

/** What is kept of a pod. */
export function seenPod({ metadata, spec, status }: Pod): SeenPod {
  const ports = (spec?.containers ?? []).flatMap(({ ports = [] }) => ports);
  return {
    namespace: metadata?.namespace ?? "",
    name: metadata?.name ?? "",
    labels: { ...metadata?.labels },
    ports: Object.fromEntries(ports.map(({ name = "", containerPort }) => [name, containerPort])),
    started: Date.parse(status?.startTime ?? metadata?.creationTimestamp ?? "") || 0,
  };
}

/** Whether an address is from the pods' range, the first of which is the node's own end of every cable. */
function isPodAddress(address: string): boolean {
  const prefix = POD_RANGE.replace(/0\/24$/, "");
  return address.startsWith(prefix) && address !== `${prefix}1`;
}

/** Whether an address is a service's own, from a range of 16 bits. */
function isServiceAddress(address: string): boolean {
  return address.startsWith(SERVICE_RANGE.replace(/0\.0\/16$/, ""));
}

/**
 * Reads one line of `conntrack -E` or `conntrack -L`. The second half is how the answer will look: its source is the real destination,
 * behind a service's address.
 */
function parseEvent(line: string, at: number): Connection | undefined {
  const protocol = /^(?:\s*\[NEW\])?\s*(tcp|udp)\s/.exec(line)?.[1]?.toUpperCase();
  if (protocol !== "TCP" && protocol !== "UDP") return undefined;
  const values = (name: string) =>
    [...line.matchAll(new RegExp(`\\b${name}=(\\S+)`, "g"))].map((match) => match[1] ?? "");
  const [source = "", destination = ""] = values("src");
  const port = Number(values("sport")[1]);
  return source && destination ? { protocol, source, destination, port, at } : undefined;
}
