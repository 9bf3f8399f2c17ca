import type { StatefulSet } from "kubernetes-types/apps/v1";
import { hazards, quotaDuringChange } from "../../stacks/changes";
import { objectLabels } from "../../stacks/kubernetes";
import { prod } from "../environment/support";

const set = (system: string, component: string, replicas: number, storage?: string): StatefulSet => {
  const name = component === "server" ? system : `${system}-${component}`;
  return {
    metadata: { name, namespace: "observability", labels: objectLabels(system, component, "1") },
    spec: {
      replicas,
      selector: {},
      serviceName: name,
      template: {},
      ...(storage === undefined ? {} : { volumeClaimTemplates: [{ spec: { resources: { requests: { storage } } } }] }),
    },
  };
};
const claims = (name: string, ...sizes: string[]) =>
  sizes.map((storage, index) => ({
    metadata: { name: `data-${name}-${index}`, namespace: "observability" },
    spec: { resources: { requests: { storage } } },
  }));

test("nothing is said of what stays, what grows in number, and what is new", () => {
  const before = [set("loki", "server", 3, "20Gi"), set("prometheus", "server", 2, "50Gi")];
  const after = [set("loki", "server", 5, "20Gi"), set("prometheus", "server", 2, "50Gi"), set("tempo", "server", 1)];
  expect(hazards(before, after, claims("loki", "20Gi", "20Gi", "20Gi"))).toEqual([]);
});

describe("volumes", () => {
  test("don't shrink", () =>
    expect(
      hazards([set("loki", "server", 3, "20Gi")], [set("loki", "server", 3, "10Gi")], claims("loki", "20Gi")),
    ).toEqual([
      {
        where: "StatefulSet observability/loki",
        what: "volume 20Gi → 10Gi",
        why: "a claim can't shrink",
        wayOut: "keep 20Gi; or move the data to a new claim and delete this one",
      },
    ]));

  test("grow by their claims first", () => {
    const [before, after] = [[set("loki", "server", 2, "20Gi")], [set("loki", "server", 2, "30Gi")]];
    // Claims of other workloads whose name begins the same are not Loki's.
    const others = claims("loki-ingester", "20Gi");
    expect(hazards(before, after, [...claims("loki", "30Gi", "20Gi"), ...others])).toEqual([
      {
        where: "StatefulSet observability/loki",
        what: "volume 20Gi → 30Gi",
        why: "the claims that exist keep their size",
        wayOut: `first: kubectl -n observability patch pvc data-loki-1 -p '{"spec":{"resources":{"requests":{"storage":"30Gi"}}}}' (the storage class has to allow expansion)`,
      },
    ]);
    expect(hazards(before, after, [...claims("loki", "30Gi", "30Gi"), ...others])).toEqual([]);
  });
});

describe("members", () => {
  const change = (system: string, component: string, from: number, to: number) =>
    hazards([set(system, component, from, "20Gi")], [set(system, component, to, "20Gi")], []).map(({ what }) => what);

  test("of VictoriaMetrics' storage stay until their history has passed", () => {
    expect(change("victoriametrics", "vmstorage", 10, 9)).toEqual(["replicas 10 → 9"]);
    expect(change("victoriametrics", "vmstorage", 9, 10)).toEqual([]);
  });

  test.each([
    ["loki", "server"],
    ["loki", "ingester"],
    ["tempo", "ingester"],
  ])("of the ring of %s %s go one at a time", (system, component) => {
    expect(change(system, component, 5, 4)).toEqual([]);
    expect(change(system, component, 5, 3)).toEqual(["replicas 5 → 3"]);
  });

  test("that hold nothing alone go as they like", () => expect(change("collector", "gateway", 6, 1)).toEqual([]));
});

describe("what is taken away", () => {
  const taken = (before: StatefulSet[], after: StatefulSet[]) =>
    hazards(before, after, []).map(({ where, what }) => [where, what]);

  test("a shard of Prometheus", () =>
    expect(
      taken([set("prometheus", "server", 2), set("prometheus", "shard-1", 2)], [set("prometheus", "server", 2)]),
    ).toEqual([["StatefulSet observability/prometheus-shard-1", "is taken away"]]));

  test("VictoriaMetrics' one server for a cluster", () =>
    expect(
      taken([set("victoriametrics", "server", 1, "1Ti")], [set("victoriametrics", "vmstorage", 3, "1Ti")]),
    ).toEqual([["StatefulSet observability/victoriametrics", "is taken away"]]));

  test("a system that was switched off is what somebody wanted", () =>
    expect(taken([set("victoriametrics", "server", 1, "1Ti")], [set("loki", "server", 1)])).toEqual([]));
});

describe("the quota while pods are replaced", () => {
  const hard = (cpu: string, memory: string) => ({
    "requests.cpu": cpu,
    "requests.memory": memory,
    "limits.memory": memory,
    "requests.storage": "1Ti",
  });

  test("is the larger of both when what runs does not fit the new one", () =>
    expect(quotaDuringChange(hard("20", "60Gi"), hard("26", "80Gi"), prod(), hard("10500m", "100Gi"))).toEqual({
      cpu: { request: "26" },
      memory: { request: "100Gi", limit: "100Gi" },
      storage: { limit: "1Ti" },
    }));

  test("is the new one when what runs fits it", () =>
    expect(quotaDuringChange(hard("20", "60Gi"), hard("26", "80Gi"), prod(), hard("30", "61440Mi"))).toBeUndefined());
});
