import * as fs from "node:fs";
import * as os from "node:os";
import { parse as parseYaml } from "yaml";
import { matcherText, remaining, silenceChanges, silencesOf, type ExistingSilence } from "../alerts/silences";
import { isDeployed, urlOf, type Environment, portOf } from "../environment";
import { faultLines } from "../environment/faults";
import { runCommand, typed, UsageError, type Command, type Values } from "./cli";
import { EngineError, messageOf } from "./engine/errors";
import { table } from "./engine/printer";
import { requestedTarget, resolveTarget, targetFlags } from "./engine/target";
import { readEnvironment } from "./stack-file";

const command = {
  name: "silence",
  summary: "Adds, lists and expires silences. The same silence twice is one; each has an end. Without a task it lists.",
  flags: {
    ...targetFlags,
    url: {
      type: "string",
      value: "URL",
      description: "an Alertmanager that is reached directly, instead of a cluster",
    },
    file: {
      type: "string",
      value: "FILE",
      description: "adds the silences of a YAML file (silences: [{matchers, …}])",
    },
    matchers: { type: "string", value: "MATCHERS", description: `adds one: 'alertname="HostDiskHigh", instance="a"'` },
    duration: { type: "string", value: "2h", description: "how long it lasts; this or --ends" },
    starts: { type: "string", value: "TIME", description: "when it starts, as 2026-12-24T18:00:00+01:00; now without" },
    ends: { type: "string", value: "TIME", description: "when it ends" },
    comment: { type: "string", value: "TEXT", description: "why" },
    author: { type: "string", value: "NAME", description: "who; the user of this machine without" },
    expire: { type: "string", value: "ID", description: "ends the silence with this id, or with an id that begins so" },
  },
} as const satisfies Command;
type Flags = Values<typeof command.flags>;

/** Alertmanager's API v2: a path and perhaps a body in, JSON out. */
type Api = (method: "GET" | "POST" | "DELETE", path: string, body?: unknown) => Promise<unknown>;

/** What is to be silent; undefined when nothing is added. @throws EngineError with every fault at once */
function wantedOf(values: Flags, environment: Environment, now: Date) {
  const { file, matchers, duration, starts, ends, comment, author } = values;
  if (file === undefined && matchers === undefined) {
    const stray = Object.entries({ duration, starts, ends, comment }).flatMap(([name, value]) =>
      value === undefined ? [] : [name],
    );
    if (stray.length > 0) throw new UsageError(`--${stray.join(", --")} without --matchers: what is to be silent?`);
    return undefined;
  }
  const single = {
    matchers: splitMatchers(matchers ?? ""),
    author: author ?? os.userInfo().username,
    ...Object.fromEntries(
      Object.entries({ duration, starts, ends, comment }).filter(([, value]) => value !== undefined),
    ),
  };
  const result = silencesOf(file === undefined ? { silences: [single] } : read(file), environment, now);
  if ("wanted" in result) return result.wanted;
  const count = result.faults.length === 1 ? "1 fault" : `${result.faults.length} faults`;
  const shown = result.faults.map((fault) => (file === undefined ? { ...fault, key: flagOf(fault.key) } : fault));
  throw new EngineError(`${file ?? "the command line"} has ${count}; nothing was silenced:\n${faultLines(shown)}`);
}

const flagOf = (key: string) => {
  const [, name = "duration"] = /^silences\[0\]\.(\w+)/.exec(key) ?? [];
  return `--${name}`;
};

/** Commas in quotes are part of a value. */
const splitMatchers = (text: string) =>
  (text.replace(/^\s*\{(.*)\}\s*$/s, "$1").match(/(?:"(?:[^"\\]|\\.)*"|[^,"])+/g) ?? []).map((each) => each.trim());

function read(file: string): unknown {
  try {
    return parseYaml(fs.readFileSync(file, "utf8"));
  } catch (error) {
    throw new EngineError(`${file} is not readable`, {
      reason: messageOf(error),
      fix: "a YAML file with a list silences",
    });
  }
}

