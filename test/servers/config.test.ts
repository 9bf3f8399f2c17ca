import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { metricsStores, type Environment, type SystemName } from "../../environment";
import { flags } from "../../stacks/system";
import { dev, local, prod } from "../environment/support";
import { planOf, withoutDashboards } from "../stacks/support";
import { topologies, topology, type Topology } from "../stacks/topologies";
import { testWith, type TestProgram } from "../support/programs";

/** What a server says of a configuration: nothing when it takes it. */
interface Verdict {
  readonly taken: boolean;
  readonly said: string;
}

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "servers-"))));
afterAll(() => rmSync(folder, { recursive: true }));

type Run = (...args: string[]) => Verdict;

/** A test of what a real server says: see {@link testWith}. */
function withTool(tool: TestProgram, title: string, check: (run: Run) => void): void {
  testWith(tool, title, (path) =>
    check((...args) => {
      const { status, stdout, stderr } = spawnSync(path, args, {
        encoding: "utf8",
        env: { POD_NAME: "pod-0", NODE_NAME: "node" },
      });
      return { taken: status === 0, said: `${stdout}${stderr}` };
    }),
  );
}

/** The Tempo that speaks an environment's majorVersion. */
const tempoOf = ({ tempo }: Environment): TestProgram => (tempo.majorVersion === "2" ? "tempo-2" : "tempo-3");

/** Writes a system's configuration down; paths of the container that the checker looks at become paths in the folder. */
function written(environment: Environment, system: SystemName): (file: string) => string {
  const base = join(folder, `${environment.name}-${system}-${Math.random().toString(36).slice(2)}`);
  const config = planOf(environment).systems.find(({ name }) => name === system)?.config ?? {};
  const put = (name: string, text: string) => {
    mkdirSync(dirname(join(base, name)), { recursive: true });
    writeFileSync(join(base, name), text);
  };
  put("token", "x");
  put("ca.crt", certificate);
  mkdirSync(join(base, "state"), { recursive: true });
  for (const [name, text] of Object.entries(config)) {
    put(
      name,
      text
        .replaceAll("/var/run/secrets/kubernetes.io/serviceaccount", base)
        .replaceAll("/etc/prometheus/rules", join(base, "rules"))
        .replaceAll("/etc/tempo/", `${base}/`)
        .replaceAll("/etc/vmagent/", `${base}/`)
        .replaceAll("/var/lib/otelcol", join(base, "state")),
    );
  }
  return (file) => join(base, file);
}

/** A certificate of nobody: promtool reads the file that `ca_file` names. */
const certificate = `-----BEGIN CERTIFICATE-----
MIIBejCCAR+gAwIBAgIUXirH3Kjhj5yF3ThPXmMkufauEPowCgYIKoZIzj0EAwIw
ETEPMA0GA1UEAwwGbm9ib2R5MCAXDTI2MTEyMTA3NTgxN1oYDzIxMjYxMDI4MDc1
ODE3WjARMQ8wDQYDVQQDDAZub2JvZHkwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
AATn7p5LdnPAmQG5258q9TdWE172QS9BaFs1sphBzqUnUYnSYV+JGlyre43ouCh9
1hJKTxtX+SH8SwZUV/ak743qo1MwUTAdBgNVHQ4EFgQU+1yRT05R2dpp/AymyUZl
Hn7Te+QwHwYDVR0jBBgwFoAU+1yRT05R2dpp/AymyUZlHn7Te+QwDwYDVR0TAQH/
BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEA1+ltcP3bcCahyuQRUkZ61Jrrfy6K
mWg4B2cANWpeCx4CIQDApwj3xtWhNH75SSWqjeCQKQMnbNr8xHdPFYqGzmREXw==
-----END CERTIFICATE-----
`;

const taken = { taken: true };
const variants = { ...withoutDashboards };
const environments: [string, Environment][] = [
  ["local", local(variants)],
  ["dev", dev(variants)],
  ["prod", prod({ ...variants, tempo: { majorVersion: "2" }, systems: { tempo: { replicas: 3 } } })],
  [
    "local with everything that is optional",
    local({
      ...variants,
      scrapeInterval: "1500ms",
      controlPlane: ["etcd", "kube-scheduler", "kube-controller-manager", "kube-proxy"],
      secrets: ["slackUrl", "pagerKey", "genieKey", "mailPassword", "hook"],
      tempo: { majorVersion: "2" },
      sampling: { ratio: 0.25 },
      alerting: {
        watchdogReceiver: "hook",
        receivers: [
          { kind: "slack", name: "chat", channel: "#alerts", urlSecret: "slackUrl" },
          { kind: "pagerduty", name: "pager", routingKeySecret: "pagerKey" },
          { kind: "opsgenie", name: "genie", apiKeySecret: "genieKey" },
          { kind: "webhook", name: "hook", urlSecret: "hook" },
          {
            kind: "email",
            name: "mail",
            to: "a@example.com",
            from: "b@example.com",
            smarthost: "smtp.example.com:587",
            username: "alerts",
            passwordSecret: "mailPassword",
          },
        ],
      },
      systems: {
        "node-exporter": { existingUrl: "http://node-exporter.monitoring.svc:9100" },
        "kube-state-metrics": { existingUrl: "https://ksm.monitoring.svc/prefix" },
      },
    }),
  ],
];

