import { stringify } from "yaml";
import { readAlertmanager } from "../../tools/report/routing";
import { readRules } from "../../tools/report/rules";
import { alertRisks } from "../../tools/review/alerts";
import { isUnchanged, type EnvironmentReview } from "../../tools/review/model";
import { compare } from "../../tools/review/compare";
import type { RenderedEnvironment } from "../../tools/review/rendered";
import { lokiFile, panel, read, reviewOf, small, tempoFile, type Small } from "./pair";

const risks = ({ risks }: EnvironmentReview) => risks.map(({ level, where, what }) => `${level}: ${where} ${what}`);

type Workload = {
  spec: {
    serviceName: string;
    selector: { matchLabels: Record<string, string> };
    template: { spec: Record<string, unknown> & { containers: Record<string, unknown>[]; volumes: unknown[] } };
    volumeClaimTemplates: { spec: { resources: { requests: { storage: string } } } }[];
  };
};
const workload = ({ objects }: Small) => objects["workload"] as unknown as Workload;

test("the same twice is no change at all", () => {
  const review = reviewOf(() => undefined);
  expect(isUnchanged(review)).toBe(true);
});

describe("dashboards", () => {
  const logs = (environment: Small) => environment.dashboards["logs"] ?? fail();
  const fail = (): never => {
    throw new Error("the small environment has a dashboard");
  };

  test("a panel put above others is added, and the others have not moved", () => {
    const { dashboards } = reviewOf((environment) => {
      const board = logs(environment);
      for (const each of board.panels) each.gridPos.y += 8;
      board.panels.unshift(panel(3, "New", 0, 0, "up"));
    });
    expect(dashboards[0]?.panels.map(({ mark, title }) => `${mark} ${title}`)).toEqual(["added New"]);
  });

  test("two panels that change places have both moved", () => {
    const { dashboards } = reviewOf((environment) => {
      const [first, second] = logs(environment).panels;
      if (!first || !second) return;
      [first.gridPos, second.gridPos] = [second.gridPos, first.gridPos];
    });
    expect(dashboards[0]?.panels.map(({ mark }) => mark)).toEqual(["moved", "moved"]);
  });

  test("a changed query shows the words that differ, and nothing else of the panel", () => {
    const { dashboards } = reviewOf((environment) => {
      const target = logs(environment).panels[0]?.targets[0];
      if (target) target.expr = target.expr.replace("5m", "1h");
    });
    const [change] = dashboards[0]?.panels ?? [];
    expect(change?.mark).toBe("changed");
    expect(change?.values).toEqual([]);
    expect(change?.queries[0]?.edits.filter(({ kind }) => kind !== "same")).toEqual([
      { kind: "removed", text: "5m" },
      { kind: "added", text: "1h" },
    ]);
  });

  test("unit, thresholds and a removed panel are named", () => {
    const { dashboards } = reviewOf((environment) => {
      const { panels } = logs(environment);
      panels.pop();
      const defaults = panels[0]?.fieldConfig.defaults;
      if (!defaults) return;
      defaults.unit = "s";
      defaults.thresholds.steps.push({ value: 0.5, color: "red" });
    });
    const all = dashboards[0]?.panels ?? [];
    expect(all.map(({ mark, title }) => `${mark} ${title}`)).toEqual(["changed Lines", "removed Errors"]);
    expect(all[0]?.values).toEqual([
      { name: "unit", before: "reqps", after: "s", note: "" },
      { name: "thresholds", before: "", after: "green, red from 0.5", note: "" },
    ]);
  });

  test("a renamed panel is one change, not one gone and one new", () => {
    const { dashboards } = reviewOf((environment) => {
      const [first] = logs(environment).panels;
      if (first) first.title = "Log lines";
    });
    expect(dashboards[0]?.panels).toMatchObject([
      { mark: "changed", values: [{ name: "title", before: "Lines", after: "Log lines" }] },
    ]);
  });

  test("a variable taken away breaks the queries that use it; a link to nowhere is a risk", () => {
    const review = reviewOf((environment) => {
      const board = logs(environment);
      board["templating"] = { list: [] };
      const [first] = board.panels;
      if (first) first["links"] = [{ url: "/d/nowhere?x" }];
    });
    expect(review.dashboards[0]?.broken).toEqual([
      'panel "Lines" links to the dashboard "nowhere", which is not there',
      'panel "Lines" uses the variable "cluster", which is not there',
      'panel "Errors" uses the variable "cluster", which is not there',
    ]);
    expect(review.risks.filter(({ level }) => level === "medium")).toHaveLength(3);
  });

  test("a page that goes breaks the links of the others", () => {
    const before = small();
    const [first] = logs(before).panels;
    if (first) first["links"] = [{ url: "/d/other" }];
    const after = structuredClone(before);
    before.dashboards["other"] = { ...structuredClone(logs(before)), uid: "other", title: "Other" };
    const review = compare(read(before), read(after));
    expect(review.dashboards.map(({ title, after: now, broken }) => [title, now !== undefined, broken])).toEqual([
      ["Logs", true, ['panel "Lines" links to the dashboard "other", which is not there']],
      ["Other", false, []],
    ]);
  });
});

