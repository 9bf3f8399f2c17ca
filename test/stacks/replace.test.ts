import { type SystemName } from "../../environment";
import { isWorkload } from "../../stacks/kubernetes";
import { checks } from "../../tools/render/checks";
import { labelsOf, local, objectsOf, planOf, prod, renderedText, withoutDashboards } from "./support";
import { systemNames } from "../../stacks/systems";

const replaceable = systemNames.filter((name) => !["versitygw", "vmagent", "phoenix"].includes(name));

/** The service under which others reach a system. */
const service = (name: SystemName) => (name === "collector" ? "collector-gateway" : name);
/** Runbooks name the usual addresses in their commands; here they are read elsewhere. */
const alerting = { runbooksUrl: "https://runbooks.example.com" };
const off = (name: SystemName, rest = {}) => local({ alerting, ...rest, systems: { [name]: { enabled: false } } });

describe.each(replaceable)("%s switched off", (name) => {
  const environment = off(name);
  const plan = planOf(environment);

  test("is neither deployed nor exposed", () => {
    expect(plan.systems.map((system) => system.name)).not.toContain(name);
    expect(objectsOf(plan).filter((object) => labelsOf(object)["app.kubernetes.io/name"] === name)).toEqual([]);
  });

  test("is spoken to by nobody: no address, no flow, no scrape", () => {
    const host = new RegExp(`\\b${service(name)}(-\\d+\\.[a-z-]+-headless|-headless)?\\.${environment.namespace}`, "g");
    expect(renderedText(environment).match(host)).toBeNull();
    const ends = plan.flows.flatMap(({ from, to }) => [from, to]).filter(isWorkload);
    expect(ends.filter(({ system }) => system === name)).toEqual([]);
  });

  test("leaves parts that fit each other", () => {
    expect(checks(environment, plan, withSecrets(plan)).filter(({ level }) => level === "error")).toEqual([]);
  });
});

/** The objects, with the Secrets that the component makes of the plan's. */
function withSecrets(plan: ReturnType<typeof planOf>) {
  const secrets = plan.systems.flatMap((system) =>
    system.secrets.map(({ name, namespace }) => ({ apiVersion: "v1", kind: "Secret", metadata: { name, namespace } })),
  );
  return [...objectsOf(plan), ...secrets] as ReturnType<typeof objectsOf>;
}

describe.each(replaceable)("%s that exists already", (name) => {
  const existingUrl = `https://${name}.example.com:8443`;
  const environment = local({ alerting, systems: { [name]: { existingUrl } } });
  const plan = planOf(environment);
  const text = renderedText(environment);

  test("is not deployed", () => expect(plan.systems.map((system) => system.name)).not.toContain(name));

  test("our own address of it stands nowhere", () =>
    expect(text).not.toMatch(new RegExp(`\\b${service(name)}(-headless)?\\.${environment.namespace}`)));

  if (name !== "grafana" && name !== "collector") {
    test("is used under its own address, and may be reached there", () => {
      expect(text).toContain(name === "node-exporter" ? "$1:8443" : `${name}.example.com`);
      const ports = plan.flows.filter(({ to }) => to === "existing" || to === "nodes").map(({ port }) => port);
      expect(ports).toContain(8443);
    });
  }

  test("leaves parts that fit each other", () => {
    expect(checks(environment, plan, withSecrets(plan)).filter(({ level }) => level === "error")).toEqual([]);
  });

  test("is gone when it is switched off as well", () => {
    const gone = local({ systems: { [name]: { existingUrl, enabled: false } } });
    expect(renderedText(gone)).not.toContain(`${name}.example.com`);
  });
});

describe("a Tempo that exists already", () => {
  test("may be reached on the port that spans are sent to, not only on that of its API", () => {
    const environment = local({
      ...withoutDashboards,
      systems: { tempo: { existingUrl: "http://tempo.tracing.svc:3200" } },
    });
    const gateway = planOf(environment).systems.find(({ name }) => name === "collector")?.config["gateway.yaml"];
    expect(gateway).toContain("endpoint: tempo.tracing.svc:4317");
    const flow = planOf(environment).flows.find(
      ({ from, to }) => to === "existing" && isWorkload(from) && from.component === "gateway",
    );
    expect(flow).toMatchObject({ port: 4317, why: "traces" });
  });
});

describe("a bucket that exists already", () => {
  test("is used by its name and not made", () => {
    const environment = prod({ ...withoutDashboards, storage: { existingBuckets: { logs: "our-logs" } } });
    const plan = planOf(environment);
    expect(plan.storage.aws?.buckets.map(({ content }) => content)).toEqual(["traces"]);
    expect(plan.systems.find(({ name }) => name === "loki")?.config["loki.yaml"]).toContain("bucket_name: our-logs");
  });
});

describe("each stage alone", () => {
  test.each<[string, SystemName[]]>([
    ["metrics", ["prometheus", "victoriametrics", "collector", "node-exporter", "kube-state-metrics", "phoenix"]],
    ["logs", ["loki", "collector", "versitygw", "phoenix"]],
    ["traces", ["tempo", "collector", "versitygw", "phoenix"]],
    ["alerts", ["prometheus", "alertmanager"]],
    ["dashboards", ["grafana"]],
  ])("%s deploys what it needs, and all of it fits", (stage, systems) => {
    const environment = local({ stages: [stage] });
    const plan = planOf(environment);
    expect(plan.systems.map(({ name }) => name)).toEqual(systems);
    expect(checks(environment, plan, withSecrets(plan)).filter(({ level }) => level === "error")).toEqual([]);
    const absent = replaceable.filter((name) => !systems.includes(name));
    const text = renderedText(environment);
    for (const name of absent) expect(text).not.toMatch(new RegExp(`\\b${service(name)}(-headless)?\\.observability`));
  });
});
