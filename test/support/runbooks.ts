import * as fs from "node:fs";
import * as path from "node:path";
import { firesMark } from "../../alerts/fires";

/** The pages that come with the stack. */
export const runbooksFolder = path.join(__dirname, "../../docs/runbooks");

export type Language = "promql" | "logql" | "sh";

/** One line of a page's Check section: a query, or a command. */
export interface Step {
  readonly language: Language;
  readonly text: string;
  /** What stands after `# healthy:` in the line before it. */
  readonly healthy: string | undefined;
}

/** A page as somebody follows it. */
export interface Runbook {
  readonly name: string;
  /** What a person wrote: without the part that is made of the alerts. */
  readonly text: string;
  /** What its Check section asks, in order; the other sections are for people. */
  readonly check: readonly Step[];
}

/** Every page but the one that explains them. */
export const runbooks = (): Runbook[] =>
  fs
    .readdirSync(runbooksFolder)
    .filter((file) => file.endsWith(".md") && file !== "README.md")
    .sort()
    .map((file) => parseRunbook(path.basename(file, ".md"), fs.readFileSync(path.join(runbooksFolder, file), "utf8")));

export function parseRunbook(name: string, page: string): Runbook {
  const [text = ""] = page.split(firesMark);
  const section = /\*\*Check\*\*([\s\S]*?)\*\*Mend\*\*/.exec(text)?.[1] ?? "";
  const blocks = [...section.matchAll(/```(promql|logql|sh)\n([\s\S]*?)```/g)];
  return { name, text, check: blocks.flatMap(([, language, lines]) => steps(language as Language, lines ?? "")) };
}

function steps(language: Language, block: string): Step[] {
  let healthy: string | undefined;
  return block
    .split("\n")
    .filter((line) => line.trim() !== "")
    .flatMap((line) => {
      if (line.startsWith("#")) {
        healthy = /^# healthy: (.+)$/.exec(line)?.[1];
        return [];
      }
      const step = { language, text: line, healthy };
      healthy = undefined;
      return [step];
    });
}

/** What a query gives on a healthy stack. */
export interface Claim {
  /** In words, as it is written. */
  readonly text: string;
  /** It may give no series at all. */
  readonly orNothing: boolean;
  readonly holds: (value: number) => boolean;
}

const comparisons: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  "": (value, limit) => value === limit,
  below: (value, limit) => value < limit,
  above: (value, limit) => value > limit,
  "at most": (value, limit) => value <= limit,
  "at least": (value, limit) => value >= limit,
};

/**
 * Reads a claim: `nothing`, `varies`, a number, `below 5`, `above`, `at most` or `at least` one; each of the last with
 * ` or nothing` where there need be no series; words for people after `;`.
 * @throws Error for anything else
 */
export function parseClaim(written: string): Claim {
  const [text = ""] = written.split(";");
  const claim = text.trim();
  if (claim === "nothing") return { text: claim, orNothing: true, holds: () => false };
  const said = /^(?:(varies)|(?:(below|above|at most|at least) )?(-?[\d.]+(?:e\d+)?))( or nothing)?$/.exec(claim);
  if (said === null) throw new Error(`"${claim}" is no claim: nothing, varies, 0, below 5 or nothing`);
  const [, varies, comparison = "", limit, orNothing] = said;
  const compare = comparisons[comparison];
  return {
    text: claim,
    orNothing: orNothing !== undefined,
    holds: (value) => varies !== undefined || compare?.(value, Number(limit)) === true,
  };
}

/** Names that differ from case to case, as the pages write them. */
export const placeholders = [
  ...["NODE", "NAMESPACE", "POD", "CONTAINER", "DEPLOYMENT", "STATEFULSET", "DAEMONSET", "JOB", "CRONJOB"],
  ...["SERVICE", "PVC", "INGRESS", "HOST", "UNIT", "DEVICE"],
] as const;
export type Placeholder = (typeof placeholders)[number];

const written = new RegExp(`\\b(${placeholders.join("|")})\\b`, "g");

/** The placeholders that a command has. */
export const placeholdersOf = (command: string): Placeholder[] => [
  ...new Set([...command.matchAll(written)].map(([name]) => name as Placeholder)),
];

/** A command for one case. @throws Error when a placeholder has no value */
export function filledIn(command: string, values: Readonly<Partial<Record<Placeholder, string>>>): string {
  return command.replace(written, (name) => {
    const value = values[name as Placeholder];
    if (value === undefined) throw new Error(`${name} has no value`);
    return value;
  });
}

/** What `kubectl` may be asked in a Check section; whatever runs in a container is looked at as well. */
const reading = [
  ...["get", "describe", "logs", "events", "auth can-i", "port-forward"],
  ...["rollout status", "rollout history", "version"],
];

/** Programs that only look, with the options by which some of them do. */
const looking =
  /^(grep|head|tail|sort|uniq|wc|cut|tr|awk|jq|sleep \d+|curl -sv?(?! .*(-X|-d|--data|-T))|openssl (x509|s_client)|promtool (check|query|tsdb analyze)|amtool (check-config|.*\b(show|query|routes test)\b)|sysctl(?!.*(-w|=))|find(?!.*-(delete|exec))|journalctl(?! .*--(vacuum|rotate|flush))|systemctl (status|list-units|--failed)|timedatectl$|chronyc (tracking|sources)|conntrack -[SL]|du|df|iostat|vmstat|dmesg(?! .*-[cC])|ethtool(?! -[^Sikmg])|ip( -\w)* (link|addr|route)( show| ls|$)|cat|ls|ss|mdadm --detail|smartctl -[aH]|last|crictl (ps|images|stats|info)|kubeadm certs check-expiration|etcdctl( --\w+=\S+)* (endpoint|alarm list|member list)|nslookup|echo|true)\b/;

/**
 * What in a command of a Check section might change something; undefined for one that only looks.
 * @param command one line of the page
 */
export function changes(command: string): string | undefined {
  return command
    .replace(/sh -c (['"])(.*)\1/, "$2")
    .replace(/'[^']*'|"[^"]*"/g, "Q")
    .replace(/>\s*\/dev\/null|2>&1|2>\s*\/dev\/null/g, "")
    .split(/&&|\|\||[|;&]/)
    .map((part) => part.trim())
    .find((part) => part !== "" && part !== "kill $!" && !looks(part));
}

function looks(part: string): boolean {
  if (part.includes(">")) return false;
  const asked = /^kubectl((?: +-{1,2}\w[\w-]*(?:[ =](?!-)\S+)?)*) +(.*)$/.exec(part);
  if (asked === null) return looking.test(part);
  const [, , rest = ""] = asked;
  const inside = /^(?:exec|debug) .*? -- (?:chroot \/host )?(.*)$/.exec(rest)?.[1];
  return inside === undefined ? reading.some((verb) => `${rest} `.startsWith(`${verb} `)) : looking.test(inside);
}