describe("alerts", () => {
  const rule = ({ rules }: Small) => {
    const [first] = rules.groups[0]?.rules ?? [];
    if (first === undefined) throw new Error("the small environment has a rule");
    return first;
  };

  const another = (environment: Small, value = 0.05, unit = "ratio") => {
    rule(environment).expr = "rate(loki_errors_total[5m]) > 0.05";
    for (const each of environment.thresholds ?? []) each.threshold = { value, unit };
  };

  test("a threshold, a duration and a text are told apart", () => {
    const review = reviewOf((environment) => {
      another(environment);
      rule(environment).for = "10m";
      rule(environment).annotations["summary"] = "Loki fails.";
    });
    const { alerts } = review;
    expect(alerts).toMatchObject([{ name: "LokiErrors", action: "changed", asks: false }]);
    expect(risks(review)).toEqual([
      "medium: alert LokiErrors threshold: 1 % → 5 %",
      "medium: alert LokiErrors for: 5m → 10m",
    ]);
    expect(alerts[0]?.values.map(({ name, before, after }) => [name, before, after])).toEqual([
      ["threshold", "1 %", "5 %"],
      ["for", "5m", "10m"],
      ["summary", "Loki answers with errors.", "Loki fails."],
    ]);
  });

  test.each<[string, (before: Small, after: Small) => void]>([
    ["a base that does not write thresholds", (before) => void (before.thresholds = undefined)],
    ["a rule of a team", (before, after) => void ([before.thresholds, after.thresholds] = [[], []])],
    ["a unit that there is no more", (before) => another(before, 1, "fortnights")],
    ["thresholds in another form", (before) => void (before.thresholds = [{ alert: "LokiErrors" }] as never)],
  ])("of %s nothing is guessed: its expression is shown", (_, change) => {
    const [before, after] = [small(), small()];
    another(after);
    change(before, after);
    rule(before).expr = "rate(loki_errors_total[5m]) > 0.01";
    const review = compare(read(before), read(after));
    expect(review.alerts).toMatchObject([{ action: "changed", values: [], asks: true }]);
    expect(review.alerts[0]?.expression).toContainEqual({ kind: "added", text: "0.05" });
    expect(risks(review)).toEqual(["medium: alert LokiErrors asks something else"]);
  });

  test("a base that does not write thresholds changes no rule by that", () => {
    const before = small();
    before.thresholds = undefined;
    expect(isUnchanged(compare(read(before), read(small())))).toBe(true);
  });

  test("an annotation is no threshold, whatever it is called, and a receiver is somebody", () => {
    const review = reviewOf((environment) => {
      rule(environment).annotations["threshold"] = "5";
    });
    expect(review.alerts[0]?.values).toMatchObject([{ name: "threshold", after: "5" }]);
    expect(risks(review)).toEqual([]);
    const named = reviewOf(({ alertmanager }) => {
      alertmanager.receivers.push({ name: "nobody else", slack_configs: [{ channel: "#team" }] });
      alertmanager.route.routes.push({ matchers: ['severity="critical"'], receiver: "nobody else" });
    });
    expect(risks(named)).toEqual(["medium: alert LokiErrors is told to others, or at other times"]);
  });

  test("a critical alert that goes is a high risk; a new one says whom it wakes", () => {
    const review = reviewOf(({ rules }) => {
      const [first] = rules.groups[0]?.rules ?? [];
      if (first) first.alert = "LokiFails";
    });
    expect(risks(review)).toEqual([
      "high: alert LokiErrors (critical) is gone",
      "low: alert LokiFails new, tells oncall (webhook) after 30s, again every 4h",
    ]);
  });

  test("an alert that a lower severity sends to nobody is a high risk", () => {
    const review = reviewOf((environment) => {
      rule(environment).labels["severity"] = "info";
    });
    expect(review.alerts[0]?.toldBefore).toEqual(["oncall (webhook) after 30s, again every 4h"]);
    expect(review.alerts[0]?.toldAfter).toEqual(["nobody (nobody)"]);
    expect(risks(review)).toContain("high: alert LokiErrors reaches nobody any more");
  });

  test("a new route pages others although no rule changed", () => {
    const review = reviewOf(({ alertmanager }) => {
      alertmanager.receivers.push({ name: "team", slack_configs: [{ channel: "#team" }] });
      alertmanager.route.routes.push({ matchers: ['severity="critical"'], receiver: "team" });
    });
    expect(review.alerts).toMatchObject([
      {
        name: "LokiErrors",
        action: "routed otherwise",
        toldAfter: ["team (slack) after 30s, again every 4h"],
      },
    ]);
    expect(review.paged.map(({ name, before, after }) => [name, before, after])).toEqual([
      ["oncall (webhook)", "1 critical for users", undefined],
      ["team (slack)", undefined, "1 critical for users"],
    ]);
    expect(review.alerting.map(({ name }) => name)).toEqual([
      "receiver team",
      'route every alert → severity="critical"',
    ]);
  });

  test("another reason to wake somebody is told of the alert, and of whom it wakes", () => {
    const review = reviewOf((environment) => void (environment.pages = { LokiErrors: "data" }));
    expect(review.alerts).toMatchObject([
      {
        name: "LokiErrors",
        action: "changed",
        values: [{ name: "wakes somebody for", before: "users", after: "data" }],
      },
    ]);
    expect(review.paged).toMatchObject([{ before: "1 critical for users", after: "1 critical for data" }]);
  });

  test("a base that does not say why it wakes somebody has no other reason", () => {
    const before = small();
    before.pages = undefined;
    expect(isUnchanged(compare(read(before), read(small())))).toBe(true);
  });

  test("a watchdog that nobody hears is a high risk", () => {
    const review = reviewOf(({ alertmanager }) => {
      alertmanager.route.routes[0] = { matchers: ['alertname="Watchdog"'], receiver: "nobody" };
    });
    expect(risks(review)).toContain("high: alert Watchdog is heard by nobody");
  });

  test("so is that of one evaluator, while the others are heard", () => {
    const hearing = (evaluators: string) => {
      const watchdogs = ["prometheus", "loki"].map((evaluator) => ({
        alert: "Watchdog",
        expr: "vector(1)",
        labels: { severity: "none", evaluator },
      }));
      const matchers = ['alertname="Watchdog"', `evaluator=~"${evaluators}"`];
      return {
        rules: readRules({ "a.yaml": stringify({ groups: [{ name: "a", rules: watchdogs }] }) }),
        alertmanager: readAlertmanager(
          stringify({
            route: { receiver: "nobody", routes: [{ matchers, receiver: "deadman" }] },
            receivers: [{ name: "nobody" }, { name: "deadman", webhook_configs: [{ url: "https://example.com" }] }],
          }),
        ),
      } as RenderedEnvironment;
    };
    const found = alertRisks([], hearing("prometheus|loki"), hearing("prometheus"));
    expect(found.map(({ where, what }) => `${where} ${what}`)).toEqual(["alert Watchdog of loki is heard by nobody"]);
  });
});

