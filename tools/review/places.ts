import { parse } from "yaml";
import { value } from "./dashboards";
import type { Risk, ValueChange } from "./model";
import { at, record, records, string, type RenderedEnvironment } from "./rendered";

/**
 * Where servers look for what they wrote: bucket, prefix, schema, tenant. None of it moves anything: what lies at the
 * old place is there still, and nobody finds it any more.
 */
export function comparePlaces(before: RenderedEnvironment, after: RenderedEnvironment): ValueChange[] {
  const [old, now] = [placesOf(before), placesOf(after)];
  return [...old].flatMap(([name, from]) => {
    const system = name.split(":")[0] ?? "";
    // A server that goes, or a file that nobody can read, is told elsewhere.
    if (![...now.keys()].some((each) => each.startsWith(`${system}:`))) return [];
    return value(name, from, now.get(name) ?? "", "what was stored before is not found there");
  });
}

export const placeRisks = (changes: readonly ValueChange[]): Risk[] =>
  changes.map(({ name, before, after, note }) => ({
    level: "critical",
    where: name,
    what: `${before || "none"} → ${after || "none"}`,
    why: note,
    security: false,
  }));

const loki = "storage_config.object_store";
const tempo = "storage.trace.s3";

function placesOf({ config }: RenderedEnvironment): Map<string, string> {
  const found = new Map<string, string>();
  const read = (file: string) => record(safely(config[file]));
  const logs = read("loki/loki.yaml");
  if (Object.keys(logs).length > 0) {
    found.set("loki: bucket of logs", string(at(logs, `${loki}.s3.bucket_name`)));
    found.set("loki: endpoint of the bucket", string(at(logs, `${loki}.s3.endpoint`)));
    found.set("loki: prefix in the bucket", string(at(logs, `${loki}.storage_prefix`)));
    // A period that is added is for days to come; one that changes makes its days unreadable.
    for (const { from, ...schema } of records(at(logs, "schema_config.configs")))
      found.set(`loki: schema from ${string(from)}`, JSON.stringify(schema));
  }
  const traces = read("tempo/tempo.yaml");
  if (Object.keys(traces).length > 0) {
    found.set("tempo: bucket of traces", string(at(traces, `${tempo}.bucket`)));
    found.set("tempo: endpoint of the bucket", string(at(traces, `${tempo}.endpoint`)));
    found.set("tempo: prefix in the bucket", string(at(traces, `${tempo}.prefix`)));
  }
  const tenants = Object.entries(config)
    .filter(([file]) => file.startsWith("collector/"))
    .flatMap(([, text]) => [...text.matchAll(/X-Scope-OrgID:\s*["']?([^\s"']+)/gi)].map(([, tenant = ""]) => tenant));
  if (tenants.length > 0) found.set("collector: tenant that it writes for", [...new Set(tenants)].sort().join(", "));
  return found;
}

/** A ref may have broken the file: it is compared as text all the same. */
function safely(text: string | undefined): unknown {
  try {
    return parse(text ?? "");
  } catch {
    return undefined;
  }
}
