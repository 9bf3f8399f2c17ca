import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Environment, SystemName } from "../../environment";
import { configOf, dev, local, prod, withoutDashboards } from "./support";

/** The environments that the page speaks of. */
const environments: Readonly<Record<string, Environment>> = {
  local: local(withoutDashboards),
  dev: dev(withoutDashboards),
  prod: prod(withoutDashboards),
  "prod-2": prod({ ...withoutDashboards, tempo: { majorVersion: "2" }, systems: { tempo: { replicas: 3 } } }),
  "prod-3": prod({ ...withoutDashboards, tempo: { majorVersion: "3" } }),
  phoenix: prod({ ...withoutDashboards, cluster: "phoenix-orch" }),
};

/** Rows of the page's tables: what, in the source, here, where, why not the same. */
const rows = readFileSync(join(__dirname, "../../docs/constants.md"), "utf8")
  .split("\n")
  .filter((line) => line.startsWith("|") && !/^\| *(constant|-)/.test(line))
  .map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

const code = (cell = "") => /^`(.*)`$/.exec(cell)?.[1] ?? "";

/** What stands at a place: environment, system and file, path. */
function rendered(place: string): unknown {
  const [name = "", file = "", path = ""] = place.split(" ");
  const environment = environments[name];
  if (environment === undefined) throw new Error(`${place}: there is no environment ${name}`);
  const [system = "", yaml = ""] = file.split("/");
  return path
    .split(".")
    .reduce<unknown>(
      (inner, key) => (inner as Readonly<Record<string, unknown>> | undefined)?.[key],
      configOf(environment, system as SystemName, yaml),
    );
}

describe("a constant of the requirements", () => {
  it.each(rows)("%s (%s) is what the page says", (_what, _source, here, where) => {
    expect([where, String(rendered(code(where)))]).toEqual([where, code(here)]);
  });

  it.each(rows)("%s (%s) has a reason where it is another", (what, source, here, _where, why = "") => {
    if (source !== code(here)) expect([what, why.length > 20]).toEqual([what, true]);
  });

  it("is on the page, each that the requirements name", () => {
    const values = rows.map(([, source]) => source);
    for (const value of [
      "30m",
      "15m",
      "24h",
      "index_",
      "phoenix-orch",
      "logs-bucket",
      "traces-bucket",
      "tempo",
      "us-west-2",
    ])
      expect(values).toContain(value);
    expect(rows.length).toBeGreaterThan(30);
  });
});
