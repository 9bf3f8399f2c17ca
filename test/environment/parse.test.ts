import { deepMerge } from "../../environment";
import { aws, dev, local, prod } from "./support";
import { parseEnvironment } from "../../stacks/environment";
import { systemNames } from "../../stacks/systems";

describe("an environment", () => {
  test("local needs not a single key", () => {
    const { cluster, storage, profile, domain, stages } = local();
    expect({ cluster, kind: storage.kind, profile, domain, stages }).toEqual({
      cluster: "local",
      kind: "in-cluster",
      profile: "local",
      domain: undefined,
      stages: ["metrics", "logs", "traces", "alerts", "dashboards"],
    });
  });

  test("the same input gives an equal environment", () => {
    for (const make of [local, dev, prod]) expect(make()).toEqual(make());
  });

  test("nothing of it can be changed later, at any depth", () => {
    const open: string[] = [];
    const visit = (path: string, value: unknown) => {
      if (typeof value !== "object" || value === null) return;
      if (!Object.isFrozen(value)) open.push(path);
      // What it is made of is code, and no value.
      for (const [key, inner] of Object.entries(value)) if (key !== "composition") visit(`${path}.${key}`, inner);
    };
    visit("prod", prod({ systems: { loki: { config: { limits_config: { volume_enabled: false } } } } }));
    expect(open).toEqual([]);
  });

  test("what was given stays as it was: neither changed nor frozen", () => {
    const values = { systems: { loki: { config: { limits_config: { volume_enabled: false } } } }, aws };
    const before = structuredClone(values);
    local(values);
    expect(values).toEqual(before);
    expect(Object.isFrozen(values.systems.loki.config.limits_config)).toBe(false);
  });

  test("a stack of any name takes the profile that it names", () => {
    const { name, profile, storage } = parseEnvironment("shop-eu", {
      profile: "prod",
      cluster: "shop",
      aws,
      alerting: { receivers: [{ kind: "webhook", name: "a", url: "https://example.com" }] },
    });
    expect({ name, profile, protect: storage.protect }).toEqual({ name: "shop-eu", profile: "prod", protect: true });
  });

  test("a single key overrides a default and leaves its neighbours", () => {
    const { retention } = local({ retention: { logs: "3d" } });
    expect(retention.logs.keep.toString()).toBe("3d");
    expect(retention.metrics).toEqual(local().retention.metrics);
  });

  test("null takes a default away", () => {
    expect(prod().sampling.minimumDuration?.toString()).toBe("10ms");
    expect(prod({ sampling: { minimumDuration: null } }).sampling.minimumDuration).toBeUndefined();
  });

  test("what `pulumi config set --path` writes as a number or text is understood", () => {
    const environment = prod({
      aws: { ...aws, account: 123456789012 },
      tempo: { majorVersion: 2 },
      sampling: { ratio: "0.5" },
    });
    expect(environment.aws?.account).toBe("123456789012");
    expect(environment.tempo.majorVersion).toBe("2");
    expect(environment.sampling.ratio).toBe(0.5);
  });

  test("each system has resources in each profile", () => {
    for (const make of [local, dev, prod]) {
      for (const name of systemNames) {
        const { requests, limits } = make().systems[name].resources;
        expect(limits.memory.bytes).toBeGreaterThanOrEqual(requests.memory.bytes);
      }
    }
  });
});

describe("laying one configuration over another", () => {
  test("objects merge, lists and scalars are replaced, null takes away, undefined is nothing", () => {
    const base = { a: { b: 1, c: 2 }, list: [1, 2], gone: true, kept: 1 };
    expect(deepMerge(base, { a: { b: 3 }, list: [9], gone: null, kept: undefined, fresh: {} })).toEqual({
      a: { b: 3, c: 2 },
      list: [9],
      kept: 1,
      fresh: {},
    });
  });

  test("neither side is changed", () => {
    const base = { a: { b: 1 } };
    deepMerge(base, { a: { b: 2, c: 3 } });
    expect(base).toEqual({ a: { b: 1 } });
  });
});
