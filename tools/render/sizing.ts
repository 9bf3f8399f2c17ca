import {
  explain,
  explainLoad,
  monthlyCost,
  priceTable,
  type Cost,
  type Environment,
  type Explained,
} from "../../environment";
import type { StackPlan } from "../../stacks";
import { agentsOn, stackQuota, type Amounts, type StackQuota } from "../../stacks/quotas";

/** How large an environment is, why, what it may take and what it costs. */
export interface Sizing {
  readonly load: string;
  readonly choices: readonly Explained[];
  readonly quota: StackQuota;
  readonly cost: Cost;
}

export function sizingOf(environment: Environment, plan: StackPlan): Sizing {
  const workloads = plan.systems.flatMap((system) => system.workloads);
  const quota = stackQuota(environment, workloads);
  const { cpuRequests, memoryRequests, storage } = quota.sum;
  const agents = agentsOn(environment.load?.nodes ?? 0, workloads);
  const reserved = {
    cpu: (cpuRequests + agents.cpuRequests) / 1000,
    memory: memoryRequests + agents.memoryRequests,
    volumes: storage,
  };
  return {
    load: explainLoad(environment),
    choices: explain(environment),
    quota,
    cost: monthlyCost(environment, reserved),
  };
}

/** The quota of the stack's namespace by resource: what is planned, of what is allowed. */
export function quotaUse({ sum, hard }: StackQuota): Record<string, string> {
  const use = (kind: keyof Amounts) => `${shown(kind, sum[kind])} of ${shown(kind, hard[kind])}`;
  return {
    "requests.cpu": use("cpuRequests"),
    "requests.memory": use("memoryRequests"),
    "limits.memory": use("memoryLimits"),
    "requests.storage": use("storage"),
  };
}

/** An amount in whole CPUs or GiB, with one decimal, upwards. */
function shown(kind: keyof Amounts, amount: number): string {
  const [unit, sign] = kind === "cpuRequests" ? [1000, ""] : [2 ** 30, "Gi"];
  return `${Math.ceil((amount / unit) * 10) / 10}${sign}`;
}

const origins: Readonly<Record<Explained["origin"], string>> = {
  load: "from the load",
  default: "default",
  written: "as written",
};

/** The part of a key that says what it is within its system: `replicas`, `components.querier.resources`. */
const within = ({ key }: Explained) => key.replace(/^(systems\.)?[^.]+\./, "");

/** One line for each system: its numbers, and who chose them. */
export function sizingLines({ load, choices, quota, cost }: Sizing): string[] {
  const systems = [...new Set(choices.map(({ system }) => system))];
  const width = Math.max(...systems.map((name) => name.length), "quota".length);
  const lines = systems.map((system) => {
    const own = choices.filter((choice) => choice.system === system);
    const written = own.filter(({ origin }) => origin === "written");
    const values = own.filter((choice) => !within(choice).startsWith("components."));
    const parts = own.length - values.length;
    const shown = values.map((choice) => `${within(choice)} ${choice.value}`).join(", ");
    const others = written.map((choice) => `${within(choice)} would be ${choice.byRule}`).join(", ");
    const origin = origins[own.find((choice) => choice.origin !== "written")?.origin ?? "written"];
    return `  ${system.padEnd(width)}  ${shown}${parts > 0 ? `, ${parts} numbers of its parts` : ""} (${origin}${others === "" ? "" : `; ${others}`})`;
  });
  return [
    `  ${load}`,
    ...lines,
    `  ${"quota".padEnd(width)}  ${quotaText(quota)}`,
    `  ${"cost".padEnd(width)}  ${costText(cost)}`,
  ];
}

/** Every number with its reason. */
export function reasonLines({ choices }: Sizing): string[] {
  return choices.flatMap(({ key, value, byRule, origin, reason, source }) => [
    `  ${key} = ${value} (${origins[origin]}${value === byRule ? "" : `; by the rule ${byRule}`})`,
    `    ${reason}`,
    `    ${source}`,
  ]);
}

const quotaText = (quota: StackQuota) =>
  Object.entries(quotaUse(quota))
    .map(([resource, use]) => `${resource} ${use}`)
    .join(", ");

const costText = ({ total, ...parts }: Cost): string =>
  `about ${total} $ a month: ${Object.entries(parts)
    .map(([name, dollars]) => `${costNames[name as keyof typeof parts]} ${dollars}`)
    .join(", ")} (${priceTable.source}, ${priceTable.region}, ${priceTable.date})`;

const costNames: Readonly<Record<Exclude<keyof Cost, "total">, string>> = {
  compute: "CPU and memory",
  volumes: "volumes",
  s3Storage: "S3 storage",
  s3Requests: "S3 requests",
  crossZone: "traffic between zones",
};

/** The same as a page. */
export function sizingPage({ environment }: { readonly environment: string }, sizing: Sizing): string {
  const row = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  const table = (header: readonly string[], rows: readonly (readonly string[])[]) =>
    [row(header), row(header.map(() => "---")), ...rows.map(row)].join("\n");
  const consumers = [...sizing.quota.consumers].sort((a, b) => b.memoryLimits - a.memoryLimits);
  return [
    `# Sizes of ${environment}`,
    `${sizing.load.charAt(0).toUpperCase()}${sizing.load.slice(1)}.`,
    table(
      ["key", "value", "from", "by the rule", "reason", "source"],
      sizing.choices.map(({ key, value, origin, byRule, reason, source }) => [
        `\`${key}\``,
        value,
        origins[origin],
        byRule,
        reason,
        source,
      ]),
    ),
    "## Quota",
    `${quotaText(sizing.quota)}. With the pods that a rolling update starts beside the old ones:`,
    table(
      ["workload", "pods", "CPU requests", "memory requests", "memory limits", "volumes"],
      consumers.map((each) => [
        each.name,
        String(each.pods),
        shown("cpuRequests", each.cpuRequests),
        shown("memoryRequests", each.memoryRequests),
        shown("memoryLimits", each.memoryLimits),
        shown("storage", each.storage),
      ]),
    ),
    "## Cost",
    `${costText(sizing.cost).replace(/^a/, "A")}. Agents on the nodes are left out.`,
    "",
  ].join("\n\n");
}
