import { join } from "node:path";
import { parse, parseAllDocuments } from "yaml";
import { fingerprint, render, type Rendered } from "../../tools/render/files";
import { renderProgram, type Rendering } from "../../tools/render/program";
import { printed } from "../../tools/render/summary";

const root = join(__dirname, "..", "..");
const rendered = async (name: string): Promise<{ rendering: Rendering; result: Rendered }> => {
  const rendering = await renderProgram(root, name);
  return { rendering, result: render(rendering) };
};

describe("local", () => {
  let rendering: Rendering;
  let result: Rendered;
  beforeAll(async () => void ({ rendering, result } = await rendered("local")));

  test("two renderings are the same to the byte", async () => {
    const again = await rendered("local");
    expect(again.result.files).toEqual(result.files);
    expect(fingerprint(again.result.files)).toBe(fingerprint(result.files));
  });

  test("the manifests read back as exactly what the program asked the engine for", () => {
    const read = Object.entries(result.files)
      .filter(([path]) => path.startsWith("manifests/"))
      .flatMap(([, text]) => parseAllDocuments(text).map((document) => document.toJS() as object));
    const asked = rendering.resources
      .map(({ inputs }) => inputs)
      .filter((inputs) => "kind" in inputs && "metadata" in inputs);
    const sorted = (objects: readonly object[]) => objects.map((object) => JSON.stringify(object, deepKeys)).sort();
    expect(read.length).toBeGreaterThan(80);
    expect(sorted(read)).toEqual(sorted(asked));
  });

  test("each server's configuration stands there as its container will see it", () => {
    const documents = parseAllDocuments(result.files["manifests/loki.yaml"] ?? "").map(
      (document) => document.toJS() as { kind: string; data?: Record<string, string> },
    );
    const files = documents.filter(({ kind }) => kind === "ConfigMap").flatMap(({ data }) => Object.values(data ?? {}));
    expect(files).toContain(result.files["config/loki/loki.yaml"]);
  });

  test("every file is YAML, JSON, ini, a page or a template that can be read", () => {
    for (const [path, text] of Object.entries(result.files)) {
      if (path.endsWith(".json")) expect(() => JSON.parse(text) as unknown).not.toThrow();
      else if (path.endsWith(".yaml")) for (const { errors } of parseAllDocuments(text)) expect(errors).toEqual([]);
      else expect(path).toMatch(/\.(ini|yml|html|md|tmpl)$/);
      expect(text.endsWith("\n")).toBe(true);
    }
  });

  test("YAML has no anchors and no folded lines: a diff shows what changed and nothing else", () => {
    const text = result.files["manifests/prometheus.yaml"] ?? "";
    expect(text).not.toMatch(/: [&*]a\d|: >-?$/m);
  });

  test("its files, by name", () => {
    const rest = Object.keys(result.files).filter((path) => !/^(dashboards|rules\/prometheus)\//.test(path));
    expect(rest.sort()).toMatchInlineSnapshot(`
     [
       "config/alertmanager/alertmanager.yml",
       "config/alertmanager/messages.tmpl",
       "config/collector/agent.yaml",
       "config/collector/gateway.yaml",
       "config/grafana/dashboards.yaml",
       "config/grafana/datasources.yaml",
       "config/grafana/grafana.ini",
       "config/kube-state-metrics/flags.yaml",
       "config/loki/loki.yaml",
       "config/node-exporter/flags.yaml",
       "config/phoenix/settings.yaml",
       "config/prometheus/prometheus.yml",
       "config/tempo/tempo.yaml",
       "config/versitygw/flags.yaml",
       "config/victoriametrics/flags.yaml",
       "config/vmalert/flags.yaml",
       "manifests/00-namespaces.yaml",
       "manifests/alertmanager.yaml",
       "manifests/collector.yaml",
       "manifests/grafana.yaml",
       "manifests/kube-state-metrics.yaml",
       "manifests/loki.yaml",
       "manifests/node-exporter.yaml",
       "manifests/phoenix.yaml",
       "manifests/prometheus.yaml",
       "manifests/tempo.yaml",
       "manifests/versitygw.yaml",
       "manifests/victoriametrics.yaml",
       "manifests/vmalert.yaml",
       "pages.json",
       "report.html",
       "rules/loki/log-counts.yaml",
       "rules/loki/logs.yaml",
       "rules/loki/watchdog.yaml",
       "rules/vmalert/slos-long.yaml",
       "rules/vmalert/watchdog.yaml",
       "sizing.json",
       "sizing.md",
       "summary.json",
       "thresholds.json",
     ]
    `);
  });

  test("secrets are placeholders", () => {
    const secrets = Object.entries(result.files)
      .filter(([path]) => path.startsWith("manifests/"))
      .flatMap(([, text]) => parseAllDocuments(text).map((document) => document.toJS() as Record<string, unknown>))
      .filter(({ kind }) => kind === "Secret")
      .map(({ metadata, stringData }) => [(metadata as { name: string }).name, stringData]);
    expect(Object.fromEntries(secrets)).toEqual({
      "grafana-admin": { "admin-user": "admin", "admin-password": "<generated: 24 characters>" },
      "versitygw-root": { "access-key": "<generated: 20 characters>", "secret-key": "<generated: 40 characters>" },
    });
  });

  test("kube-state-metrics, as it gets deployed", () =>
    expect(result.files["manifests/kube-state-metrics.yaml"]).toMatchSnapshot());

  test("what a person reads", () => {
    // Dashboards and rules come and go with their own tests: their numbers are not what this one is about.
    const text = printed(result.summary, result.sizing).replace(
      /\d+ (dashboards|panels|queries|recording rules|alerts|rules|tests)\b/g,
      "N $1",
    );
    expect(text).toMatchInlineSnapshot(`
     "local · cluster local
       system              version         replicas  CPU   memory  disk
       ──────────────────  ──────────────  ────────  ────  ──────  ────
       prometheus          3.16.0          1         100m  256Mi   5Gi
       victoriametrics     1.150.0         1         50m   128Mi   5Gi
       vmalert             1.150.0         1         10m   32Mi    –
       loki                3.7.6           1         50m   192Mi   5Gi
       tempo               3.0.3           1         50m   128Mi   5Gi
       grafana             13.2.3          1         50m   128Mi   1Gi
       alertmanager        0.35.0          1         10m   32Mi    1Gi
       collector-agent     0.160.0         per node  20m   96Mi    –
       collector-gateway   0.160.0         1         50m   128Mi   2Gi
       collector-events    24.11.1-alpine  1         5m    48Mi    –
       node-exporter       1.12.1          per node  10m   24Mi    –
       kube-state-metrics  2.20.0          1         10m   48Mi    –
       versitygw           1.8.0           1         20m   64Mi    20Gi
       phoenix-api         1.0.0           1         5m    32Mi    –
       phoenix-worker      1.0.0           1         5m    32Mi    –
       phoenix-git         1.0.0           1         5m    32Mi    –
       phoenix-llm-router  1.0.0           1         5m    32Mi    –
       phoenix-obsidian    1.0.0           1         5m    32Mi    –
       phoenix-cache       1.0.0           1         5m    32Mi    –
       phoenix-load        1.0.0           1         5m    32Mi    –
       total                                         470m  1528Mi  44Gi
       no load stated; the sizes of local carry 1k samples/s, 15k series, 50kB/s and 100 lines/s of logs, 50 spans/s, 1 user
       prometheus          shards 1, replicas 1, resources 100m CPU, 256Mi–1Gi, volume 5Gi (default)
       victoriametrics     mode single, replicas 1, resources 50m CPU, 128Mi–512Mi, volume 5Gi (default)
       loki                mode single, replicationFactor 1, ingestionRateMb 16, replicas 1, resources 50m CPU, 192Mi–768Mi, volume 5Gi (default)
       tempo               mode single, majorVersion 3, replicas 1, resources 50m CPU, 128Mi–768Mi, volume 5Gi (default)
       grafana             replicas 1, resources 50m CPU, 128Mi–512Mi (default)
       alertmanager        replicas 1 (default)
       collector           replicas 1, resources 50m CPU, 128Mi–512Mi, volume 2Gi (default)
       kube-state-metrics  resources 10m CPU, 48Mi–256Mi (default)
       versitygw           volume 20Gi (default)
       quota               requests.cpu 0.5 of 1, requests.memory 1.4Gi of 2Gi, limits.memory 5.9Gi of 9Gi, requests.storage 44Gi of 62Gi
       cost                about 19 $ a month: CPU and memory 15, volumes 4, S3 storage 0, S3 requests 0, traffic between zones 0 (AWS list prices, on demand, without discounts or taxes, us-west-2, 2025-01)
       Grafana http://grafana.observability.svc:3000 · OTLP collector-gateway.observability.svc:4317 (gRPC), http://collector-gateway.observability.svc:4318 (HTTP)
       retention: prometheus 1d, metrics 7d, alerts 7d, logs 7d, log counts 7d, traces 2d, maxQueryLength 7d
       126 Kubernetes objects, 0 AWS resources, 113 network flows
       N dashboards, N panels, N queries, N recording rules
       N alerts in N rules, 83 runbooks, 0 receivers
       722 metrics catalogued, 99 of them only at times; N queries may be empty, 0 parts of queries are raw"
    `);
  });

  test("nothing about it is wrong", () => expect(result.findings).toEqual([]));
});

describe("prod", () => {
  test("renders its AWS resources as documents, and warns of what is still an example", async () => {
    const { result } = await rendered("prod");
    const aws = Object.keys(result.files).filter((path) => path.startsWith("aws/"));
    expect(aws.length).toBeGreaterThan(3);
    expect(result.findings.map(({ message }) => message)).toEqual([
      "observability:aws.account is the example 123456789012: put in your own",
      'Tempo 3 runs as one replica (more need Kafka); tempo.majorVersion: "2" is highly available',
    ]);
    const { systems } = parse(result.files["summary.json"] ?? "") as { systems: { name: string; disk?: string }[] };
    expect(systems.find(({ name }) => name === "prometheus")?.disk).toBe("100Gi");
  });
});

/** Keys in one order, at every depth. */
function deepKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
