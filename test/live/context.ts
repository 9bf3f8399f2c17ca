import { agentsNamespace, type Environment, portOf, type SystemName } from "../../environment";
import { deepMerge } from "../../environment/merge";
import { planStack, type StackPlan } from "../../stacks";
import type { Cluster } from "../../tools/engine/cluster";
import { run, type Operation, type RunResult } from "../../tools/engine/engine";
import { waitUntilReady } from "../../tools/engine/readiness";
import type { Settings } from "../../tools/stack-file";
import type { Target } from "../../tools/engine/target";
import { readEnvironment } from "../../tools/stack-file";
import { AlertmanagerReplica } from "./clients/alertmanager";
import { provisioned } from "../../tools/grafana/provisioned";
import { Logs } from "./clients/logs";
import { Metrics } from "./clients/metrics";
import { ObjectStore } from "./clients/s3";
import { Service } from "./clients/service";
import { Traces } from "./clients/traces";
import type { Connections } from "./connections";
import { demoNamespace } from "./demo";
import type { Report } from "./report";
import { APP_PORT } from "./senders/server";
import type { Order } from "./senders/shop";
import { s3Secret } from "../../stacks/shared";

/** The environment that the suite deploys. */
const ENVIRONMENT = "local";

/**
 * Settings of the suite's own: somebody to tell, and soon. The usual waits are minutes and hours, made for people; they
 * are shortened by the keys that everybody has.
 * @param kind where there is no Grafana, links lead to one that is said to exist
 */
const suiteSettings = (kind: Target["kind"]): Settings => {
  const url = `http://webhook.${demoNamespace}.svc:${APP_PORT}/`;
  return {
    alerting: {
      receivers: ["e2e", "second", "deadman"].map((name) => ({ kind: "webhook", name, url })),
      watchdogReceiver: "deadman",
      escalation: { L2: { receiver: "second", after: { critical: "1m" } } },
      runbooksUrl: "https://runbooks.example.com/observability",
      alerts: {
        TargetDown: { for: "15s" },
        ObjectStoreDown: { for: "15s" },
        KubeStatefulSetReplicasMissing: { for: "30s" },
        ServiceAvailabilityBudget: { for: "30s" },
      },
      // At 99.9 % a burst of failures would burn the longer windows for hours after it ended.
      thresholds: { availability: { objective: 0.95 } },
    },
    systems: {
      alertmanager: { config: { route: { group_wait: "1s", group_interval: "10s" } } },
      loki: { config: { ruler: { evaluation_interval: "15s" } } },
      ...(kind === "hermetic" ? { grafana: { enabled: true, existingUrl: "https://grafana.example.com" } } : {}),
    },
  };
};

/** What one check found and a later one builds on. */
export interface Findings {
  /** An order that was placed over OTLP, and its correlation id. */
  order?: Order & { readonly correlationId: string };
  /** Trace ids by protocol. */
  readonly traceIds: Record<string, string>;
}

export interface LiveOptions {
  readonly keep: boolean;
  readonly startedNode: boolean;
}

/** Everything that a check needs: the cluster, the servers' APIs, the engine. */
export class Live {
  /** Marks everything that this run sends. */
  readonly id = `e2e${Date.now().toString(36)}`;
  /** Milliseconds since 1970: nothing that is looked for is older. */
  readonly since = Date.now();
  readonly environment: Environment;
  readonly plan: StackPlan;
  readonly found: Findings = { traceIds: {} };

  constructor(
    readonly target: Target,
    readonly report: Report,
    /** Undefined where the node is not ours to watch. */
    readonly connections: Connections | undefined,
    private readonly options: LiveOptions,
  ) {
    this.environment = this.environmentOf({});
    this.plan = planStack(this.environment);
  }

  /** What is deployed by {@link engine} with the same settings laid over the suite's. */
  planOf(over: Settings): StackPlan {
    return planStack(this.environmentOf(over));
  }

  /** The environment that {@link engine} deploys with the same settings. */
  environmentOf(over: Settings): Environment {
    const own = deepMerge({ ...this.target.settings }, suiteSettings(this.target.kind));
    return readEnvironment(ENVIRONMENT, deepMerge(own, over));
  }

  /** Leave everything as it is at the end. */
  get keep(): boolean {
    return this.options.keep;
  }

  /** This run made the node, and takes it down again. */
  get startedNode(): boolean {
    return this.options.startedNode;
  }

  get cluster(): Cluster {
    return this.target.cluster;
  }

