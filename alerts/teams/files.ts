import { parseDocument } from "yaml";
import { z } from "zod";
import { at, nearest, type Environment, type Fault } from "../../environment";

/** Rule files as teams write them: read, with every place where they are not what Prometheus and Loki read. */

/** A rule file of a team. */
export interface GivenFile {
  readonly team: string;
  /** Who evaluates it. */
  readonly by: "prometheus" | "loki";
  /** The file as a person finds it from the project. */
  readonly file: string;
  /** Its name among the deployed ones. */
  readonly name: string;
  readonly groups: readonly GivenGroup[];
}

export interface GivenGroup {
  readonly name: string;
  readonly interval?: string | undefined;
  readonly limit?: number | undefined;
  readonly rules: readonly GivenRule[];
}

/** A rule, and where it stands; the labels of its group are its own. */
export interface Given extends Pick<GivenFile, "team" | "by" | "file"> {
  readonly group: GivenGroup;
  readonly rule: GivenRule;
}

const labels = z.record(z.string(), z.string());
type Labels = z.output<typeof labels>;
const groupSchema = z.strictObject({
  name: z.string().min(1),
  interval: z.string().optional(),
  limit: z.int().min(0).optional(),
  labels: labels.optional(),
  rules: z.array(z.unknown()),
});
const alertSchema = z.strictObject({
  alert: z.string().min(1),
  expr: z.string().min(1),
  for: z.string().optional(),
  keep_firing_for: z.string().optional(),
  labels: labels.default({}),
  annotations: labels.default({}),
});
const recordSchema = z.strictObject({
  record: z.string().min(1),
  expr: z.string().min(1),
  labels: labels.default({}),
});
export type GivenAlert = z.output<typeof alertSchema>;
export type GivenRecord = z.output<typeof recordSchema>;
export type GivenRule = GivenAlert | GivenRecord;

export interface Read {
  readonly files: readonly GivenFile[];
  readonly faults: readonly Fault[];
}

export const rulesIn = (files: readonly GivenFile[]): Given[] =>
  files.flatMap(({ groups, ...file }) =>
    groups.flatMap((group) => group.rules.map((rule) => ({ ...file, group, rule }))),
  );

/** `rules/shop/orders.yaml: group "orders", alert "OrdersFail", expr` */
export function placeOf({ file, group, rule }: Given, field?: string): string {
  const named = "alert" in rule ? `alert "${rule.alert}"` : `record "${rule.record}"`;
  return `${file}: group "${group.name}", ${named}${field === undefined ? "" : `, ${field}`}`;
}

/** The name under which a team's file is deployed: ours have no dot in front of the ending. */
const deployedName = (team: string, path: string): string =>
  `${team}.${path.replace(/^loki\//, "").replace(/\.ya?ml$/, "")}.yaml`;
/** Whether a deployed rule file is a team's. */
export const isOfTeam = (name: string): boolean => /\..*\.yaml$/.test(name);

/** Every rule that teams bring along, and what can't be read as one. */
export function givenFiles({ alerting, ruleFiles }: Pick<Environment, "alerting" | "ruleFiles">): Read {
  const read = Object.entries(alerting.rules).map(([team, { folder }]): Read => {
    const texts = Object.entries(ruleFiles[team] ?? {});
    const refused = (reason: string, fix: string): Read => ({
      files: [],
      faults: [{ key: at(`alerting.rules.${team}.folder`), value: folder, reason, fix }],
    });
    if (ruleFiles[team] === undefined)
      return refused("there is no such folder", "a path from the folder of Pulumi.yaml");
    if (texts.length === 0) return refused("holds no rule file", "*.yaml for Prometheus, loki/*.yaml for Loki's ruler");
    const all = texts.map(([path, text]) => {
      const by = path.startsWith("loki/") ? ("loki" as const) : ("prometheus" as const);
      const file = { team, by, file: `${folder.replace(/\/$/, "")}/${path}`, name: deployedName(team, path) };
      return { file, text };
    });
    const twice = all.find(({ file }, index) =>
      all.some((other, before) => before < index && other.file.by === file.by && other.file.name === file.name),
    );
    return twice === undefined
      ? joined(all.map(({ file, text }) => readFile(file, text)))
      : refused(`two files would be deployed as ${twice.file.name}`, `another name for ${twice.file.file}`);
  });
  return joined(read);
}

const joined = (all: readonly Read[]): Read => ({
  files: all.flatMap(({ files }) => files),
  faults: all.flatMap(({ faults }) => faults),
});

function readFile(file: Omit<GivenFile, "groups">, text: string): Read {
  const document = parseDocument(text);
  const [broken] = document.errors;
  if (broken !== undefined) {
    const { line, col } = broken.linePos?.[0] ?? { line: 1, col: 1 };
    const [reason = ""] = broken.message.split(/ at line \d|:?\n/);
    const fix = `line ${line}, column ${col}`;
    return { files: [], faults: [{ key: file.file, reason: `is not YAML: ${reason}`, fix }] };
  }
  const top = z.strictObject({ groups: z.array(z.unknown()) }).safeParse(document.toJS(), { reportInput: true });
  if (!top.success) return { files: [], faults: faultsOf(file.file, top.error, ["groups"]) };
  const faults: Fault[] = [];
  const groups = top.data.groups.flatMap((content, index): GivenGroup[] => {
    const place = `${file.file}: group ${nameOf(content, "name") ?? index + 1}`;
    const { success, data, error } = groupSchema.safeParse(content, { reportInput: true });
    if (!success) {
      faults.push(...faultsOf(place, error, Object.keys(groupSchema.shape)));
      return [];
    }
    const { labels: common = {}, rules, ...group } = data;
    return [{ ...group, rules: rules.flatMap((rule, at) => readRule(place, rule, at, common, faults)) }];
  });
  for (const [index, { name }] of groups.entries()) {
    if (groups.findIndex((each) => each.name === name) === index) continue;
    const reason = "two groups of the file have this name";
    faults.push({ key: `${file.file}: group "${name}"`, reason, fix: "a name of its own" });
  }
  return { files: [{ ...file, groups }], faults };
}

function readRule(place: string, content: unknown, index: number, common: Labels, faults: Fault[]): GivenRule[] {
  const schema = nameOf(content, "record") === undefined ? alertSchema : recordSchema;
  const { success, data, error } = schema.safeParse(content, { reportInput: true });
  if (success) return [{ ...data, expr: data.expr.trim(), labels: { ...common, ...data.labels } }];
  const name = nameOf(content, "alert") ?? nameOf(content, "record");
  faults.push(...faultsOf(`${place}, rule ${name ?? index + 1}`, error, Object.keys(schema.shape)));
  return [];
}

function nameOf(content: unknown, key: string): string | undefined {
  const value = (content as Readonly<Record<string, unknown>> | null | undefined)?.[key];
  return typeof value === "string" ? `"${value}"` : undefined;
}

function faultsOf(place: string, error: z.ZodError, known: readonly string[]): Fault[] {
  return error.issues.flatMap((issue): Fault[] => {
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => {
        const near = nearest(key, known);
        const fix = near === undefined ? `known here: ${known.join(", ")}` : `did you mean "${near}"?`;
        return { key: `${place}, ${key}`, reason: "is not a known key", fix };
      });
    }
    const field = issue.path.map(String).join(".");
    const key = field === "" ? place : `${place}, ${field}`;
    if (issue.input === undefined) return [{ key, reason: "is missing" }];
    return [{ key, value: JSON.stringify(issue.input), reason: issue.message.replace(/^Invalid input: /, "") }];
  });
}
