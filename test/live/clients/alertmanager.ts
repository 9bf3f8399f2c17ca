import type { Cluster } from "../../../tools/engine/cluster";

/** An alert as Alertmanager holds it. */
export interface HeldAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly fingerprint: string;
  readonly generatorURL: string;
  readonly status: {
    readonly state: "active" | "suppressed" | "unprocessed";
    /** Fingerprints of the alerts because of which nobody is told of it. */
    readonly inhibitedBy: readonly string[];
    /** Ids of silences. */
    readonly silencedBy: readonly string[];
  };
}

export interface Silence {
  readonly id: string;
  readonly status: { readonly state: "active" | "pending" | "expired" };
}

/** One replica of Alertmanager, through its API (v2): what each of them knows is what is asked. */
export class AlertmanagerReplica {
  constructor(
    private readonly cluster: Cluster,
    private readonly namespace: string,
    readonly pod: string,
    private readonly port: number,
  ) {}

  /** Alerts with these labels, suppressed ones included. */
  async alerts(labels: Readonly<Record<string, string>>): Promise<HeldAlert[]> {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(labels)) search.append("filter", `${name}="${value}"`);
    return this.cluster.get<HeldAlert[]>(`${this.path}/alerts?${search.toString()}`);
  }

  /** Silences everything with these labels. @returns the silence's id */
  async silence(labels: Readonly<Record<string, string>>, minutes: number): Promise<string> {
    const matchers = Object.entries(labels).map(([name, value]) => ({ name, value, isRegex: false, isEqual: true }));
    const { silenceID } = await this.cluster.post<{ silenceID: string }>(`${this.path}/silences`, {
      matchers,
      startsAt: new Date().toISOString(),
      endsAt: new Date(Date.now() + minutes * 60_000).toISOString(),
      createdBy: "e2e",
      comment: "taken by the live suite",
    });
    return silenceID;
  }

  /** A silence by its id; undefined when this replica knows none. */
  async find(id: string): Promise<Silence | undefined> {
    return this.cluster.find<Silence>(`${this.path}/silence/${id}`);
  }

  async expire(id: string): Promise<void> {
    await this.cluster.text("DELETE", `${this.path}/silence/${id}`);
  }

  private get path(): string {
    return `/api/v1/namespaces/${this.namespace}/pods/${this.pod}:${this.port}/proxy/api/v2`;
  }
}
