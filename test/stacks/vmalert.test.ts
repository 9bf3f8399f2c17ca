import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { prometheusRules, vmalertRules } from "../../alerts";
import { isDeployed, type Environment } from "../../environment";
import { isWorkload } from "../../stacks/kubernetes";
import { evaluators, vmalertFlags } from "../../stacks/vmalert/config";
import { run, temporaryFolder } from "../alerts/support/promtool";
import { testWith } from "../support/programs";
import { dev, local, ofKind, objectsOf, planOf, prod, withoutDashboards } from "./support";

/** Flags of the one that evaluates what Prometheus would. */
function flagsOf(environment: Environment): Record<string, unknown> {
  const [server] = evaluators(environment, []);
  if (server === undefined) throw new Error("there is no store to evaluate on");
  return vmalertFlags(environment, server.store);
}

const of = (environment: ReturnType<typeof local>) =>
  planOf(environment).systems.find(({ name }) => name === "vmalert");

test.each([
  ["2h", "1d", true],
  ["6h", "1d", true],
  ["1d", "1d", false],
  ["1d", "2d", false],
  ["1d", "3d", true],
  ["2d", "30d", true],
  ["3d", "90d", false],
])(
  "Prometheus keeps %s, the store %s: vmalert is deployed when there are rules for it, and only then",
  (prometheus, metrics, deployed) => {
    const environment = local({ ...withoutDashboards, retention: { prometheus, metrics } });
    expect(Object.keys(vmalertRules(environment)).length > 0).toBe(deployed);
    expect(isDeployed(environment, "vmalert")).toBe(deployed);
    expect(of(environment) !== undefined).toBe(deployed);
  },
);

test("of a sharded Prometheus it evaluates everything that looks at several targets", () => {
  const environment = local({
    ...withoutDashboards,
    retention: { prometheus: "3d" },
    systems: { prometheus: { shards: 2 } },
  });
  expect(isDeployed(environment, "vmalert")).toBe(true);
  expect(Object.keys(of(environment)?.config ?? {})).toEqual(
    expect.arrayContaining(["rules/recording.yaml", "rules/hosts.yaml", "rules/slos.yaml"]),
  );
  expect(isDeployed(local({ ...withoutDashboards, retention: { prometheus: "3d" } }), "vmalert")).toBe(false);
});

describe("with shards and several tiers", () => {
  const environment = prod({ ...withoutDashboards, systems: { prometheus: { shards: 2 } } });
  const plan = of(environment);
  const filesOf = (component: string) =>
    Object.keys(plan?.workloads.find((each) => each.component === component)?.files?.[0]?.files ?? {});

  test("what looks across shards asks the tier with every sample, long windows the one that keeps them", () => {
    expect(Object.fromEntries(Object.entries(plan?.config ?? {}).filter(([name]) => name.startsWith("flags")))).toEqual(
      {
        "flags.yaml": expect.stringContaining(
          "datasource.url: http://victoriametrics-raw.observability.svc:8428\n",
        ) as string,
        "flags-long.yaml": expect.stringMatching(
          /datasource\.url: http:\/\/victoriametrics\.observability\.svc:8428\n.*queryStep: 10m/s,
        ) as string,
      },
    );
    expect(plan?.config["flags.yaml"]).not.toContain("queryStep");
    for (const flags of ["flags.yaml", "flags-long.yaml"]) {
      // vmagent passes what is recorded on to every tier.
      expect(plan?.config[flags]).toContain("remoteWrite.url: http://vmagent.observability.svc:8429\n");
    }
  });

  test("each of the two has a Watchdog of its own: one that is silent does not hide behind the other", () => {
    const watchdogs = Object.entries(vmalertRules(environment)).flatMap(([file, groups]) =>
      groups
        .flatMap(({ rules }) => rules)
        .flatMap((rule) => ("alert" in rule && rule.alert === "Watchdog" ? [[file, rule.labels["evaluator"]]] : [])),
    );
    expect(watchdogs.sort()).toEqual([
      ["slos-long.yaml", "vmalert-long"],
      ["watchdog.yaml", "vmalert"],
    ]);
  });

  test("each rule is evaluated by one of them, and by no shard", () => {
    expect(filesOf("long")).toEqual(["slos-long.yaml"]);
    expect([...filesOf("server"), ...filesOf("long")].sort()).toEqual(Object.keys(vmalertRules(environment)).sort());
    expect(filesOf("server")).toEqual(expect.arrayContaining(["recording.yaml", "hosts.yaml", "slos.yaml"]));
    expect(Object.keys(prometheusRules(environment))).toEqual(["stack.yaml"]);
  });

  test("each may speak to its own store, and both are scraped as one job", () => {
    const asked = plan?.flows.flatMap(({ from, to, port }) =>
      isWorkload(from) && isWorkload(to) && to.system === "victoriametrics"
        ? [[from.component, to.component, port]]
        : [],
    );
    expect(asked).toEqual([
      ["server", "raw", 8428],
      ["long", "server", 8428],
    ]);
    expect(plan?.scrapeJobs.map(({ job, label }) => [job, label])).toEqual([
      ["vmalert", undefined],
      ["vmalert-long", "vmalert"],
    ]);
  });

  testWith("vmalert", "the real vmalert takes the rules and flags of both", (vmalert) => {
    for (const workload of plan?.workloads ?? []) {
      const folder = temporaryFolder();
      for (const [name, text] of Object.entries(workload.files?.[0]?.files ?? {}))
        writeFileSync(join(folder, name), text);
      const args = workload.args?.map((flag) => flag.replace(/^-rule=.*/, `-rule=${folder}/*.yaml`)) ?? [];
      const { status, output } = run(vmalert, [...args, "-dryRun"], folder);
      expect(status === 0 ? "" : output).toBe("");
      rmSync(folder, { recursive: true });
    }
    expect(plan?.workloads).toHaveLength(2);
  });

  test("a tier that keeps less than Prometheus would leaves the longer windows to the other", () => {
    const windows = (names: readonly string[]) =>
      names.flatMap((name) => [
        ...new Set(
          (vmalertRules(environment)[name] ?? []).flatMap(({ rules }) =>
            rules.flatMap((rule) => ("alert" in rule ? (rule.labels["long"] ?? []) : [])),
          ),
        ),
      ]);
    expect([windows(["slos.yaml"]), windows(["slos-long.yaml"])]).toEqual([["1h", "6h", "1d"], ["3d"]]);
    const short = prod({
      ...withoutDashboards,
      systems: { prometheus: { shards: 2 } },
      retention: {
        prometheus: "7d",
        metrics: [{ keep: "1d" }, { resolution: "5m", keep: "90d" }],
      },
    });
    const long = (vmalertRules(short)["slos-long.yaml"] ?? []).flatMap(({ rules }) =>
      rules.flatMap((rule) => ("alert" in rule ? (rule.labels["long"] ?? []) : [])),
    );
    expect(new Set(long)).toEqual(new Set(["3d"]));
  });
});

