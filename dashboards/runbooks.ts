import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DashboardBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder, TextMode } from "@grafana/grafana-foundation-sdk/text";
import { isDeployed, type Environment } from "../environment";
import type { Dashboard } from "./index";

/** The pages that people write for 3 a.m. */
const folder = join(__dirname, "../docs/runbooks");

/** Of a runbook's page in Grafana: `runbook-HostDisk`. */
export const runbookUid = (name: string): string => `runbook-${name}`;

/** Names of the runbooks that come with the stack. */
export const ownRunbooks = (): string[] =>
  readdirSync(folder).flatMap((file) => (file === "README.md" ? [] : (/^(\w+)\.md$/.exec(file)?.[1] ?? [])));

/** The parts of every page, in this order; docs/runbooks/README.md says what stands in each. */
export const runbookParts = ["Means", "Check", "Mend", "Escalate"] as const;

/** The parts that a page lacks: each is a paragraph that begins with its name in bold. */
export const missingParts = (text: string): string[] =>
  runbookParts.filter((part) => !new RegExp(`^\\*\\*${part}\\*\\*`, "m").test(text));

/** Whether Grafana serves the runbooks: it is ours, and nobody named another place for them. */
export const servesRunbooks = (environment: Environment): boolean =>
  isDeployed(environment, "grafana") &&
  environment.stages.includes("alerts") &&
  environment.alerting.runbooksUrl === undefined;

/**
 * Each runbook as a page of Grafana: whoever an alert wakes can read it where its dashboard is, without an account of
 * wherever the sources are kept. Reads docs/runbooks, and what systems and packs bring along; empty when runbooks are read elsewhere.
 * @param complete a page, by its name and what people wrote, with what fires its alerts in this environment
 */
export function runbookPages(
  environment: Environment,
  complete: (name: string, text: string) => string,
): readonly Dashboard[] {
  if (!servesRunbooks(environment)) return [];
  const ours = ownRunbooks().map((name) => [name, readFileSync(join(folder, `${name}.md`), "utf8")] as const);
  const { systems, packs } = environment.composition;
  const brought = [...systems, ...packs].flatMap(({ runbooks = {} }) => Object.entries(runbooks));
  return [...ours, ...brought]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, text]) => runbookPage(name, complete(name, text), environment.namespace));
}

/** The namespace of the default, as commands of the runbooks have it: after `-n`, in host names, in service accounts. */
const writtenNamespace = /(?<=-n |--namespace[ =]|\.|serviceaccount:)observability(?![\w/])/g;

function runbookPage(name: string, written: string, namespace: string): Dashboard {
  const text = written
    // The page has the name as its title already.
    .replace(/^# .*\n+/, "")
    .replace(writtenNamespace, namespace);
  const panel = new PanelBuilder()
    .title("")
    .transparent(true)
    .mode(TextMode.Markdown)
    .content(text)
    .gridPos({ h: 24, w: 24, x: 0, y: 0 });
  const title = `Runbook ${name}`;
  const builder = new DashboardBuilder(title).uid(runbookUid(name)).tags(["runbook"]).readonly().withPanel(panel);
  return { uid: runbookUid(name), title, folder: "Runbooks", model: builder.build() };
}
