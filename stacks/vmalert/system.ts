import { httpPort, type Environment } from "../../environment";
import { dnsFlows, workloadEnd, type WorkloadArgs } from "../kubernetes";
import { flowTo, flowToWrite } from "../reach";
import { flags, image, yaml, type SystemPlan } from "../system";
import { recordsTo, rulesPath, vmalertFlags } from "./config";

/**
 * vmalert: evaluates on the long-term store what Prometheus can't: longer windows than it keeps, and what spans its shards. Replicas evaluate the same at
 * the same instants and carry no label of their own: to Alertmanager their alerts are one, to the store their records.
 * @param rules rule files by name, as YAML text
 */
export function vmalert(environment: Environment, rules: Readonly<Record<string, string>>): SystemPlan {
  const { image: reference, version } = image(environment, "vmalert");
  const settings = environment.systems.vmalert;
  const { namespace } = environment;
  const values = vmalertFlags(environment);
  const args: WorkloadArgs = {
    system: "vmalert",
    component: "server",
    kind: "Deployment",
    namespace,
    image: reference,
    version,
    args: flags(values, "-"),
    ports: { http: { port: httpPort.vmalert } },
    readiness: { path: "/health", port: "http" },
    liveness: { path: "/health", port: "http" },
    replicas: settings.replicas,
    resources: settings.resources,
    goMemoryShare: 0.9,
    user: 65534,
    files: [{ name: "vmalert-rules", mountPath: rulesPath, files: rules, mode: "reloaded" }],
    gracePeriod: 30,
  };
  const self = workloadEnd(args);
  return {
    name: "vmalert",
    version,
    workloads: [args],
    objects: [],
    secrets: [],
    config: {
      "flags.yaml": yaml(values),
      ...Object.fromEntries(Object.entries(rules).map(([name, text]) => [`rules/${name}`, text])),
    },
    flows: [
      ...flowTo(environment, self, "victoriametrics", "asks for what Prometheus can't see"),
      ...flowToWrite(environment, self, recordsTo(environment).system, "writes what it records"),
      ...flowTo(environment, self, "alertmanager", "sends alerts of long windows"),
      ...dnsFlows(self),
    ],
    scrapeJobs: [
      { job: "vmalert", namespace, system: "vmalert", component: "server", port: "http", number: httpPort.vmalert },
    ],
  };
}