  /** On the node that the kit makes, the host is ours: processes, conntrack, devices. */
  get hermetic(): boolean {
    return this.target.kind === "hermetic";
  }

  /** The stack's namespaces: the servers' and the agents'. */
  get namespaces(): readonly [string, string] {
    return [this.environment.namespace, agentsNamespace(this.environment)];
  }

  get prometheus(): Metrics {
    return new Metrics(this.system("prometheus"));
  }

  get victoriametrics(): Metrics {
    return new Metrics(this.system("victoriametrics"));
  }

  get loki(): Logs {
    return new Logs(this.system("loki", { "X-Scope-OrgID": this.environment.tenant }));
  }

  get tempo(): Traces {
    return new Traces(this.system("tempo"));
  }

  /** The server behind a data source of Grafana, by its uid; the address is the one that Grafana is given. */
  dataSource(uid: string): Service {
    const url = provisioned(this.environment).urls.get(uid);
    if (url === undefined) throw new Error(`nothing here is the data source "${uid}"`);
    const [name = "", namespace = ""] = url.hostname.split(".");
    const headers: Record<string, string> = uid === "loki" ? { "X-Scope-OrgID": this.environment.tenant } : {};
    return new Service(this.cluster, namespace, name, Number(url.port), headers);
  }

  /** Makes phoenix fail as asked; an empty object ends it. @throws ApiError for what is no fault */
  async faults(faults: object): Promise<void> {
    const api = this.plan.systems
      .filter(({ name }) => name === "phoenix")
      .flatMap(({ workloads }) => workloads.filter(({ component }) => component === "api"))[0];
    if (api === undefined) throw new Error("phoenix does not run here");
    const { port = 0 } = api.ports["http"] ?? {};
    const service = new Service(this.cluster, api.namespace, "phoenix-api", port);
    await this.cluster.post(`${service.path}/faults`, faults);
  }

  /** The replicas of Alertmanager that the suite's settings deploy. */
  get alertmanagers(): readonly AlertmanagerReplica[] {
    return this.alertmanagersOf(this.environment.systems.alertmanager.replicas);
  }

  /** So many replicas of Alertmanager, each on its own. */
  alertmanagersOf(replicas: number): readonly AlertmanagerReplica[] {
    const { namespace } = this.environment;
    return Array.from(
      { length: replicas },
      (_, index) =>
        new AlertmanagerReplica(
          this.cluster,
          namespace,
          `alertmanager-${index}`,
          portOf(this.environment, "alertmanager"),
        ),
    );
  }

  /** How many rules vmalert evaluates, and the last fault of each that has one; the store answers for it, as to Grafana. */
  async vmalertRules(): Promise<{ readonly rules: number; readonly errors: readonly string[] }> {
    const { data } = await this.system("victoriametrics").json<{
      data: { groups: { rules: { name: string; lastError?: string }[] }[] };
    }>("GET", "/api/v1/rules");
    const rules = data.groups.flatMap((group) => group.rules);
    const errors = rules.flatMap(({ name, lastError }) => (lastError ? [`${name}: ${lastError}`] : []));
    return { rules: rules.length, errors };
  }

  /** One of the suite's own applications. */
  app(name: string): Service {
    return new Service(this.cluster, demoNamespace, name, APP_PORT);
  }

  objectStore(): Promise<ObjectStore> {
    return ObjectStore.open(this.cluster, this.system("versitygw"), s3Secret, this.plan.storage.region);
  }

  /** Runs the engine on the stack. @param over laid over the suite's settings, for this run only */
  engine(operation: Operation, over: Settings = {}): Promise<RunResult> {
    const settings = deepMerge({ ...suiteSettings(this.target.kind) }, over);
    return run(this.target, ENVIRONMENT, operation, { settings, note: (line) => this.report.note(line) });
  }

  /** Waits until every pod of the stack is Ready. @returns the seconds it took */
  ready(seconds = 180): Promise<number> {
    return waitUntilReady(this.cluster, this.namespaces, { seconds });
  }

  private system(name: SystemName, headers: Readonly<Record<string, string>> = {}): Service {
    return new Service(this.cluster, this.environment.namespace, name, portOf(this.environment, name), headers);
  }
}

/** One check of the suite, `run` adds its rows to the report. */
export interface LiveCheck {
  readonly id: number;
  readonly what: string;
  /** Part of `--smoke`. */
  readonly smoke: boolean;
  /** Left out of a whole run: it takes longer than all the others, and runs when it is asked for by its number. */
  readonly byName?: boolean;
  run(live: Live): Promise<void>;
}