describe("retention, storage and sizes", () => {
  test("shorter retention says what history is lost, longer what is gained, a limit of queries neither", () => {
    const { retention, ...review } = reviewOf(({ summary }) => {
      Object.assign(summary.retention, { logs: "30d", metrics: "120d", maxQueryLength: "10d" });
    });
    expect(retention.map(({ name, note }) => [name, note])).toEqual([
      ["metrics", "30d more, which fill up as time goes by"],
      ["logs", "60d of history are lost, for good"],
      ["maxQueryLength", ""],
    ]);
    expect(risks({ ...review, retention })).toEqual(["high: retention of logs 90d → 30d"]);
  });

  test("lifecycle rules are compared by their id", () => {
    const { retention } = reviewOf(({ aws }) => {
      (aws["bucket-logs"] as { lifecycle: { rules: unknown[] } }).lifecycle.rules = [
        { id: "expire-deleted-versions", noncurrentVersionExpiration: { noncurrentDays: 1 } },
      ];
    });
    expect(retention).toEqual([
      {
        name: "lifecycle of bucket logs: expire-deleted-versions",
        before: "noncurrentVersionExpiration.noncurrentDays = 7",
        after: "noncurrentVersionExpiration.noncurrentDays = 1",
        note: "",
      },
    ]);
  });

  test("sizes have their share of change; the last replica of several is a risk", () => {
    const review = reviewOf(({ summary }) => {
      Object.assign(summary.systems[0] ?? {}, { replicas: 1, memory: "24Gi" });
    });
    expect(review.sizing).toMatchObject([
      { name: "loki: replicas", before: "3", after: "1", note: "−67 %", size: { before: 3, after: 1 } },
      { name: "loki: memory", before: "12Gi", after: "24Gi", note: "+100 %" },
    ]);
    expect(risks(review)).toEqual(["medium: loki: replicas 3 → 1"]);
  });

  test.each([
    ["shrinks", "10Gi", "critical: StatefulSet observability/loki volume data shrinks: 20Gi → 10Gi"],
    ["grows", "40Gi", "medium: StatefulSet observability/loki volume data grows: 20Gi → 40Gi"],
  ])("a volume that %s", (_, storage, risk) => {
    const review = reviewOf((environment) => {
      const [claim] = workload(environment).spec.volumeClaimTemplates;
      if (claim) claim.spec.resources.requests.storage = storage;
    });
    expect(risks(review)).toEqual([risk]);
    expect(review.resources).toMatchObject([{ action: "replaced", reason: expect.stringContaining("in place") }]);
  });
});

