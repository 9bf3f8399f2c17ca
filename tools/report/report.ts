import { pageReasonsOf } from "../../alerts/page-reasons";
import { Bytes, Cpu, Duration, keepings as kept, queryLength, type Environment } from "../../environment";
import type { StackPlan } from "../../stacks";
import { isWorkload, workloadName, type Flow } from "../../stacks/kubernetes";
import type { CheckDone } from "../render/checks";
import type { Judgement } from "../render/judgement";
import type { Rendering } from "../render/program";
import type { Summary } from "../render/summary";
import { alertSection, objectivesTable } from "./alerts";
import { checksSection, policiesSection, type PolicyResults } from "./checks";
import { costSection, type Budget } from "./cost";
import { readDashboard } from "./dashboard";
import { gallery } from "./gallery";
import { markup, list, type Content } from "./html";
import { page, type Section } from "./page";
import { retentionSection, type Keeping } from "./retention";
import { readAlertmanager } from "./routing";
import { readRules } from "./rules";
import { systemsSection } from "./systems";
import { topology, type Connection, type Node } from "./topology";

/** What the report shows beyond the plan; what is left out has no section. */
export interface ReportParts {
  readonly pages: readonly { readonly folder: string; readonly model: object }[];
  readonly checks: readonly CheckDone[];
  readonly policies?: PolicyResults;
  readonly slos?: Judgement["slos"];
}

/**
 * One state of one environment on one page: a file without a script that loads nothing.
 * Pure: the same environment gives the same bytes.
 */
export function report(rendering: Rendering, plan: StackPlan, summary: Summary & Budget, parts: ReportParts): string {
  const { environment } = rendering;
  const config = configFiles(plan);
  const alertmanagerFile = config["alertmanager/alertmanager.yml"];
  const { warnings, counts, total } = summary;
  const cost = costSection(summary);
  const sections: Section[] = [
    ...(warnings.length > 0 ? [{ id: "warnings", title: "Warnings", content: list(warnings, "plain warning") }] : []),
    { id: "topology", title: "What talks to what", content: topology(connections(plan.flows), nodes(plan)) },
    { id: "systems", title: "Systems", content: systemsSection(summary) },
    {
      id: "alerts",
      title: "Alerts",
      content: [
        objectivesTable(parts.slos ?? {}),
        alertSection(
          readRules(config, undefined, pageReasonsOf(environment)),
          alertmanagerFile ? readAlertmanager(alertmanagerFile) : undefined,
        ),
      ],
    },
    {
      id: "retention",
      title: "Retention",
      content: retentionSection(keepings(environment, plan), retentionNotes(environment)),
    },
    ...(cost === undefined ? [] : [{ id: "cost", title: "Cost and quota", content: cost }]),
    ...(parts.policies ? [{ id: "policies", title: "Policies", content: policiesSection(parts.policies) }] : []),
    { id: "checks", title: "Checks", content: checksSection(parts.checks) },
    {
      id: "dashboards",
      title: "Dashboards",
      content: gallery(parts.pages.map(({ folder, model }) => ({ folder, dashboard: readDashboard(model) }))),
    },
  ];
  const facts = {
    "CPU requested": cores(total.cpu),
    "memory requested": readableSize(total.memory),
    "disk claimed": readableSize(total.disk),
    "Kubernetes objects": counts["kubernetes"] ?? 0,
    "AWS resources": counts["aws"] ?? 0,
    dashboards: parts.pages.length,
  };
  return page({
    title: `Observability of ${summary.environment}`,
    lead: markup`<p>The observability stack of the cluster <strong>${summary.cluster}</strong> as it would be deployed. In
the picture below, metrics, logs and traces come in at the top and are stored further down; Grafana reads them, and
alerts leave through Alertmanager. Stages: ${environment.stages.join(", ")}.</p>
<dl class="facts">${Object.entries(facts).map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`,
    sections,
    footer: markup`Rendered from the environment ${environment.name} without a cluster. Sums count one node for what runs
    on each.`,
  });
}

/** `20705m` as "20.7 cores". */
const cores = (quantity: string) => `${round(Cpu.parse(quantity).millis / 1000)} cores`;

/** `54762Mi` as "53.5 GiB". */
const readableSize = (quantity: string) => `${round(Bytes.parse(quantity).bytes / 2 ** 30)} GiB`;

const round = (value: number) => (value < 10 ? Math.round(value * 100) / 100 : Math.round(value * 10) / 10);

/** Every configuration file by `system/file`. */
function configFiles(plan: StackPlan): Record<string, string> {
  return Object.fromEntries(
    plan.systems.flatMap(({ name, config }) =>
      Object.entries(config).map(([file, text]) => [`${name}/${file}`, text] as const),
    ),
  );
}

function endOf(end: Flow["from"]): string {
  if (isWorkload(end)) return end.component === "server" ? end.system : `${end.system}-${end.component}`;
  return typeof end === "string" ? end : `namespace ${end.namespace}`;
}

function connections(flows: readonly Flow[]): Connection[] {
  return flows.map(({ from, to, port, protocol, why }) => ({
    from: endOf(from),
    to: endOf(to),
    port: `${port}/${protocol}`,
    why,
  }));
}

function nodes(plan: StackPlan): Node[] {
  return plan.systems.flatMap(({ workloads }) =>
    workloads.map((args) => ({
      name: workloadName(args),
      note: `${args.version} · ${args.kind === "DaemonSet" ? "per node" : `×${args.replicas}`}`,
      outside: false,
    })),
  );
}

/** Which server deletes what {@link kept} names, by its first word. */
const keeperOf: Readonly<Record<string, string>> = {
  metrics: "victoriametrics",
  alerts: "victoriametrics",
  logs: "loki",
  traces: "tempo",
};

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** What is kept, in the order in which data goes through it. */
function keepings(environment: Environment, plan: StackPlan): Keeping[] {
  const deployed = (name: string) => plan.systems.some((system) => system.name === name);
  const versions = (plan.storage.aws?.buckets ?? []).flatMap(({ content, versioning, lifecycle }) =>
    lifecycle.rules.flatMap(({ noncurrentVersionExpiration }) => {
      const days = noncurrentVersionExpiration?.noncurrentDays;
      return versioning && days
        ? [{ what: `Deleted ${content}, to get back`, days, text: `${days}d after deletion`, who: "S3" }]
        : [];
    }),
  );
  return [
    ...Object.entries(kept(environment)).flatMap(([name, { days }]): Keeping[] => {
      const [signal = ""] = name.split(" ");
      const who = (name === "log counts" ? "victoriametrics" : keeperOf[signal]) ?? signal;
      const what = signal === "prometheus" ? "metrics, recent" : signal === "alerts" ? "history of alerts" : name;
      const text = Duration.seconds(days * 86_400).toString();
      return deployed(who) ? [{ what: capital(what), days, text, who }] : [];
    }),
    ...versions,
  ];
}

function retentionNotes(environment: Environment): Content[] {
  return [
    markup`One log query covers ${queryLength(environment).toString()} at most; that limits the query, not the retention.`,
  ];
}
