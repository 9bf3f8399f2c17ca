import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { agentRoles, calls, rolePort, roles } from "../../examples/phoenix/roles";
import { parseFaults } from "../../examples/phoenix/faults";
import { phoenixAgents } from "../../stacks/phoenix/settings";
import { bundled, phoenixBundle } from "../../stacks/phoenix/bundle";
import { isWorkload } from "../../stacks/kubernetes";
import { dev, local, planOf, podsOf, prod, withoutDashboards } from "./support";

/** What the API server stores of a ConfigMap at most, in bytes. */
const CONFIG_MAP_LIMIT = 1024 * 1024;

const environmentOf = (phoenix: object) => local({ ...withoutDashboards, systems: { phoenix } });
const variables = (phoenix: object) => {
  const [pod] = Object.values(podsOf(environmentOf(phoenix), "phoenix"));
  return Object.fromEntries((pod?.containers[0]?.env ?? []).map(({ name, value }) => [name, value]));
};

test("the demo runs in local and nowhere else", () => {
  const runs = [local, dev, prod].map((make) =>
    planOf(make(withoutDashboards)).systems.some(({ name }) => name === "phoenix"),
  );
  expect(runs).toEqual([true, false, false]);
});

test("one pod for each role, all of one program", () => {
  const pods = podsOf(environmentOf({}), "phoenix");
  expect(Object.keys(pods)).toEqual(roles.map((role) => `phoenix-${role}`));
  const programs = Object.values(pods).flatMap(({ volumes = [] }) => volumes.map(({ configMap }) => configMap?.name));
  expect(new Set(programs).size).toBe(1);
});

test("switched off, not even its namespace is left", () => {
  const plan = planOf(environmentOf({ enabled: false }));
  expect(JSON.stringify([plan.namespaces, plan.flows])).not.toContain("phoenix");
});

test("nobody but its own roles may reach it", () => {
  const flows = planOf(environmentOf({})).flows.filter(({ to }) => isWorkload(to) && to.system === "phoenix");
  expect(flows).toHaveLength(calls.length);
  for (const { from } of flows) expect(isWorkload(from) && from.system).toBe("phoenix");
});

test("its roles listen on different ports, so that they also run on one machine", () => {
  expect(new Set(Object.values(rolePort)).size).toBe(roles.length);
});

test("load and faults of the environment are what the program reads", () => {
  const faults = { errors: 0.1, latency: "700ms", load: 3, misses: 0.5, down: ["git"] };
  const found = variables({ load: { plansPerSecond: 2.5 }, faults });
  expect(found["PHOENIX_PLANS_PER_SECOND"]).toBe("2.5");
  expect(parseFaults(JSON.parse(found["PHOENIX_FAULTS"] ?? "")).faults).toEqual({ ...faults, latency: 0.7 });
});

test("obeys the limits of spans that the environment states", () => {
  const limits = { spansPerSecond: "200 spans/s", attributes: 32, events: 16, links: 8 };
  const env = podsOf(local({ ...withoutDashboards, sampling: { limits } }), "phoenix");
  const [pod] = Object.values(env);
  const found = Object.fromEntries((pod?.containers[0]?.env ?? []).map(({ name, value }) => [name, value]));
  expect(found).toMatchObject({
    PHOENIX_SPANS_PER_SECOND: "200",
    OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: "32",
    OTEL_SPAN_EVENT_COUNT_LIMIT: "16",
    OTEL_SPAN_LINK_COUNT_LIMIT: "8",
  });
});

test("without a Collector it has nowhere to send to, and sends nothing", () => {
  const environment = local({ ...withoutDashboards, systems: { collector: { enabled: false } } });
  const [pod] = Object.values(podsOf(environment, "phoenix"));
  expect(pod?.containers[0]?.env?.map(({ name }) => name)).not.toContain("OTEL_EXPORTER_OTLP_ENDPOINT");
});

test("schema and program know the same agents", () => {
  expect([...phoenixAgents]).toEqual([...agentRoles]);
});

describe("the program", () => {
  const bundle = phoenixBundle();

  test("fits into a ConfigMap with room to spare", () => {
    expect(Buffer.byteLength(JSON.stringify(bundle))).toBeLessThan(CONFIG_MAP_LIMIT / 2);
  });

  test("names no path of the machine that built it", () => {
    expect(bundle).not.toContain(process.cwd());
    expect(bundle).not.toMatch(/"[^"\n]*\.\.\/node_modules\//);
  });

  test("is the same bytes where the packages are a link", () => {
    const root = process.cwd();
    const folder = mkdtempSync(join(tmpdir(), "linked-"));
    try {
      for (const part of ["examples", "emission", "environment", "signals", "package.json", "tsconfig.json"])
        cpSync(join(root, part), join(folder, part), { recursive: true });
      symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
      expect(bundled(folder, "examples/phoenix/main.ts", join(folder, "kept")) === bundle).toBe(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("a bundle that is kept", () => {
  const folder = mkdtempSync(join(tmpdir(), "bundle-"));
  const cache = join(folder, "cache", "kept");
  const source = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const bundle = (kept = cache) => bundled(folder, "main.ts", kept);
  beforeAll(() => {
    source("main.ts", 'import { word } from "./word";\nconsole.log(word);\n');
    source("word.ts", 'export const word = "first";\n');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("is taken as it is while its sources stay, and built anew when one of them changes", () => {
    const first = bundle();
    expect(first).toContain('"first"');
    const marked = readFileSync(cache, "utf8").replace("first", "kept!");
    writeFileSync(cache, marked);
    expect(bundle()).toContain('"kept!"');
    source("word.ts", 'export const word = "second";\n');
    expect(bundle()).toContain('"second"');
  });

  test("is the same bytes wherever it is built, and built where nothing can be kept", () => {
    source("notes.txt", "no folder");
    const again = bundle(join(folder, "notes.txt", "kept"));
    expect(again === bundle()).toBe(true);
  });

  test("half a file is no bundle", () => {
    writeFileSync(cache, readFileSync(cache, "utf8").slice(0, 20));
    expect(bundle()).toContain('"second"');
  });
});