describe("where servers look for their data", () => {
  test.each<[string, (config: Record<string, string>) => void, string]>([
    [
      "another prefix of logs",
      (config) => void (config["loki/loki.yaml"] = lokiFile.replace("old", "new")),
      "critical: loki: prefix in the bucket old → new",
    ],
    [
      "a schema that changes under days that are written",
      (config) => void (config["loki/loki.yaml"] = lokiFile.replace("v13", "v12")),
      'critical: loki: schema from 2026-01-01 {"schema":"v13"} → {"schema":"v12"}',
    ],
    [
      "another bucket of traces",
      (config) => void (config["tempo/tempo.yaml"] = tempoFile.replace("prod-traces", "other")),
      "critical: tempo: bucket of traces prod-traces → other",
    ],
    [
      "another tenant",
      (config) => void (config["collector/gateway.yaml"] = "headers:\n  X-Scope-OrgID: other\n"),
      "critical: collector: tenant that it writes for phoenix → other",
    ],
  ])("%s loses what was stored", (_, change, risk) => {
    const review = reviewOf(({ config }) => change(config));
    expect(risks(review)).toContain(risk);
    expect(review.retention).toHaveLength(1);
  });

  test("a schema for days to come, and a server that goes, lose nothing by this", () => {
    const added = reviewOf(({ config }) => {
      config["loki/loki.yaml"] = `${lokiFile}    - { from: 2030-01-01, schema: v14 }\n`;
    });
    expect(added.retention).toEqual([]);
    const gone = reviewOf(({ config }) => void delete config["tempo/tempo.yaml"]);
    expect(gone.retention).toEqual([]);
  });
});