test("without a long-term store there is nothing to evaluate on", () => {
  expect(of(local({ ...withoutDashboards, systems: { victoriametrics: { enabled: false } } }))).toBeUndefined();
});

describe("what it is told", () => {
  test("reads from and writes to the store, and its state comes back from there", () => {
    const store = "http://victoriametrics.observability.svc:8428";
    expect(flagsOf(local({}))).toMatchObject({
      "datasource.url": store,
      "remoteWrite.url": store,
      "remoteRead.url": store,
      "external.label": "cluster=local",
      evaluationInterval: "15s",
    });
  });

  test("of several tiers it asks the longest, looks back far enough for a sample, and writes to all", () => {
    expect(flagsOf(dev({}))).toMatchObject({
      "datasource.url": "http://victoriametrics.observability.svc:8428",
      "remoteRead.url": "http://victoriametrics.observability.svc:8428",
      "datasource.queryStep": "10m",
      "remoteWrite.url": "http://vmagent.observability.svc:8429",
    });
  });

  test("of whole stores that are written to one by one, Prometheus fills all: it has one address only", () => {
    const values = flagsOf(local({ systems: { victoriametrics: { replicas: 2 } } }));
    expect(values).toMatchObject({
      "datasource.url": "http://victoriametrics-vmauth.observability.svc:8427",
      "remoteWrite.url": "http://prometheus-0.prometheus-headless.observability.svc:9090",
    });
  });

  test("an alert goes to each replica of Alertmanager: they tell each other what was sent, not what fires", () => {
    expect(flagsOf(local({ systems: { alertmanager: { replicas: 2 } } }))["notifier.url"]).toEqual([
      "http://alertmanager-0.alertmanager-headless.observability.svc:9093",
      "http://alertmanager-1.alertmanager-headless.observability.svc:9093",
    ]);
  });

  test("without Alertmanager it records, and starts nevertheless", () => {
    const values = flagsOf(local({ systems: { alertmanager: { enabled: false } } }));
    expect(values["notifier.blackhole"]).toBe(true);
    expect(values["notifier.url"]).toBeUndefined();
  });

  test("an alert's source is Grafana where people reach it; without Grafana vmalert itself", () => {
    const values = flagsOf(prod({ domain: "example.com" }));
    expect(values["external.url"]).toBe("https://grafana.example.com");
    const source = String(values["external.alert.source"]).replace(/{{.*}}/, encodeURIComponent('"up == 0"'));
    const address = new URL(`https://grafana.example.com/${source}`);
    expect(JSON.parse(address.searchParams.get("panes") ?? "")).toMatchObject({
      a: { datasource: "victoriametrics", queries: [{ expr: "up == 0" }] },
    });
    const alone = flagsOf(local({ systems: { grafana: { enabled: false } } }));
    expect(alone["external.url"]).toBe("http://vmalert.observability.svc:8880");
    expect(alone["external.alert.source"]).toBeUndefined();
  });
});

test("two of them are one to those who listen: no label tells them apart, and the store keeps one sample of two", () => {
  const environment = local({ ...withoutDashboards, systems: { vmalert: { replicas: 2 } } });
  const { workloads = [], config = {} } = of(environment) ?? {};
  expect(workloads).toMatchObject([{ replicas: 2, kind: "Deployment" }]);
  expect(config["flags.yaml"]).not.toMatch(/replica|POD_NAME/);
  const store = planOf(environment).systems.find(({ name }) => name === "victoriametrics");
  expect(store?.config["flags.yaml"]).toContain("dedup.minScrapeInterval: 15s");
  const budgets = ofKind(objectsOf(planOf(environment)), "PodDisruptionBudget").map(({ metadata }) => metadata?.name);
  expect(budgets).toEqual(["vmalert"]);
});

test("it may speak to the store and to Alertmanager, and Prometheus and the store to it", () => {
  const flows = planOf(local(withoutDashboards)).flows.filter(({ from, to }) =>
    [from, to].some((end) => isWorkload(end) && end.system === "vmalert"),
  );
  const ends = flows.map(
    ({ from, to, port }) => [from, to].map((end) => (isWorkload(end) ? end.system : end)).join(" → ") + `:${port}`,
  );
  expect(ends.sort()).toEqual([
    "prometheus → vmalert:8880",
    "victoriametrics → vmalert:8880",
    "vmalert → alertmanager:9093",
    "vmalert → cluster-dns:53",
    "vmalert → cluster-dns:53",
    "vmalert → victoriametrics:8428",
    "vmalert → victoriametrics:8428",
  ]);
});
