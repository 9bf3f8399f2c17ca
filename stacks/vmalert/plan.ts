import { longWindowsFile } from "../../alerts";
import { type Environment, type MetricsStore, portOf } from "../../environment";
import { dnsFlows, workloadEnd, type Flow, type Workload, type WorkloadArgs } from "../kubernetes";
import { flowTo, flowToWrite } from "../reach";
import { flags, image, yaml, type ScrapeJob, type SystemPlan } from "../system";
import { evaluators, recordsTo, rulesPath, vmalertFlags, type Evaluator } from "./config";
import { httpPort } from "./settings";

type Rules = Readonly<Record<string, string>>;

/**
 * vmalert: evaluates on the store what Prometheus can't: longer windows than it keeps, and what spans its shards.
 * Replicas evaluate the same at the same instants and carry no label of their own: to Alertmanager their alerts are one,
 * to the store their records.
 * @param rules rule files by name, as YAML text
 */
export function planVmalert(environment: Environment, rules: Rules): SystemPlan {
  const all = evaluators(environment, Object.keys(rules));
  const parts = all.map((evaluator) => partOf(environment, evaluator, rulesOf(evaluator, all.length, rules)));
  return {
    name: "vmalert",
    version: image(environment, "vmalert").version,
    workloads: parts.map(({ workload }) => workload),
    objects: [],
    secrets: [],
    config: Object.fromEntries([
      ...parts.map(({ workload, values }) => [ofPart("flags", workload) + ".yaml", yaml(values)] as const),
      ...Object.entries(rules).map(([name, text]) => [`rules/${name}`, text] as const),
    ]),
    flows: parts.flatMap(({ flows }) => flows),
    scrapeJobs: parts.map(({ workload }) => jobOf(workload)),
  };
}

const ofPart = (name: string, { component }: Pick<WorkloadArgs, "component">) =>
  component === "server" ? name : `${name}-${component}`;

/** With a second one for long windows, each has its own rules. */
function rulesOf({ component }: Evaluator, count: number, rules: Rules): Rules {
  if (count === 1) return rules;
  return Object.fromEntries(
    Object.entries(rules).filter(([name]) => (name === longWindowsFile) === (component === "long")),
  );
}

function jobOf(workload: WorkloadArgs): ScrapeJob {
  const { namespace, component } = workload;
  const target = { namespace, system: "vmalert", component, port: "http", number: httpPort } as const;
  const job = ofPart("vmalert", workload);
  return component === "server" ? { job, ...target } : { job, label: "vmalert", ...target };
}

function partOf(environment: Environment, { component, store }: Evaluator, rules: Rules) {
  const { image: reference, version } = image(environment, "vmalert");
  const settings = environment.systems.vmalert;
  const values = vmalertFlags(environment, store);
  const workload: WorkloadArgs = {
    system: "vmalert",
    component,
    kind: "Deployment",
    namespace: environment.namespace,
    image: reference,
    version,
    args: flags(values, "-"),
    ports: { http: { port: httpPort } },
    readiness: { path: "/health", port: "http" },
    liveness: { path: "/health", port: "http" },
    replicas: settings.replicas,
    resources: settings.resources,
    goMemoryShare: 0.9,
    user: 65534,
    files: [
      { name: `${ofPart("vmalert", { component })}-rules`, mountPath: rulesPath, files: rules, mode: "reloaded" },
    ],
    gracePeriod: 30,
  };
  const self = workloadEnd(workload);
  const flows = [
    ...toStore(environment, self, store),
    ...flowToWrite(environment, self, recordsTo(environment).system, "writes what it records"),
    ...flowTo(environment, self, "alertmanager", "sends alerts"),
    ...dnsFlows(self),
  ];
  return { workload, values, flows };
}

/** To the store that it asks: the long-term one has a door, each finer tier is a workload of its own. */
function toStore(environment: Environment, from: Workload, { component }: MetricsStore): Flow[] {
  const why = "asks for what Prometheus can't see";
  if (component === "server") return flowTo(environment, from, "victoriametrics", why);
  const to = { namespace: environment.namespace, system: "victoriametrics", component };
  return [{ from, to, port: portOf(environment, "victoriametrics"), protocol: "TCP", why }];
}
