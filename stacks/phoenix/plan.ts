import { deepMerge, namespaceOf, urlOf, type Environment } from "../../environment";
import { calls, healthPort, rolePort, roles, serviceOf, version, type Role } from "../../examples/phoenix/roles";
import type { FaultInput } from "../../examples/phoenix/faults";
import { sdkLimits } from "../collector/limits";
import { configMap, dnsFlows, objectLabels, workloadEnd, type Flow, type Port, type WorkloadArgs } from "../kubernetes";
import { flowTo } from "../reach";
import { image, yaml, type SystemPlan } from "../system";
import { phoenixBundle } from "./bundle";

const folder = "/app";
const file = "phoenix.js";

/** The faults as the program reads them: what the environment leaves out is not there. */
function faultsOf(environment: Environment): FaultInput {
  const { latency, ...faults } = environment.systems.phoenix.faults;
  return { ...faults, ...(latency === undefined ? {} : { latency: latency.toString() }) };
}

/** Environment variables of every role; `examples/phoenix/settings.ts` reads them. */
function phoenixSettings(environment: Environment): Record<string, string> {
  const otlp = urlOf(environment, "collector");
  const { load, config } = environment.systems.phoenix;
  const base = {
    PHOENIX_NAMESPACE: namespaceOf(environment, "phoenix"),
    PHOENIX_ENVIRONMENT: environment.name,
    PHOENIX_PLANS_PER_SECOND: String(load.plansPerSecond),
    PHOENIX_FAULTS: JSON.stringify(faultsOf(environment)),
    ...(otlp === undefined ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: otlp }),
    PHOENIX_SPANS_PER_SECOND: String(environment.sampling.limits.spansPerSecond.perSecond),
    ...sdkLimits(environment),
  };
  return deepMerge(base, (config as { env?: Record<string, string> }).env ?? {});
}

/** The demo application: a workload for each role of one program, which sends what it emits as any application would. */
export function planPhoenix(environment: Environment): SystemPlan {
  const settings = phoenixSettings(environment);
  const namespace = namespaceOf(environment, "phoenix");
  const program = configMap(
    "phoenix-program",
    namespace,
    objectLabels("phoenix", "program", version),
    { [file]: phoenixBundle() },
    "immutable",
  );
  const workloads = roles.map((role) => workloadOf(environment, role, settings, program.metadata.name));
  return {
    name: "phoenix",
    version,
    workloads,
    objects: [program],
    secrets: [],
    config: { "settings.yaml": yaml(settings) },
    flows: flows(environment, workloads),
    scrapeJobs: [],
  };
}

function workloadOf(
  environment: Environment,
  role: Role,
  settings: Readonly<Record<string, string>>,
  program: string,
): WorkloadArgs {
  const { image: reference } = image(environment, "node");
  const ports: Record<string, Port> =
    role === "cache"
      ? { resp: { port: rolePort.cache }, health: { port: healthPort.cache, internal: true } }
      : { http: { port: rolePort[role] } };
  return {
    system: "phoenix",
    component: role,
    kind: "Deployment",
    namespace: namespaceOf(environment, "phoenix"),
    image: reference,
    version,
    command: ["node"],
    // A small young generation: the roles hold little, and V8 would rather grow than collect.
    args: ["--max-semi-space-size=1", "--max-old-space-size=64", `${folder}/${file}`, role],
    env: [
      ...Object.entries(settings).map(([name, value]) => ({ name, value })),
      { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
    ],
    ports,
    readiness: { path: "/healthz", port: role === "cache" ? "health" : "http" },
    replicas: 1,
    resources: environment.systems.phoenix.resources,
    user: 1000,
    sharedFiles: [{ configMap: program, mountPath: folder }],
    // A visit of the load generator ends within ten seconds, and what is held is sent.
    gracePeriod: 30,
    // Its lines bear the name that its spans and metrics bear: a link from a trace to its logs goes by it.
    annotations: { "resource.opentelemetry.io/service.name": serviceOf(role) },
  };
}

/** Role to role as the program's own list says, each to the Collector and the cluster's DNS, and nothing else. */
function flows(environment: Environment, workloads: readonly WorkloadArgs[]): Flow[] {
  const end = (role: Role) => ({ system: "phoenix", component: role, namespace: namespaceOf(environment, "phoenix") });
  return [
    ...calls.map(({ from, to, why }): Flow => ({
      from: end(from),
      to: end(to),
      port: rolePort[to],
      protocol: "TCP",
      why,
    })),
    ...workloads
      .map(workloadEnd)
      .flatMap((from) => [...flowTo(environment, from, "collector", "its metrics and traces"), ...dnsFlows(from)]),
  ];
}
