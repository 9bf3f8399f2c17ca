import { alertFigures, alertLevels } from "../../alerts/figures";
import { Bytes, Cpu, keepings, queryLength, type Cost, systemOf, type Environment } from "../../environment";
import { figures } from "../../dashboards/figures";
import type { StackPlan } from "../../stacks";
import { workloadName, type KubernetesObject, type WorkloadArgs } from "../../stacks/kubernetes";
import type { Finding } from "./checks";
import type { Rendering } from "./program";
import type { Counts } from "./proofs";
import { quotaUse, sizingLines, sizingOf, type Sizing } from "./sizing";

interface Row {
  readonly name: string;
  /** What it is for. */
  readonly purpose: string;
  readonly image: string;
  readonly version: string;
  readonly kind: string;
  /** Undefined where there is one on each node. */
  readonly replicas: number | undefined;
  /** Requests of all replicas; of one node for a DaemonSet. */
  readonly cpu: string;
  readonly memory: string;
  readonly disk: string | undefined;
}

export interface Summary {
  readonly environment: string;
  readonly cluster: string;
  readonly systems: readonly Row[];
  readonly absent: readonly { readonly name: string; readonly why: string }[];
  /** Sums over all replicas, a single node assumed for DaemonSets. */
  readonly total: { readonly cpu: string; readonly memory: string; readonly disk: string };
  /** What the stack's pods take of the quota of its namespace. */
  readonly quotas: Readonly<Record<string, string>>;
  /** US dollars a month. */
  readonly cost: Cost;
  readonly endpoints: Readonly<Record<string, unknown>>;
  readonly retention: Readonly<Record<string, string>>;
  readonly counts: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
}

/** What a person wants to know of an environment before deploying it. */
export function summary(
  { environment, outputs, resources }: Rendering,
  plan: StackPlan,
  objects: readonly KubernetesObject[],
  findings: readonly Finding[],
  sizing: Sizing = sizingOf(environment, plan),
): Summary {
  const workloads = plan.systems.flatMap((system) => system.workloads);
  const sum = (pick: (args: WorkloadArgs) => number) =>
    workloads.reduce((total, args) => total + pick(args) * args.replicas, 0);
  return {
    environment: environment.name,
    cluster: environment.cluster,
    systems: workloads.map((args) => row(environment, args)),
    absent: absent(environment, plan),
    total: {
      cpu: Cpu.millis(sum(({ resources }) => resources.requests.cpu.millis)).toString(),
      memory: Bytes.of(sum(({ resources }) => resources.requests.memory.bytes)).toString(),
      disk: Bytes.of(sum(({ volume }) => volume?.size.bytes ?? 0)).toString(),
    },
    quotas: quotaUse(sizing.quota),
    cost: sizing.cost,
    endpoints: outputs,
    retention: Object.fromEntries(
      Object.entries({ ...keepings(environment), maxQueryLength: queryLength(environment) }).map(([name, value]) => [
        name,
        value.toString(),
      ]),
    ),
    counts: {
      kubernetes: objects.length,
      aws: resources.filter(({ type }) => type.startsWith("aws:")).length,
      networkFlows: plan.flows.length,
      ...figures(environment),
      ...alertFigures(environment),
    },
    warnings: findings.map(({ level, message }) => (level === "error" ? `error: ${message}` : message)),
  };
}

function row(environment: Environment, args: WorkloadArgs): Row {
  const { resources, replicas, volume, kind, image, version } = args;
  return {
    name: workloadName(args),
    purpose: purposeOf(environment, args),
    image,
    version,
    kind,
    replicas: kind === "DaemonSet" ? undefined : replicas,
    cpu: Cpu.millis(resources.requests.cpu.millis * replicas).toString(),
    memory: Bytes.of(resources.requests.memory.bytes * replicas).toString(),
    disk: volume && Bytes.of(volume.size.bytes * replicas).toString(),
  };
}