describe("objectives, results and protection", () => {
  test("an objective shows its budget before and after", () => {
    const { slos } = reviewOf(({ summary }) => {
      summary.slos = { availability: { objective: "99.5 % of requests", budget: "3.6 h of total outage" } };
    });
    expect(slos.map(({ name, before, after }) => [name, before, after])).toEqual([
      ["availability: objective", "99.9 % of requests", "99.5 % of requests"],
      ["availability: budget", "43.2 min of total outage", "3.6 h of total outage"],
    ]);
  });

  test("a base that tells no objectives is no base to compare them with", () => {
    const before = small();
    Reflect.deleteProperty(before.summary, "slos");
    expect(compare(read(before), read(small())).slos).toEqual([]);
  });

  test("a bucket that a destroy may delete again, and a policy that no longer holds, are risks", () => {
    const review = reviewOf(({ summary }) => {
      summary.protected = [];
      summary.policies = { "images-pinned": "violated: StatefulSet loki moves" };
      summary.violated = ["images-pinned"];
    });
    expect(risks(review)).toEqual([
      "high: protection from a destroy ends for aws:s3/bucket:Bucket storage-logs",
      "high: policy images-pinned StatefulSet loki moves",
    ]);
    expect(review.judged.map(({ name, after }) => [name, after])).toEqual([
      ["policy images-pinned", "violated: StatefulSet loki moves"],
      ["aws:s3/bucket:Bucket storage-logs", "not protected, or gone"],
    ]);
  });

  test("a base that tells no violations is none to say that a policy held", () => {
    const [before, after] = [small(), small()];
    Reflect.deleteProperty(before.summary, "violated");
    after.summary.policies = { "images-pinned": "violated: StatefulSet loki moves" };
    after.summary.violated = ["images-pinned"];
    const review = compare(read(before), read(after));
    expect(risks(review)).toEqual([]);
    expect(review.judged.map(({ name }) => name)).toEqual(["policy images-pinned"]);
  });

  test("a check that warns now is shown with what it says", () => {
    const { judged } = reviewOf(({ summary }) => void (summary.checks = { ports: "warns: too many" }));
    expect(judged).toEqual([{ name: "check ports", before: "passed", after: "warns: too many", note: "" }]);
  });

  test("quotas and cost have their place, with the share by which they change", () => {
    const review = reviewOf(({ summary }) => {
      summary.quotas = { "requests.cpu": "32" };
      summary.cost = { total: 150 };
    });
    expect(review.sizing.map(({ name, before, after, note }) => [name, before, after, note])).toEqual([
      ["cost a month: total", "$100", "$150", "+50 %"],
      ["quotas: requests.cpu", "16", "32", "+100 %"],
    ]);
    expect(risks(review)).toEqual(["low: cost a month $100 → $150"]);
    expect(risks(reviewOf(({ summary }) => void (summary.cost = { total: 110 })))).toEqual([]);
  });

  test("only a workload can be short of memory, not a quota of that name", () => {
    const [before, after] = [small(), small()];
    before.summary.quotas = { memory: "16Gi" };
    after.summary.quotas = { memory: "8Gi" };
    expect(risks(compare(read(before), read(after)))).toEqual([]);
  });
});

describe("resources", () => {
  test("new content of an immutable ConfigMap is one replacement, with the lines that differ", () => {
    const review = reviewOf((environment) => {
      const files = environment.objects["files"] as { metadata: { name: string }; data: Record<string, string> };
      files.metadata.name = "loki-config-0000000002";
      files.data["loki.yaml"] = "limits:\n  rate: 2\n";
      workload(environment).spec.template.spec.volumes = [
        { name: "config", configMap: { name: "loki-config-0000000002" } },
      ];
    });
    expect(review.resources.map(({ action, name, reason }) => [action, name, reason])).toEqual([
      [
        "replaced",
        "ConfigMap observability/loki-config",
        "new content, new name: loki.yaml; pods that read it restart",
      ],
      ["updated", "StatefulSet observability/loki", "pods restart: its files changed"],
    ]);
    expect(review.resources[0]?.texts[0]?.edits).toEqual([
      { kind: "same", text: "limits:\n" },
      { kind: "removed", text: "  rate: 1\n" },
      { kind: "added", text: "  rate: 2\n" },
    ]);
  });

  test("selector and service name can't be changed in place", () => {
    const review = reviewOf((environment) => {
      workload(environment).spec.selector.matchLabels = { app: "loki" };
      workload(environment).spec.serviceName = "other";
    });
    expect(risks(review).map((risk) => risk.slice(0, 60))).toEqual([
      "high: StatefulSet observability/loki selector: spec.selector",
      "high: StatefulSet observability/loki immutable: spec.service",
    ]);
  });

  test("a namespace that goes is the largest risk and stands first", () => {
    const review = reviewOf((environment) => {
      environment.summary.retention["logs"] = "1d";
      environment.objects = {};
    });
    expect(risks(review).slice(0, 2)).toEqual([
      "critical: Namespace observability is deleted",
      "critical: NetworkPolicy observability/default-deny is gone",
    ]);
  });

  test.each<[string, (environment: Small) => void, string]>([
    [
      "a bucket with another name",
      ({ aws }) => Object.assign(aws["bucket-logs"] ?? {}, { name: "other" }),
      "critical: AWS bucket-logs is another bucket",
    ],
    [
      "a bucket that may become public",
      ({ aws }) => Object.assign(aws["bucket-logs"] ?? {}, { publicAccessBlock: { blockPublicAcls: false } }),
      "critical: AWS bucket-logs publicAccessBlock.blockPublicAcls: true → false",
    ],
    [
      "a bucket without encryption",
      ({ aws }) => Object.assign(aws["bucket-logs"] ?? {}, { encryption: undefined }),
      'critical: AWS bucket-logs encryption.rules[0].sseAlgorithm: "AES256" → none',
    ],
    [
      "a bucket that a destroy may delete",
      ({ aws }) => Object.assign(aws["bucket-logs"] ?? {}, { protect: false }),
      "high: AWS bucket-logs protect: true → false",
    ],
    [
      "a policy that no longer denies",
      ({ aws }) => Object.assign(aws["bucket-logs"] ?? {}, { policy: { Statement: [] } }),
      "high: AWS bucket-logs policy: no longer Deny s3:* on *",
    ],
  ])("%s", (_, change, risk) => {
    expect(risks(reviewOf(change))).toContain(risk);
  });
});

