import { imagesOf, type Environment, type ImageName, type System, type SystemName } from "../../environment";
import { settingsOf, sections, enabledWith, size } from "../../environment/settings";
import { levels } from "../../alerts/language";
import { page, query, redFrom, row, timeSeries } from "../../dashboards/language";
import { folders } from "../../dashboards/shared";
import { evaluate, exemptionsOf, policyEnvironment } from "../../policies/index";
import { gauge, ownLevels, quantity, source } from "../../signals";
import { planStack, stackEnvironment } from "../../stacks";
import { dnsFlows, workloadEnd, type WorkloadArgs } from "../../stacks/kubernetes";
import { nodeImage } from "../../stacks/shared";
import { image } from "../../stacks/system";
import { composition } from "../../stacks/systems";
import { render } from "../../tools/render/files";
import { resourcesOf } from "./support";

/** A system as its folder would have it: nothing of the product knows of it but the list that it is put into. */
const name = "toy" as SystemName;
const toyMetrics = source(
  { name: "toy", jobs: ["toy"], targetLabels: ["cluster", "job", "instance", "namespace", "pod"] },
  { toy_blocks: gauge("count", [], "Blocks that are piled up") },
);
const settings = settingsOf(sections(["flags"]));
const toyThresholds = { toyHeight: { warning: quantity(9, "count") } } as const;
const blocks = toyMetrics.toy_blocks.where({ job: "toy" });

const toy: System = {
  name,
  purpose: "piles blocks up",
  stages: ["metrics"],
  port: 7777,
  images: { toy: { repository: "docker.io/toys/toy", tag: "v1.2.3" } },
  settings,
  defaults: { settings: { all: enabledWith(1, size("10m", "16Mi")), prod: { replicas: 2 } } },
  sizing: ({ load }) => [
    {
      key: "systems.toy.replicas",
      value: load.samples.perSecond > 1e5 ? 5 : 1,
      reason: "a block for each sample",
      source: "a test",
    },
  ],
  rules: [
    ({ systems }) => (toyOf(systems).replicas > 7 ? [{ key: "observability:systems.toy", reason: "falls over" }] : []),
  ],
  exemptions: [
    {
      policy: "images-from-known-publishers",
      resource: "Deployment toy",
      subjects: ["container toy"],
      reason: "nobody else makes toys",
      granted: "2026-11-30",
      expires: "2027-11-30",
    },
  ],
  metrics: [toyMetrics],
  thresholds: toyThresholds,
  page: () =>
    page(toyThresholds, ({ toyHeight }) => ({
      uid: "toy",
      title: "Toy",
      description: "Blocks.",
      folder: folders.stack,
      variables: [],
      rows: [
        row("Blocks", [
          timeSeries("Blocks", "How many are piled up.", [query(blocks, "{{pod}}")], {
            thresholds: redFrom(toyHeight.warning),
          }),
        ]),
      ],
    })),
  alerts: {
    name: "toy",
    needs: [name],
    alerts: (_, thresholds) => [
      levels({
        name: "ToyFallsOver",
        component: "toy",
        dashboard: "toy",
        value: blocks,
        above: ownLevels(toyThresholds, thresholds).toyHeight,
        for: "5m",
        summary: ({ pod }) => `${pod} is about to fall over.`,
        description: (_labels, value) => `${value} blocks are piled up.`,
      }),
    ],
  },
  runbooks: { ToyFallsOver: "# ToyFallsOver\n\n**Means** Blocks stand on blocks.\n\n**Mend** Take one away.\n" },
  plan: (environment) => {
    const { replicas, resources } = toyOf(environment.systems);
    const { image: reference, version } = image(environment, "toy" as ImageName);
    const args: WorkloadArgs = {
      system: name,
      component: "server",
      kind: "Deployment",
      namespace: environment.namespace,
      image: reference,
      version,
      args: [],
      ports: { http: { port: 7777 } },
      readiness: { path: "/ready", port: "http" },
      replicas,
      resources,
      user: 65534,
      gracePeriod: 10,
    };
    const { namespace } = environment;
    return {
      name,
      version,
      workloads: [args],
      objects: [],
      secrets: [],
      config: { "flags.yaml": "{}\n" },
      flows: dnsFlows(workloadEnd(args)),
      scrapeJobs: [{ job: "toy", namespace, system: name, component: "server", port: "http", number: 7777 }],
    };
  },
};

const toyOf = (systems: Environment["systems"]) => systems[name];
const withToy = { ...composition, systems: [...composition.systems, toy] };
const environmentOf = (values: Record<string, unknown> = {}) =>
  stackEnvironment("local", values, { composition: withToy });
const rendered = render({ environment: environmentOf(), outputs: {}, resources: [] });
const file = (path: string) => rendered.files[path] ?? "";

test("its workload is deployed, in the namespace's quota, behind its own network policy", () => {
  const system = planStack(environmentOf()).systems.find((each) => each.name === name);
  expect(system?.rendered.map(({ kind }) => kind).sort()).toEqual(
    ["Deployment", "NetworkPolicy", "Service", "ServiceAccount"].sort(),
  );
  expect(rendered.sizing.quota.consumers.map((each) => each.name)).toContain("toy");
});