describe.each(environments)("the real servers take what %s renders for them", (_name, environment) => {
  withTool("promtool", "Prometheus", (run) => {
    const file = written(environment, "prometheus");
    expect(run("check", "config", file("prometheus.yml"))).toMatchObject(taken);
  });

  withTool("promtool", "Prometheus' rules", (run) => {
    const file = written(environment, "prometheus");
    const rules = Object.keys(planOf(environment).systems.find(({ name }) => name === "prometheus")?.config ?? {})
      .filter((name) => name.startsWith("rules/"))
      .map(file);
    expect(rules.length).toBeGreaterThan(0);
    expect(run("check", "rules", ...rules)).toMatchObject(taken);
  });

  withTool("loki", "Loki", (run) =>
    expect(run("-verify-config", `-config.file=${written(environment, "loki")("loki.yaml")}`)).toMatchObject(taken),
  );

  withTool(tempoOf(environment), "Tempo", (run) => {
    const file = written(environment, "tempo");
    expect(run("-config.verify", `-config.file=${file("tempo.yaml")}`)).toMatchObject(taken);
  });

  withTool("vmalert", "vmalert", (run) => {
    const file = written(environment, "vmalert");
    const rendered = parse(readFileSync(file("flags.yaml"), "utf8")) as Record<string, unknown>;
    // It would read its real rules, and with them refuse what it can't parse: flags, templates of links, expressions.
    const values = { ...rendered, rule: file("rules/*.yaml"), "rule.validateExpressions": true };
    const verdict = run("-dryRun", ...flags(values, "-"));
    expect(verdict).toMatchObject(taken);
    expect(verdict.said).not.toMatch(/"level":"(warn|error)"/);
  });

  withTool("amtool", "Alertmanager", (run) =>
    expect(run("check-config", written(environment, "alertmanager")("alertmanager.yml"))).toMatchObject(taken),
  );

  withTool("otelcol-contrib", "the Collector, in each of its roles", (run) => {
    const roles = Object.keys(planOf(environment).systems.find(({ name }) => name === "collector")?.config ?? {});
    expect(roles).toEqual(expect.arrayContaining(["agent.yaml", "gateway.yaml"]));
    for (const role of roles) {
      const file = written(environment, "collector")(role);
      expect([role, run("validate", `--config=${file}`)]).toMatchObject([role, taken]);
    }
  });

  withTool("vmagent", "vmagent, where there are several stores", (run) => {
    const config = planOf(environment).systems.find(({ name }) => name === "vmagent")?.config;
    if (config === undefined) return expect(metricsStores(environment)).toHaveLength(1);
    const file = written(environment, "vmagent");
    const values = parse(readFileSync(file("flags.yaml"), "utf8")) as Record<string, unknown>;
    expect(run("-dryRun", ...flags(values, "-"))).toMatchObject(taken);
    writeFileSync(file("only-alerts.yaml"), "- action: keeep");
    expect(run("-dryRun", ...flags(values, "-"))).toMatchObject({ taken: false });
  });
});

describe.each(["2", "3"])("the real server takes Tempo's major version %s", (majorVersion) => {
  const values = { ...variants, tempo: { majorVersion } };
  const cases: [string, Environment][] = [
    ["alone", local(values)],
    ["on AWS", dev(values)],
    ["with one tier of traces on AWS", dev({ ...values, retention: { traces: "14d" } })],
  ];
  if (majorVersion === "2") cases.push(["with replicas", prod({ ...values, systems: { tempo: { replicas: 3 } } })]);
  for (const [title, environment] of cases) {
    withTool(tempoOf(environment), title, (run) => {
      const file = written(environment, "tempo")("tempo.yaml");
      expect(run("-config.verify", `-config.file=${file}`)).toMatchObject(taken);
      writeFileSync(file, `${readFileSync(file, "utf8")}\nno_such_block: {}\n`);
      expect(run("-config.verify", `-config.file=${file}`)).toMatchObject({ taken: false });
    });
  }
});