function purposeOf(environment: Environment, { system, component }: WorkloadArgs): string {
  const { purpose, purposes = {} } = systemOf(environment, system);
  return Object.entries(purposes).find(([beginning]) => component.startsWith(beginning))?.[1] ?? purpose;
}

/** The systems that are not deployed, and why. */
function absent(environment: Environment, plan: StackPlan): { name: string; why: string }[] {
  return environment.composition.systems.flatMap(({ name, when }) => {
    if (plan.systems.some((system) => system.name === name)) return [];
    const { enabled, existingUrl } = environment.systems[name];
    if (existingUrl !== undefined) return [{ name, why: `exists at ${existingUrl}` }];
    // There is nothing for it to do.
    if (when?.(environment) === false) return [];
    return [{ name, why: enabled ? "no stage wants it" : "switched off" }];
  });
}

/** A table for the terminal: left-aligned text, a header, columns as wide as they need to be. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? "").length)),
  );
  const line = (cells: readonly string[]) =>
    `  ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd();
  return [line(header), line(widths.map((width) => "─".repeat(width))), ...rows.map(line)].join("\n");
}

/** What the real evaluators proved of the levels of an environment's alerts, when `npm test` last ran in this checkout. */
export function proofsLine(environment: Environment, proofs: Counts | undefined): string {
  if (proofs === undefined) return "  proofs of alerts: not run here (npm test)";
  const levels = alertLevels(environment);
  const tests = levels.flatMap((level) => proofs[level] ?? []);
  const passed = tests.reduce((sum, count) => sum + count, 0);
  return `  proofs of alerts: ${passed} tests passed here, of ${tests.length} of ${levels.length} levels`;
}

/** The summary as a person likes to read it. */
export function printed(summary: Summary, sizing: Sizing): string {
  const rows = summary.systems.map(({ name, version, replicas, cpu, memory, disk }) => [
    name,
    version,
    replicas === undefined ? "per node" : String(replicas),
    cpu,
    memory,
    disk ?? "–",
  ]);
  const { total, counts, endpoints } = summary;
  const lines = [
    `${summary.environment} · cluster ${summary.cluster}`,
    table(
      ["system", "version", "replicas", "CPU", "memory", "disk"],
      [...rows, ["total", "", "", total.cpu, total.memory, total.disk]],
    ),
    ...sizingLines(sizing),
    ...summary.absent.map(({ name, why }) => `  ${name}: not deployed, ${why}`),
    `  Grafana ${String(endpoints["grafanaUrl"] ?? "–")} · OTLP ${String(endpoints["otlpGrpcEndpoint"] ?? "–")} (gRPC), ${String(endpoints["otlpHttpEndpoint"] ?? "–")} (HTTP)`,
    `  retention: ${Object.entries(summary.retention)
      .map(([name, value]) => `${name} ${value}`)
      .join(", ")}`,
    `  ${counts["kubernetes"]} Kubernetes objects, ${counts["aws"]} AWS resources, ${counts["networkFlows"]} network flows`,
    `  ${counts["dashboards"]} dashboards, ${counts["panels"]} panels, ${counts["queries"]} queries, ${counts["recordingRules"]} recording rules`,
    `  ${counts["alerts"]} alerts in ${counts["alertingRules"]} rules, ${counts["runbooks"]} runbooks, ${counts["receivers"]} receivers`,
    ...((counts["teamAlertingRules"] ?? 0) + (counts["teamRecordingRules"] ?? 0) > 0
      ? [
          `  of teams: ${counts["teamAlerts"]} alerts in ${counts["teamAlertingRules"]} rules, ${counts["teamRecordingRules"]} recording rules`,
        ]
      : []),
    `  ${counts["metrics"]} metrics catalogued, ${counts["declaredAbsent"]} of them only at times; ${counts["declaredEmpty"]} queries may be empty, ${counts["rawParts"]} parts of queries are raw`,
    ...summary.warnings.map((warning) => `  ! ${warning}`),
  ];
  return lines.join("\n");
}
