import * as fc from "fast-check";
import {
  alertHistory,
  Duration,
  historyLost,
  isDeployed,
  keepings,
  logCountsKept,
  logsKept,
  metricsStores,
  metricsTiers,
  metricsWriter,
  queryLength,
  storeName,
  traceTiers,
  urlOf,
} from "../../environment";
import { dev, local, prod, refusal, validRetention } from "./support";

const only = (work: () => unknown) => refusal(work).split("\n").slice(1).join("\n");
const text = (stores: ReturnType<typeof metricsStores>) =>
  stores.map((store) => `${storeName(store)} ${store.keep.toString()}`);

describe("short forms", () => {
  test("a scalar is one tier, one retention of all streams, one tier of traces", () => {
    const environment = dev({ retention: { metrics: "90d", logs: "14d", traces: "336h" } });
    expect(text(metricsTiers(environment))).toEqual(["victoriametrics 90d"]);
    expect(environment.retention.logs.keep.toString()).toBe("14d");
    expect(traceTiers(environment).map(({ tenant, keep }) => `${tenant} ${keep.toString()}`)).toEqual([
      "single-tenant 14d",
    ]);
  });

  test("a fault in one is told at the key that was written", () =>
    expect(only(() => dev({ retention: { metrics: "soon", logs: 7, traces: "10m" } }))).toBe(
      [
        '  observability:retention.metrics = "soon"\n    is not a duration\n    fix: write for example "15s", "24h", "30d"',
        '  observability:retention.logs = 7\n    is not a duration\n    fix: write for example "15s", "24h", "30d"',
        "  observability:retention.traces = 10m\n    Tempo's blocks are up to half an hour long\n    fix: at least 1h",
      ].join("\n"),
    ));

  test("streams of logs are added to the retention of all", () => {
    const streams = [{ selector: '{level="debug"}', priority: 1, keep: "24h" }];
    const { logs } = dev({ retention: { logs: { streams } } }).retention;
    expect([logs.keep.toString(), logs.streams.map(({ keep }) => keep.toString())]).toEqual(["7d", ["1d"]]);
  });

  test("one form of traces takes the place of the other", () => {
    const two = local({ retention: { traces: { full: "24h", sampled: "7d" } } });
    expect(traceTiers(two).map(({ name, keep }) => `${name} ${keep.toString()}`)).toEqual(["full 1d", "sampled 7d"]);
    expect(traceTiers(dev({ retention: { traces: { keep: "3d" } } })).map(({ name }) => name)).toEqual(["traces"]);
  });
});

describe("stores of metrics", () => {
  test("dev and prod hold the tiers of the requirements, and the history of alerts at full resolution", () => {
    expect(text(metricsStores(dev()))).toEqual([
      "victoriametrics-raw 1d",
      "victoriametrics-1m 7d",
      "victoriametrics 30d",
      "victoriametrics-alerts 90d",
    ]);
    expect(metricsStores(prod()).map(({ resolution }) => resolution?.toString())).toEqual([
      undefined,
      "1m",
      "5m",
      undefined,
    ]);
    expect(alertHistory(dev())?.url).toBe("http://victoriametrics-alerts.observability.svc:8428");
  });

  test("the longest tier is behind the name and the URL of the system", () =>
    expect(metricsTiers(prod()).at(-1)?.url).toBe(urlOf(prod(), "victoriametrics")));

  test("one store needs no vmagent, and holds the alerts too", () => {
    expect(metricsStores(local())).toHaveLength(1);
    expect(isDeployed(local(), "vmagent")).toBe(false);
    expect(metricsWriter(local())).toBe("victoriametrics");
    expect(alertHistory(local())?.component).toBe("server");
    expect(metricsWriter(dev())).toBe("vmagent");
  });

  test("a coarse tier is no history of alerts, however long it is", () => {
    const metrics = [{ keep: "7d" }, { resolution: "5m", keep: "400d" }];
    expect(alertHistory(prod({ retention: { metrics } }))?.name).toBe("alerts");
  });

  test("one that exists is one store, whatever the tiers", () => {
    const environment = dev({ systems: { victoriametrics: { existingUrl: "https://vm.example.com/" } } });
    expect(metricsStores(environment).map(({ url }) => url)).toEqual(["https://vm.example.com"]);
    expect(isDeployed(environment, "vmagent")).toBe(false);
  });

  test("no metrics, no store", () => expect(metricsStores(dev({ stages: ["logs"] }))).toEqual([]));
});

test("lines can be counted for longer than they are kept, where metrics are kept", () => {
  // H2: raw for 7 days, aggregated for 30.
  expect([dev().retention.logs.keep.toString(), logCountsKept(dev())?.toString()]).toEqual(["7d", "30d"]);
  expect(keepings(dev())["log counts"]?.toString()).toBe("30d");
  expect(logCountsKept(dev({ stages: ["logs"] }))).toBeUndefined();
  expect(keepings(dev({ stages: ["metrics"] }))).not.toHaveProperty("log counts");
});

