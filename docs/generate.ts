import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { format } from "prettier";
import { EnvironmentError, profileNames } from "../environment";
import type { ComponentDefault } from "../environment/settings";
import { filesOf } from "../alerts/figures";
import { fires, firesMark, withFires } from "../alerts/fires";
import { ownRunbooks } from "../dashboards/runbooks";
import { runCommand, type Command } from "../tools/cli";
import { claimFaults } from "./claims";
import { comments } from "./comments";
import { ruleSets } from "./coverage";
import { coveragePage } from "./coverage/page";
import { faultsOf } from "./examples";
import { configSections, keys, stageTable, type Key } from "./keys";
import { meanings } from "./meanings";
import { stackSchema } from "./stack-schema";
import { parseEnvironment } from "../stacks/environment";
import { composition, systemNames } from "../stacks/systems";

const root = join(__dirname, "..");
const file = join(__dirname, "configuration.md");
const coverageFile = join(__dirname, "alerts-coverage.md");
/** For editors; stack files name it in their first line. */
const schemaFile = join(__dirname, "stack.schema.json");

const command = {
  name: "docs",
  summary:
    "Writes configuration.md, alerts-coverage.md and stack.schema.json in docs/; checks examples and links of all pages.",
  flags: { check: { type: "boolean", description: "write nothing; exit code 1 when the file is not up to date" } },
} as const satisfies Command;

/** The pages that people write. */
function pages(): string[] {
  const markdown = readdirSync(__dirname, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".md"));
  return [join(root, "README.md"), join(root, "CHANGELOG.md"), ...markdown.sort().map((name) => join(__dirname, name))];
}

function page(): string {
  const all = keys();
  const meaning = meaningOf(all);
  const row = (key: Key, path = key.path) => [code(path), key.type, defaultOf(key), meaning(key.path)];
  const header = ["key", "type", "default", "meaning"];
  const rest = all.filter(({ path }) => !path.startsWith("systems.") && !path.includes("["));
  const kinds = (list: string) =>
    all.filter(({ path }) => path.startsWith(`${list}[`)).map((key) => [...row(key).slice(0, 2), meaning(key.path)]);
  const systems = all.filter(({ path }) => path.startsWith("systems."));
  return [
    "# Configuration",
    "<!-- Written by `npm run docs` from environment/ and stacks/*/settings.ts. Edit those. -->",
    intro,
    "## Keys",
    table(
      header,
      rest.map((key) => row(key)),
    ),
    "### `aws.identity`",
    "One of two kinds:",
    table(["key", "type", "meaning"], kinds("aws.identity")),
    "### `alerting.receivers`",
    "Each entry has a `kind`, which decides what else it has. A `…Secret` is the name of a secret, not its value.",
    table(["key", "type", "meaning"], kinds("alerting.receivers")),
    "## Systems",
    `\`<system>\` is one of ${systemNames.map(code).join(", ")}. What is enabled by default, and how large, stands in the next table.`,
    table(["key", "type", "meaning"], systemRows(systems, meaning)),
    "Sizes by profile: replicas × CPU requested, memory requested–limit, volume of each replica.",
    table(
      ["system", ...profileNames],
      systemNames.map((name) => [code(name), ...sizes(name, systems)]),
    ),
    "Parts that run apart (`mode` is `distributed` or `cluster`): each takes `replicas`, `resources` and `volume` at `systems.<system>.components.<part>`.",
    table(["system", "part", "size"], componentRows()),
    "Sections of `systems.<system>.config`: which ones exist is checked, what stands in them is the server's business.",
    table(
      ["system", "sections"],
      configSections().map(({ name, sections, roles }) => [
        code(name),
        `${sections.map(code).join(", ")}${roles.length === 0 ? "" : `; in each of ${roles.map(code).join(", ")}`}`,
      ]),
    ),
    "## Stages",
    "A stage brings the systems that it needs; the order is the order of a rollout.",
    table(
      ["stage", "systems"],
      stageTable().map(([stage, names]) => [code(stage), names.map(code).join(", ")]),
    ),
  ].join("\n\n");
}

