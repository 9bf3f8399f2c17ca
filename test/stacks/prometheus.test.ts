import { expectedJobs } from "../../alerts/stack";
import { Duration, type Environment } from "../../environment";
import { topology } from "./topologies";
import { configOf, dev, local, podsOf, prod, withoutDashboards } from "./support";

interface ScrapeConfig {
  job_name: string;
  relabel_configs: { target_label?: string; replacement?: string }[];
  [key: string]: unknown;
}
interface Config {
  global: { scrape_interval: string; scrape_timeout: string; external_labels: Record<string, string> };
  storage: { tsdb: { out_of_order_time_window: string; retention: { time: string; size: string } } };
  alerting: { alert_relabel_configs: object[]; alertmanagers: { static_configs: { targets: string[] }[] }[] };
  remote_write: { url: string; write_relabel_configs: object[] }[];
  scrape_configs: ScrapeConfig[];
  [key: string]: unknown;
}
const config = (environment = local(withoutDashboards)) =>
  configOf<Config>(environment, "prometheus", "prometheus.yml");
const job = (of: Config, name: string) => of.scrape_configs.find(({ job_name }) => job_name === name);

const elsewhere = {
  "kube-state-metrics": { existingUrl: "http://kube-state-metrics.monitoring.svc:8080" },
  "node-exporter": { existingUrl: "http://node-exporter.monitoring.svc:9100" },
};