async function connect(values: Flags, environment: Environment): Promise<Api> {
  const existing = environment.systems.alertmanager.existingUrl;
  const url = values.url ?? (isDeployed(environment, "alertmanager") ? undefined : existing);
  if (url !== undefined) return direct(url);
  if (urlOf(environment, "alertmanager") === undefined) {
    throw new EngineError(`environment "${values.env}" has no Alertmanager`, { fix: "the stage alerts, or --url" });
  }
  const target = await resolveTarget(requestedTarget(command, values), values.env, {
    prepare: false,
    progress: () => undefined,
  });
  const { namespace } = readEnvironment(values.env, target.settings);
  const base = `/api/v1/namespaces/${namespace}/services/alertmanager:${portOf(environment, "alertmanager")}/proxy/api/v2`;
  return async (method, path, body) => {
    const { status, text } = await target.cluster.request(
      method,
      `${base}/${path}`,
      body === undefined ? {} : { body },
    );
    return answerOf(status, text);
  };
}

const direct =
  (url: string): Api =>
  async (method, path, body) => {
    const init =
      body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
    const answer = await fetch(`${url.replace(/\/$/, "")}/api/v2/${path}`, { method, ...init }).catch(
      (error: unknown) => {
        throw new EngineError(`no Alertmanager answers at ${url}`, {
          reason: messageOf((error as Error).cause ?? error),
        });
      },
    );
    return answerOf(answer.status, await answer.text());
  };

function answerOf(status: number, text: string): unknown {
  if (status >= 300) throw new EngineError(`Alertmanager refuses: HTTP ${status}`, { reason: text });
  return text === "" ? undefined : (JSON.parse(text) as unknown);
}

function list(there: readonly ExistingSilence[], now: Date): number {
  const current = there.filter(({ status }) => status.state !== "expired");
  if (current.length === 0) console.log("nothing is silenced");
  else {
    const rows = current.map((each) => [
      each.id,
      each.status.state === "active" ? `for ${remaining(each, now)}` : `from ${each.startsAt}`,
      each.matchers.map(matcherText).join(", "),
      each.createdBy,
      each.comment,
    ]);
    console.log(table([["id", "silent", "matchers", "author", "comment"], ...rows]));
  }
  return 0;
}

async function expire(api: Api, there: readonly ExistingSilence[], id: string): Promise<number> {
  const found = there.filter((each) => each.id.startsWith(id));
  const [first] = found.filter(({ status }) => status.state !== "expired");
  if (found.length === 0) throw new EngineError(`there is no silence ${id}`, { fix: `${typed("silence")} lists them` });
  if (found.length > 1) throw new EngineError(`several silences begin with ${id}`, { fix: "the whole id" });
  if (first === undefined) console.log(`expired before: ${id}`);
  else {
    await api("DELETE", `silence/${first.id}`);
    console.log(`expired: ${first.id} ${first.matchers.map(matcherText).join(", ")}`);
  }
  return 0;
}

void runCommand(command, async (values) => {
  const tasks = [values.file, values.matchers, values.expire].filter((task) => task !== undefined);
  if (tasks.length > 1) throw new UsageError(`${typed("silence")} does one thing: --file, --matchers or --expire`);
  const environment = readEnvironment(values.env);
  const now = new Date();
  // What is wrong in the file is said before anybody is asked.
  const wanted = wantedOf(values, environment, now);
  const api = await connect(values, environment);
  const there = (await api("GET", "silences")) as ExistingSilence[];
  if (values.expire !== undefined) return expire(api, there, values.expire);
  if (wanted === undefined) return list(there, now);
  for (const { action, silence, existing } of silenceChanges(wanted, there, now)) {
    const { matchers, startsAt, endsAt, createdBy, comment } = silence;
    const body = { matchers, startsAt, endsAt, createdBy, comment };
    const what = `${silence.matchers.map(matcherText).join(", ")} for ${remaining(existing && action === "keep" ? existing : silence, now)}`;
    if (action === "over") console.log(`over: ${silence.matchers.map(matcherText).join(", ")} ended ${silence.endsAt}`);
    else if (action === "keep") console.log(`unchanged: ${existing?.id ?? ""} ${what}`);
    else {
      const answer = await api("POST", "silences", existing === undefined ? body : { ...body, id: existing.id });
      const { silenceID } = answer as { silenceID: string };
      console.log(`${action === "add" ? "added" : "changed"}: ${silenceID} ${what}`);
    }
  }
  return 0;
});