describe("tiers that do not nest", () => {
  const tiers = (...metrics: object[]) => only(() => dev({ retention: { metrics } }));

  test("a second one of every sample", () =>
    expect(tiers({ keep: "1d" }, { keep: "7d" })).toBe(
      '  observability:retention.metrics[1].resolution\n    is missing: only the first tier can keep every sample\n    fix: more than 15s, for example "5m"',
    ));

  test("a finer one after a coarser one, and a shorter one", () =>
    expect(tiers({ resolution: "5m", keep: "30d" }, { resolution: "1m", keep: "7d" })).toBe(
      [
        "  observability:retention.metrics[1].resolution = 1m\n    the tiers do not nest: the one before it keeps a sample each 5m\n    fix: more than 5m, or the tiers in the order of their resolution",
        "  observability:retention.metrics[1].keep = 7d\n    the tiers do not nest: the finer one before it keeps 30d, and all that this one has\n    fix: more than 30d, or one tier less",
      ].join("\n"),
    ));

  test("one that is finer than what is scraped", () =>
    expect(tiers({ resolution: "5s", keep: "1d" })).toBe(
      "  observability:retention.metrics[0].resolution = 5s\n    there is one sample each 15s (scrapeInterval): no tier is finer\n    fix: at least 15s",
    ));

  test("traces of one form and a half", () => {
    expect(only(() => dev({ retention: { traces: { keep: "3d", full: "1d" } } }))).toContain(
      "one tier and two tiers at once",
    );
    expect(only(() => local({ retention: { traces: { full: "1d" } } }))).toContain("of two tiers one is missing");
    expect(only(() => local({ retention: { traces: { full: "7d", sampled: "1d" } } }))).toContain(
      "the full tier keeps every trace for 7d",
    );
  });
});

describe("other faults", () => {
  test("a query that is longer than any log lives", () =>
    expect(only(() => dev({ retention: { maxQueryLength: "30d" } }))).toBe(
      "  observability:retention.maxQueryLength = 30d\n    no log is older than 7d (retention.logs): such a query reads what is gone\n    fix: at most 7d, or take it away",
    ));

  test("several stores and no vmagent of ours", () => {
    expect(only(() => dev({ systems: { vmagent: { enabled: false } } }))).toBe(
      "  observability:systems.vmagent.enabled = false\n    retention.metrics and retention.alerts make 4 stores, and only our vmagent knows them\n    fix: true, or one tier of metrics",
    );
    expect(only(() => local({ systems: { vmagent: { existingUrl: "http://a.b:1" } } }))).toContain(
      "a vmagent that exists does not know the stores of this stack",
    );
  });

  test("the name of no store", () =>
    expect(only(() => dev({ systems: { victoriametrics: { stores: { "five-minutes": {} } } } }))).toBe(
      '  observability:systems.victoriametrics.stores.five-minutes\n    is not the name of a store\n    fix: "raw", "alerts", or the resolution of a tier such as "1m"',
    ));

  test("a tenant whose folder would be that of Loki's index", () =>
    expect(only(() => dev({ tenant: "index" }))).toContain("Loki keeps its index in a folder of this name"));

  test("a selector that Loki would not take", () =>
    expect(
      only(() => dev({ retention: { logs: { streams: [{ selector: "level=debug", priority: 1, keep: "24h" }] } } })),
    ).toContain("is not a stream selector"));
});

describe("history that a change deletes", () => {
  const of = (retention: object) => keepings(dev({ retention }));
  const told = (before: object, after: object) =>
    historyLost(of(before), of(after)).map(
      ({ name, before, after, remains }) => `${name}: ${before.toString()} → ${after?.toString() ?? "–"} (${remains})`,
    );

  test("none where everything is kept as long, or longer", () => {
    expect(told({}, {})).toEqual([]);
    expect(told({ logs: "7d" }, { logs: "30d" })).toEqual([]);
  });

  test("one long tier split into several names what remains of it", () =>
    expect(told({ metrics: "90d" }, { metrics: [{ keep: "1d" }, { resolution: "5m", keep: "90d" }] })).toEqual([
      "metrics: 90d → 1d (one sample each 5m for 90d)",
    ]));

  test("a finer tier is as good as the coarser one that goes", () =>
    expect(told({ metrics: [{ keep: "1d" }, { resolution: "5m", keep: "30d" }] }, { metrics: "30d" })).toEqual([]));

  test("a tier of traces and a stream that are gone", () => {
    const streams = [{ selector: '{a="b"}', priority: 1, keep: "30d" }];
    expect(told({ logs: { streams } }, { logs: "7d" })).toEqual(['logs {a="b"}: 30d → 7d ()']);
    expect(told({ traces: { full: "24h", sampled: "7d" } }, { traces: "7d" })).toEqual(["traces full: 1d → – ()"]);
    expect(told({ traces: "14d" }, { traces: { full: "24h", sampled: "7d" } })).toEqual(["traces: 14d → 7d ()"]);
  });
});

describe("whatever the description", () => {
  test("no query is longer than what is kept, and nothing is kept in no store", () =>
    fc.assert(
      fc.property(validRetention, (retention) => {
        const environment = prod({ retention });
        expect(queryLength(environment).seconds).toBeLessThanOrEqual(logsKept(environment).seconds);
        expect(queryLength(environment).seconds).toBeLessThanOrEqual(Duration.parse("721h").seconds);
        expect(alertHistory(environment)?.keep.seconds).toBeGreaterThanOrEqual(environment.retention.alerts.seconds);
        const names = metricsStores(environment).map(storeName);
        expect(new Set(names).size).toBe(names.length);
        expect(names).toContain("victoriametrics");
      }),
      { numRuns: 60 },
    ));

  test("a change back and forth loses exactly where something is kept shorter", () =>
    fc.assert(
      fc.property(validRetention, validRetention, (before, after) => {
        const [from, to] = [keepings(prod({ retention: before })), keepings(prod({ retention: after }))];
        expect(historyLost(from, from)).toEqual([]);
        for (const { before: kept, after: now } of historyLost(from, to)) {
          expect(now?.seconds ?? 0).toBeLessThan(kept.seconds);
        }
      }),
      { numRuns: 40 },
    ));
});