describe("Prometheus", () => {
  test.each([local(withoutDashboards), dev(withoutDashboards), prod(withoutDashboards)])(
    "of $profile takes samples that waited as long as an outage lasts",
    (environment) => {
      const { out_of_order_time_window: window } = config(environment).storage.tsdb;
      expect(Duration.parse(window).seconds).toBeGreaterThan(environment.outage.seconds);
    },
  );

  test.each([
    ["local", local({ ...withoutDashboards, cluster: "laptop", controlPlane: ["etcd", "kube-proxy"] }), "laptop"],
    ["prod", prod({ ...withoutDashboards, cluster: "shop" }), "shop"],
  ])("the cluster's name stands on every target of %s", (_name, environment, cluster) => {
    for (const { job_name, relabel_configs } of config(environment).scrape_configs) {
      expect([job_name, relabel_configs.at(-1)]).toEqual([job_name, { target_label: "cluster", replacement: cluster }]);
    }
  });

  test("its alerts lead to its service: the name of a pod, its default, is nobody's address", () => {
    const [server] = podsOf(local(withoutDashboards), "prometheus")["prometheus"]?.containers ?? [];
    expect(server?.args).toContain("--web.external-url=http://prometheus.observability.svc:9090");
  });

  test.each<[string, () => Environment]>([
    ["local", () => local(withoutDashboards)],
    ["prod, which samples traces and has tiers", () => prod(withoutDashboards)],
    ["two stores behind vmauth", () => topology("small", withoutDashboards)],
    ["parts that run apart, shards", () => topology("medium", withoutDashboards)],
    ["a cluster of VictoriaMetrics", () => topology("large", withoutDashboards)],
    ["only metrics", () => local({ stages: ["metrics"] })],
    ["exporters that exist", () => local({ ...withoutDashboards, systems: elsewhere })],
    ["a control plane", () => local({ ...withoutDashboards, controlPlane: ["etcd", "kube-proxy"] })],
  ])("an alert misses each job of %s whose targets are gone, and no other", (_name, make) => {
    const environment = make();
    const scraped = config(environment).scrape_configs.map(
      ({ job_name, relabel_configs }) =>
        relabel_configs.find(({ target_label }) => target_label === "job")?.replacement ?? job_name,
    );
    // Annotated pods are others' to have or not.
    const others = ["pods"];
    const missed = expectedJobs(environment).map(({ job }) => job);
    expect([...missed].sort()).toEqual([...new Set(scraped)].filter((name) => !others.includes(name)).sort());
  });

  test("every deployed system is scraped, and the cluster itself", () => {
    const jobs = config(prod(withoutDashboards)).scrape_configs.map(({ job_name }) => job_name);
    expect(jobs).toEqual(
      expect.arrayContaining(
        [
          "prometheus",
          "victoriametrics",
          "loki",
          "tempo",
          "alertmanager",
          "node-exporter",
          "kube-state-metrics",
        ].concat(
          ["collector-agent", "collector-gateway", "collector-sampler"],
          ["kubelet", "cadvisor", "apiserver", "coredns", "pods"],
        ),
      ),
    );
    expect(new Set(jobs).size).toBe(jobs.length);
  });

  test("the control plane is scraped only where its ports can be reached", () => {
    expect(job(config(), "etcd")).toBeUndefined();
    expect(job(config(local({ ...withoutDashboards, controlPlane: ["etcd"] })), "etcd")).toMatchObject({
      job_name: "etcd",
    });
  });

  test("a pair looks the same to whoever reads: the replica's label goes neither to the long term nor to alerts", () => {
    const { global, remote_write, alerting } = config(prod(withoutDashboards));
    const [replica, ...others] = Object.keys(global.external_labels).filter((label) => label !== "cluster");
    expect(others).toEqual([]);
    const drop = [{ regex: replica, action: "labeldrop" }];
    expect(remote_write.map(({ write_relabel_configs }) => write_relabel_configs)).toEqual([drop]);
    expect(alerting.alert_relabel_configs).toEqual(drop);
  });

  test("VictoriaMetrics keeps one of a pair's samples, and every sample of a single one", () => {
    const flags = (environment: Parameters<typeof configOf>[0]) =>
      configOf<Record<string, unknown>>(environment, "victoriametrics", "flags-raw.yaml");
    const interval = { ...withoutDashboards, scrapeInterval: "30s" };
    expect(flags(prod(interval))["dedup.minScrapeInterval"]).toBe("30s");
    expect(flags(dev(interval))).not.toHaveProperty(["dedup.minScrapeInterval"]);
  });

  test("every Alertmanager gets every alert: none is behind a load balancer", () => {
    const [alertmanagers] = [config(prod(withoutDashboards)).alerting.alertmanagers];
    expect(alertmanagers.flatMap(({ static_configs }) => static_configs.flatMap(({ targets }) => targets))).toEqual([
      "alertmanager-0.alertmanager-headless.observability.svc:9093",
      "alertmanager-1.alertmanager-headless.observability.svc:9093",
    ]);
  });

  test("a scrape ends before the next begins, also when it is asked for often", () => {
    const of = (scrapeInterval: string) => config(local({ ...withoutDashboards, scrapeInterval })).global;
    expect(of("1m")).toMatchObject({ scrape_interval: "1m", scrape_timeout: "10s" });
    expect(of("5s")).toMatchObject({ scrape_interval: "5s", scrape_timeout: "5s" });
    expect(of("500ms")).toMatchObject({ scrape_interval: "500ms", scrape_timeout: "500ms" });
  });

  test("blocks fill the volume to four fifths at most", () => {
    const environment = local({ ...withoutDashboards, systems: { prometheus: { volume: "10Gi" } } });
    expect(config(environment).storage.tsdb.retention).toEqual({ time: "1d", size: "8192MB" });
  });
});

describe("exporters that exist already", () => {
  const environment = local({
    ...withoutDashboards,
    systems: {
      "kube-state-metrics": { existingUrl: "http://ksm.monitoring.svc:8080" },
      "node-exporter": { existingUrl: "http://node-exporter.monitoring.svc:9200" },
    },
  });

  test("kube-state-metrics is scraped where it is, with the labels it gives", () =>
    expect(job(config(environment), "kube-state-metrics")).toMatchObject({
      scheme: "http",
      metrics_path: "/metrics",
      honor_labels: true,
      static_configs: [{ targets: ["ksm.monitoring.svc:8080"] }],
    }));

  test("node_exporter is scraped on every node, not through a service that answers for any", () =>
    expect(job(config(environment), "node-exporter")).toMatchObject({
      kubernetes_sd_configs: [{ role: "node" }],
      relabel_configs: expect.arrayContaining([
        expect.objectContaining({ target_label: "__address__", replacement: "$1:9200" }),
      ]) as object,
    }));
});