describe("security", () => {
  const pod = (environment: Small) => workload(environment).spec.template.spec;
  const policy = ({ objects }: Small) => objects["policy"] as { spec: { ingress: object[] } };

  test.each<[string, (environment: Small) => void, string]>([
    [
      "another service account",
      (environment) => void (pod(environment)["serviceAccountName"] = "admin"),
      "high: StatefulSet observability/loki service account loki → admin",
    ],
    [
      "the node's network",
      (environment) => void (pod(environment)["hostNetwork"] = true),
      "high: StatefulSet observability/loki uses hostNetwork",
    ],
    [
      "a writable root file system",
      (environment) =>
        void Object.assign(pod(environment).containers[0]?.["securityContext"] ?? {}, {
          readOnlyRootFilesystem: false,
        }),
      "high: StatefulSet observability/loki loki.readOnlyRootFilesystem: true → false",
    ],
    [
      "images from elsewhere",
      (environment) => void Object.assign(pod(environment).containers[0] ?? {}, { image: "evil.example.com/loki:1" }),
      "medium: StatefulSet observability/loki images from evil.example.com",
    ],
    [
      "a connection from anywhere",
      (environment) =>
        policy(environment).spec.ingress.push({ from: [{ namespaceSelector: {} }], ports: [{ port: 22 }] }),
      "high: NetworkPolicy observability/loki-server allows from any namespace at 22/TCP",
    ],
    [
      "a connection from one more workload",
      (environment) =>
        policy(environment).spec.ingress.push({
          from: [{ podSelector: { matchLabels: { app: "x" } } }],
          ports: [{ port: 22 }],
        }),
      "medium: NetworkPolicy observability/loki-server allows from app=x at 22/TCP",
    ],
    [
      "a connection less",
      (environment) => void (policy(environment).spec.ingress = []),
      "low: NetworkPolicy observability/loki-server no longer allows from app.kubernetes.io/name=grafana at 3100/TCP",
    ],
    [
      "the default that denies is gone",
      ({ objects }) => void Reflect.deleteProperty(objects, "deny"),
      "critical: NetworkPolicy observability/default-deny is gone",
    ],
    [
      "weaker pod security",
      ({ objects }) =>
        void Object.assign((objects["namespace"] as { metadata: object }).metadata, {
          labels: { "pod-security.kubernetes.io/enforce": "privileged" },
        }),
      "high: Namespace observability pod security: restricted → privileged",
    ],
    [
      "more permissions",
      ({ objects }) =>
        void Object.assign(objects["role"] ?? {}, { rules: [{ resources: ["secrets"], verbs: ["get", "*"] }] }),
      "high: ClusterRole observability-loki may * secrets",
    ],
    [
      "another AWS role",
      ({ objects }) => {
        const account = objects["account"] as { metadata: object };
        account.metadata = { ...account.metadata, annotations: { "eks.amazonaws.com/role-arn": "arn:other" } };
      },
      'high: ServiceAccount observability/loki eks.amazonaws.com/role-arn: none → "arn:other"',
    ],
  ])("%s is marked", (_, change, risk) => {
    const review = reviewOf(change);
    expect(risks(review)).toContain(risk);
    expect(review.risks.find(({ where, what, level }) => `${level}: ${where} ${what}` === risk)?.security).toBe(true);
  });
});