test("its image is pinned, comes from the mirror, and can be overridden by its name", () => {
  const runs = (images: object) =>
    planStack(environmentOf({ images })).systems.flatMap(({ name: each, workloads }) =>
      each === name ? workloads.map((workload) => workload.image) : [],
    );
  expect(runs({})).toEqual(["docker.io/toys/toy:v1.2.3"]);
  expect(runs({ mirror: "registry.example.com/mirror" })).toEqual(["registry.example.com/mirror/toys/toy:v1.2.3"]);
  expect(runs({ overrides: { toy: "registry.example.com/toy:1.3" } })).toEqual(["registry.example.com/toy:1.3"]);
  expect(() => environmentOf({ images: { overrides: { toys: "registry.example.com/toy:1.3" } } })).toThrow(
    'did you mean "toy"?',
  );
});

test("two systems can share an image, and cannot mean two by one name", () => {
  const withNode = (tag: string) => {
    const images = { node: { repository: nodeImage.repository, tag } };
    return imagesOf({ ...composition, systems: [...composition.systems, { ...toy, images }] });
  };
  expect(withNode(nodeImage.tag).node).toEqual(nodeImage);
  expect(() => withNode("24.0.0")).toThrow(
    `the image node is ${nodeImage.repository}:${nodeImage.tag} and ${nodeImage.repository}:24.0.0`,
  );
});

test("its exemption counts for it until it ends, and for nothing else", () => {
  const environment = environmentOf();
  const judged = (systems: readonly System[], today: string) =>
    evaluate(resourcesOf(environment), {
      environment: policyEnvironment(environment),
      today,
      exemptions: exemptionsOf({ ...withToy, systems }),
    });
  const { violations, exempted } = judged(withToy.systems, "2027-11-30");
  const reasons = exempted.map(({ resource, exemption }) => `${resource}: ${exemption.reason}`);
  expect(violations.filter(({ resource }) => resource.includes("toy"))).toEqual([]);
  expect(reasons).toContain("Deployment observability/toy: nobody else makes toys");
  for (const without of [judged(composition.systems, "2027-11-30"), judged(withToy.systems, "2027-12-01")]) {
    const refused = without.violations.filter(({ policy }) => policy === "images-from-known-publishers");
    expect(refused.map(({ resource }) => resource)).toEqual(["Deployment observability/toy"]);
  }
});

test("it is scraped, and missed when it is gone", () => {
  expect(file("config/prometheus/prometheus.yml")).toContain("job_name: toy");
  expect(file("rules/prometheus/stack.yaml")).toContain('absent(up{job="toy"} == 1)');
});

test("it has its page and its alerts", () => {
  expect(Object.keys(rendered.files).filter((path) => path.endsWith("/toy.json"))).toHaveLength(1);
  expect(file("rules/prometheus/toy.yaml")).toContain("alert: ToyFallsOver");
});

test("its alert leads to its runbook, a page of Grafana with what fires it, whose name nobody else can take", () => {
  const environment = environmentOf({ domain: "example.com" });
  const { files } = render({ environment, outputs: {}, resources: [] });
  expect(files["rules/prometheus/toy.yaml"]).toContain(
    "runbook_url: https://grafana.example.com/d/runbook-ToyFallsOver",
  );
  const grafana = planStack(environment).systems.find((each) => each.name === "grafana");
  const maps = grafana?.rendered.filter(({ metadata }) => metadata?.name?.startsWith("grafana-dashboards-runbooks"));
  expect(JSON.stringify(maps)).toMatch(/Take one away.*toy_blocks.*> 9/s);
  const pack = { name: "blocks", runbooks: { ToyFallsOver: "Ours." } };
  expect(() => stackEnvironment("local", {}, { composition: withToy, packs: [pack] })).toThrow(
    "this runbook belongs to several: system toy, pack blocks",
  );
});

test("its alert fires, and its page is red, from the threshold that it brings or that an environment writes", () => {
  const environment = environmentOf({ alerting: { thresholds: { toyHeight: { warning: 4 } } } });
  const tuned = render({ environment, outputs: {}, resources: [] }).files;
  const page = Object.keys(tuned).find((path) => path.endsWith("/toy.json")) ?? "";
  for (const [files, level] of [[rendered.files, 9] as const, [tuned, 4] as const]) {
    expect(files["rules/prometheus/toy.yaml"]).toContain(`> ${level}\n`);
    expect(files[page]).toMatch(new RegExp(`"value": ?${level},\\s*"color": ?"red"`));
  }
  expect(() => environmentOf({ alerting: { thresholds: { toyHigh: { warning: 4 } } } })).toThrow(
    'did you mean "toyHeight"?',
  );
});

test("it has its row in the report, with its version, its size and what it is for", () => {
  const [row] = rendered.summary.systems.filter((each) => each.name === "toy");
  expect(row).toMatchObject({ version: "1.2.3", replicas: 1, purpose: "piles blocks up" });
  expect(file("report.html")).toContain("piles blocks up");
});

test("its keys are read as strictly as all others, its defaults can be overridden, a load sizes it", () => {
  expect(toyOf(environmentOf({ systems: { toy: { replicas: 3 } } }).systems).replicas).toBe(3);
  expect(toyOf(environmentOf({ load: { samples: "200k samples/s" } }).systems).replicas).toBe(5);
  expect(() => environmentOf({ systems: { toy: { replicsa: 3 } } })).toThrow('did you mean "replicas"?');
  expect(() => environmentOf({ systems: { toy: { replicas: 8 } } })).toThrow("falls over");
  expect(() => environmentOf({ alerting: { alerts: { ToyFalsOver: {} } } })).toThrow('did you mean "ToyFallsOver"?');
});

test("switched off, nothing of it is left", () => {
  const off = planStack(environmentOf({ systems: { toy: { enabled: false } } }));
  expect(JSON.stringify(off.systems)).not.toContain("toy");
});
