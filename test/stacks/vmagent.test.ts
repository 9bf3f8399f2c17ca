import { isWorkload } from "../../stacks/kubernetes";
import { configOf, dev, local, planOf, podsOf, prod, withoutDashboards } from "./support";

const flags = (
  environment: Parameters<typeof configOf>[0],
  system: "vmagent" | "victoriametrics",
  file = "flags.yaml",
) => configOf<Record<string, unknown>>(environment, system, file);

describe("vmagent", () => {
  const environment = prod(withoutDashboards);
  const sent = flags(environment, "vmagent");

  test("writes to every store, and only alerts to their history", () => {
    expect(sent["remoteWrite.url"]).toEqual(
      ["-raw", "-1m", "", "-alerts"].map((name) => `http://victoriametrics${name}.observability.svc:8428/api/v1/write`),
    );
    expect(sent["remoteWrite.urlRelabelConfig"]).toEqual(["", "", "", "/etc/vmagent/only-alerts.yaml"]);
    expect(configOf(environment, "vmagent", "only-alerts.yaml")).toEqual([
      { action: "keep", source_labels: ["__name__"], regex: "ALERTS|ALERTS_FOR_STATE" },
    ]);
  });

  test("drops nothing itself: what is late would be dropped with it", () =>
    expect(Object.keys(sent).filter((name) => /dedup|streamAggr/i.test(name))).toEqual([]));

  test("has room for the queue of each store on nine tenths of its volume", () =>
    expect(Number(sent["remoteWrite.maxDiskUsagePerURL"]) * 4).toBeLessThanOrEqual(0.9 * 20 * 2 ** 30));

  test("is what Prometheus writes to, and may reach each store", () => {
    expect(JSON.stringify(configOf(environment, "prometheus", "prometheus.yml"))).toContain(
      "http://vmagent.observability.svc:8429/api/v1/write",
    );
    const ends = planOf(environment).flows.flatMap(({ from, to }) =>
      isWorkload(from) && from.system === "vmagent" && isWorkload(to) ? [to.component] : [],
    );
    expect(ends.sort()).toEqual(["1m", "alerts", "raw", "server"]);
  });

  test("is not there for one store", () => expect(podsOf(local(withoutDashboards), "vmagent")).toEqual({}));
});

describe("a store of metrics", () => {
  const store = (name: string) => flags(dev(withoutDashboards), "victoriametrics", `flags${name}.yaml`);

  test("has the resolution and the retention of its tier", () =>
    expect(
      ["-raw", "-1m", "", "-alerts"].map((name) => [
        store(name)["retentionPeriod"],
        store(name)["dedup.minScrapeInterval"],
      ]),
    ).toEqual([
      ["24h", undefined],
      ["168h", "1m"],
      ["720h", "5m"],
      ["2160h", undefined],
    ]));

  test("can have a size of its own", () => {
    const stores = { raw: { volume: "70Gi" } };
    const environment = dev({ ...withoutDashboards, systems: { victoriametrics: { stores } } });
    const sizes = planOf(environment)
      .systems.filter(({ name }) => name === "victoriametrics")
      .flatMap(({ workloads }) => workloads.map(({ component, volume }) => `${component} ${volume?.size.toString()}`));
    expect(sizes).toEqual(["raw 70Gi", "1m 100Gi", "server 100Gi", "alerts 5Gi"]);
  });

  test("is a job of its own to find, and of one name to read", () => {
    const config = configOf<{ scrape_configs: { job_name: string; relabel_configs: object[] }[] }>(
      dev(withoutDashboards),
      "prometheus",
      "prometheus.yml",
    );
    const [job] = config.scrape_configs.filter(({ job_name }) => job_name === "victoriametrics-1m");
    expect(job?.relabel_configs).toContainEqual({ target_label: "job", replacement: "victoriametrics" });
  });
});

describe("Grafana", () => {
  const sources = (environment: Parameters<typeof configOf>[0]) =>
    configOf<{ datasources: { uid: string; url: string; jsonData: { timeInterval?: string } }[] }>(
      environment,
      "grafana",
      "datasources.yaml",
    ).datasources.filter(({ uid }) => /victoriametrics|alert-history/.test(uid));

  test("has a data source for each tier, with its interval, and one for the history of alerts", () =>
    expect(sources(dev()).map(({ uid, jsonData }) => `${uid} ${jsonData.timeInterval ?? ""}`)).toEqual([
      "victoriametrics 5m",
      "victoriametrics-1m 1m",
      "victoriametrics-raw 15s",
      "alert-history 15s",
    ]));

  test("finds the history of alerts in the one store that there is", () =>
    expect(sources(local()).map(({ uid, url }) => `${uid} ${url}`)).toEqual([
      "victoriametrics http://victoriametrics.observability.svc:8428",
      "alert-history http://victoriametrics.observability.svc:8428",
    ]));
});