const intro = `
A key is written in \`Pulumi.<env>.yaml\` as \`observability:<key>\`, nested as YAML, or set by
\`pulumi config set --path observability:<key> <value>\`. Every key has a default or a rule that says when it is needed;
a stack file holds only what differs.

- The stack's name chooses the defaults (\`local\`, \`dev\`, \`prod\`). A stack of another name says which it resembles:
  \`observability:profile: prod\`.
- Objects are merged with the defaults key by key. Lists are replaced. \`null\` takes an optional key away.
- A key that is not listed here is an error, and so is a wrong value. All faults come at once, before anything is
  deployed: \`npm start -- --env <env>\` shows them.
- An editor with the YAML language server completes and checks keys by the first line of a stack file,
  \`# yaml-language-server: $schema=docs/stack.schema.json\`; Pulumi keeps it when it writes the file.
- Durations are written \`15s\`, \`24h\`, \`30d\`; sizes \`512Mi\`, \`50Gi\`; CPU \`250m\` or \`2\`.
`.trim();

/** The text for a key. @throws Error that names every key without one, and every text without a key */
function meaningOf(all: readonly Key[]): (path: string) => string {
  const commented = commentsOfAll();
  const general = (path: string) => path.replace(/^systems\.[^.]+/, "systems.*");
  const minimums = retentionMinimums();
  const own = (path: string) =>
    meanings[general(path)] ?? commented.get(path) ?? commented.get(path.split(".").slice(0, -1).join("."));
  // What each entry of a map may say as well as its owner means the same there.
  const find = (path: string) => own(path) ?? own(path.replace(/\.\w+\.<name>/, ""));
  const known = new Set(all.map(({ path }) => general(path)));
  const faults = [
    ...all
      .filter(({ path }) => !find(path))
      .map(({ path }) => `${path} has no meaning: write a comment at it in environment/ or its system's settings.ts`),
    ...Object.keys(meanings)
      .filter((path) => !known.has(path))
      .map((path) => `docs/meanings.ts: there is no key ${path}`),
  ];
  if (faults.length > 0) throw new Error([...new Set(faults)].join("\n"));
  return (path) => [find(path), minimums.get(path)].filter(Boolean).join(" ");
}

/** The comments at the keys of no one system, and of each system at its own. */
function commentsOfAll(): ReadonlyMap<string, string> {
  const common = ["schema", "alerting", "alerting-tuning", "settings", "capacity", "values"].map((name) =>
    join(root, "environment", `${name}.ts`),
  );
  const own = composition.systems.flatMap(({ name, section }) => {
    const files = [...common, join(root, "stacks", name, "settings.ts")];
    return [
      ...comments(files, "settings", `systems.${name}`),
      ...(section === undefined ? [] : comments(files, "section", name)),
    ];
  });
  return new Map([...comments(common, "ownKeys"), ...own]);
}

/** The servers' shortest retentions, as the rules of the environment state them. */
function retentionMinimums(): ReadonlyMap<string, string> {
  const keep = "1m";
  const short = { prometheus: keep, metrics: [{ keep }], alerts: keep, logs: { keep }, traces: { keep } };
  try {
    parseEnvironment("local", { retention: short });
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    return new Map(
      error.faults.map(({ key, reason, fix = "" }) => [
        key.replace("observability:", "").replace(/\[0\].*$/, ""),
        `${fix.charAt(0).toUpperCase()}${fix.slice(1)}: ${reason}.`,
      ]),
    );
  }
  throw new Error("a retention of one minute is accepted");
}

/** What all systems have once, then what only one has. */
function systemRows(systems: readonly Key[], meaning: (path: string) => string): string[][] {
  const suffix = ({ path }: Key) => path.split(".").slice(2).join(".");
  // One row for what several have in common: the same key with the same meaning.
  const alike = (key: Key) =>
    systems.filter((other) => suffix(other) === suffix(key) && meaning(other.path) === meaning(key.path)).length > 1;
  const rows = new Map<string, string[]>();
  for (const key of systems) {
    const name = suffix(key);
    const path = alike(key) ? `systems.<system>.${name}` : key.path;
    if (!rows.has(path)) rows.set(path, [code(path), key.type, meaning(key.path)]);
  }
  return [...rows.values()];
}

/** A system's defaults by profile, in a few words. */
function sizes(system: string, systems: readonly Key[]): string[] {
  return profileNames.map((profile) => {
    const value = (name: string) => systems.find(({ path }) => path === `systems.${system}.${name}`)?.defaults[profile];
    if (value("enabled") === false) return "off";
    const memory = [value("resources.requests.memory"), value("resources.limits.memory")].map(String);
    const volume = value("volume");
    return `${String(value("replicas"))} × ${String(value("resources.requests.cpu"))}, ${[...new Set(memory)].join("–")}${volume === undefined ? "" : `, ${String(volume)}`}`;
  });
}