describe.each(Object.keys(topologies) as Topology[])("the real servers take the parts of %s", (size) => {
  const environment = topology(size, variants);
  const parts = (system: SystemName) =>
    planOf(environment)
      .systems.find(({ name }) => name === system)
      ?.workloads.map(({ args }) => args) ?? [];
  const flagsOf = (args: readonly string[]) => args.filter((each) => !each.startsWith("-config.file="));

  withTool("loki", "Loki, each part", (run) => {
    const file = written(environment, "loki")("loki.yaml");
    const servers = parts("loki").filter((args) => args.some((each) => each.startsWith("-target=")));
    expect(servers.length).toBeGreaterThan(size === "small" ? 0 : 8);
    for (const args of servers) {
      expect([args, run("-verify-config", `-config.file=${file}`, ...flagsOf(args))]).toMatchObject([args, taken]);
    }
  });

  withTool("promtool", "every shard of Prometheus", (run) => {
    const file = written(environment, "prometheus");
    const configs = Object.keys(planOf(environment).systems.find(({ name }) => name === "prometheus")?.config ?? {});
    const shards = configs.filter((each) => each.endsWith(".yml"));
    expect(shards.length).toBeGreaterThan(0);
    for (const name of shards) {
      expect([name, run("check", "config", file(name))]).toMatchObject([name, taken]);
    }
  });

  withTool("vmauth", "vmauth", (run) =>
    expect(run("-dryRun", `-auth.config=${written(environment, "victoriametrics")("auth.yaml")}`)).toMatchObject(taken),
  );

  withTool("otelcol-contrib", "the gateway", (run) => {
    const file = written(environment, "collector")("gateway.yaml");
    expect(run("validate", `--config=${file}`)).toMatchObject(taken);
  });

  withTool(tempoOf(environment), "Tempo, each part", (run) => {
    const file = written(environment, "tempo")("tempo.yaml");
    expect(parts("tempo").length).toBeGreaterThan(0);
    for (const args of parts("tempo")) {
      expect([args, run("-config.verify", `-config.file=${file}`, ...flagsOf(args))]).toMatchObject([args, taken]);
    }
  });
});

describe("a prefix that the schema takes", () => {
  withTool("loki", "is one that Loki takes", (run) => {
    const file = written(local({ ...variants, storage: { prefix: "phoenix-orch-1" } }), "loki");
    expect(run("-verify-config", `-config.file=${file("loki.yaml")}`)).toMatchObject(taken);
  });
});

describe("the real servers refuse what we refuse", () => {
  withTool("loki", "a selector of no stream", (run) => {
    const verify = (selector: string) => {
      const logs = { keep: "7d", streams: [{ selector, priority: 1, keep: "24h" }] };
      const file = written(local({ ...variants, retention: { logs } }), "loki")("loki.yaml");
      return run("-verify-config", `-config.file=${file}`);
    };
    expect(verify('{k8s_namespace_name="audit", level=~"debug|trace"}')).toMatchObject(taken);
    expect(verify('{level=~"("}')).toMatchObject({ taken: false });
  });

  withTool("loki", "logs kept for less than a day", (run) => {
    const config = (period: string) => {
      const limits_config = { retention_stream: [{ selector: '{app="a"}', priority: 1, period }] };
      return written(local({ ...variants, systems: { loki: { config: { limits_config } } } }), "loki")("loki.yaml");
    };
    expect(run("-verify-config", `-config.file=${config("24h")}`)).toMatchObject(taken);
    expect(run("-verify-config", `-config.file=${config("23h")}`)).toMatchObject({
      taken: false,
      said: expect.stringContaining("retention period must be >= 24h") as string,
    });
  });

  withTool("otelcol-contrib", "a pipeline that ends nowhere", (run) => {
    const gateway = { service: { pipelines: { logs: { exporters: ["otlp_http/nowhere"] } } } };
    const environment = local({ ...variants, systems: { collector: { config: { gateway } } } });
    const file = written(environment, "collector")("gateway.yaml");
    expect(run("validate", `--config=${file}`)).toMatchObject({
      taken: false,
      said: expect.stringContaining("otlp_http/nowhere") as string,
    });
  });

  withTool("promtool", "a scrape that takes longer than its interval", (run) => {
    const global = { scrape_timeout: "1h" };
    const file = written(local({ ...variants, systems: { prometheus: { config: { global } } } }), "prometheus");
    expect(run("check", "config", file("prometheus.yml"))).toMatchObject({
      taken: false,
      said: expect.stringContaining("scrape timeout greater than scrape interval") as string,
    });
  });
});