/** What each part of a system is, before anybody says so. */
function componentRows(): string[][] {
  return composition.systems.flatMap(({ name: system, defaults }) => {
    const { components = {} } = (defaults.settings.all ?? {}) as {
      components?: Readonly<Record<string, ComponentDefault>>;
    };
    return Object.entries(components).map(([part, each]) => {
      const { requests, limits } = each.resources;
      const memory = [...new Set([requests.memory, limits.memory])].join("–");
      const volume = each.volume === undefined ? "" : `, ${each.volume}`;
      return [code(system), code(part), `${each.replicas} × ${requests.cpu}, ${memory}${volume}`];
    });
  });
}

function defaultOf({ path, defaults, optional }: Key): string {
  if (path === "profile") return "the stack's name";
  const values = profileNames.map((profile) => shown(defaults[profile], optional));
  if (new Set(values).size === 1) return values[0] ?? "";
  return profileNames.map((profile, index) => `${profile}: ${values[index]}`).join("<br>");
}

function shown(value: unknown, optional: boolean): string {
  if (value === undefined) return optional ? "none" : "must be given";
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(entry).join(", ");
  if (typeof value === "object" && value !== null)
    return Object.keys(value).length === 0 ? "none" : JSON.stringify(value);
  return value === "" ? "empty" : code(String(value));
}

/** An entry of a list: a word, or an object as YAML writes it in one line. */
function entry(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  const fields = Object.entries(value).map(([name, each]) => `${name}: ${String(each)}`);
  return code(`{${fields.join(", ")}}`);
}

function code(text: string): string {
  return `\`${text}\``;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}

/** The schema of stack files, with the same words as the page. */
function schema(): string {
  const all = keys();
  const meaning = meaningOf(all);
  const known = new Map(all.map((key) => [key.path, key]));
  return JSON.stringify(
    stackSchema((path) => {
      const key = known.get(path);
      if (key === undefined) return undefined;
      const text = meaning(path);
      // Some say their default themselves, where it follows from something else.
      return text.includes("Default: ") ? text : `${text} Default: ${defaultOf(key).replaceAll("<br>", ", ")}.`;
    }),
  );
}

/** Each runbook with what fires its alerts, wherever these are evaluated: on the stack that has most, then on others. */
function runbookFiles(): [file: string, text: string][] {
  const controlPlane = ["etcd", "kube-scheduler", "kube-controller-manager", "kube-proxy"];
  const most = {
    controlPlane,
    sampling: { ratio: 0.5 },
    systems: { alertmanager: { replicas: 2 }, victoriametrics: { replicas: 2 } },
    retention: { metrics: [{ keep: "1d" }, { resolution: "5m", keep: "7d" }] },
  };
  const environments = [most, { ...most, tempo: { majorVersion: "2" } }].map((each) => parseEnvironment("local", each));
  const parts = fires(environments.flatMap((each) => filesOf(each).flatMap(([, groups]) => groups)));
  return ownRunbooks().map((name) => {
    const path = join(__dirname, "runbooks", `${name}.md`);
    return [path, withFires(readFileSync(path, "utf8"), parts.get(name), firesMark)];
  });
}

void runCommand(command, async ({ check }) => {
  const written = new Map([
    ...runbookFiles(),
    [file, await format(page(), { parser: "markdown", printWidth: 120 })],
    [coverageFile, await format(coveragePage(ruleSets), { parser: "markdown", printWidth: 120 })],
    [schemaFile, await format(schema(), { parser: "json", printWidth: 120 })],
  ]);
  const faults = [...pages().flatMap((each) => faultsOf(root, each)), ...claimFaults(__dirname)];
  for (const fault of faults) console.error(fault);
  let wrong = faults.length > 0;
  for (const [path, text] of written) {
    const shown = relative(root, path);
    const current = existsSync(path) ? readFileSync(path, "utf8") : undefined;
    if (text === current) console.log(`${shown} is up to date`);
    else if (check) {
      console.error(`${shown} is not what its sources say; write it anew by: npm run docs`);
      wrong = true;
    } else {
      writeFileSync(path, text);
      console.log(`${shown} is written`);
    }
  }
  return wrong ? 1 : 0;
});
