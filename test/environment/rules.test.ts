import { Duration, keepings } from "../../environment";
import { dev, local, prod, refusal, refused, type Values } from "./support";

/** The one fault that an environment has. */
function only(work: () => unknown): string {
  const { faults } = refused(work);
  expect(faults).toHaveLength(1);
  return refusal(work).split("\n").slice(1).join("\n");
}

describe("retention below what a server takes", () => {
  test.each([
    ["prometheus", "1h", "Prometheus keeps at least one two-hour block", "2h"],
    ["metrics", "23h", "VictoriaMetrics refuses less than a day", "1d"],
    ["alerts", "23h", "VictoriaMetrics refuses less than a day", "1d"],
    ["logs", "23h", "Loki's index has one table a day: nothing goes before it is that old", "24h"],
    ["traces", "30m", "Tempo's blocks are up to half an hour long", "1h"],
  ])("%s for %s", (name, value, reason, minimum) => {
    expect(only(() => local({ retention: { [name]: value } }))).toBe(
      `  observability:retention.${name} = ${value}\n    ${reason}\n    fix: at least ${minimum}`,
    );
    const kept = keepings(local({ retention: { [name]: minimum } }));
    expect(kept[name]?.seconds).toBe(Duration.parse(minimum).seconds);
  });
});

describe("receivers", () => {
  test("prod has somebody to tell", () =>
    expect(only(() => prod({ alerting: {} }))).toBe(
      '  observability:alerting.receivers = []\n    prod has nobody to tell: no alert would reach a person\n    fix: add one, for example {kind: slack, name: oncall, channel: "#alerts", urlSecret: slackUrl}',
    ));

  test("prod without the alerts stage needs nobody", () =>
    expect(prod({ alerting: {}, stages: ["metrics"] }).alerting.receivers).toEqual([]));

  test("dev needs nobody", () => expect(dev().alerting.receivers).toEqual([]));

  test("a watchdog goes to a receiver that exists", () =>
    expect(
      only(() =>
        local({
          alerting: { receivers: [{ kind: "webhook", name: "a", url: "https://x.de" }], watchdogReceiver: "deadman" },
        }),
      ),
    ).toBe(
      "  observability:alerting.watchdogReceiver = deadman\n    no receiver has this name\n    fix: known here: a",
    ));

  test("two of one name", () => {
    const receiver = { kind: "webhook", name: "a", url: "https://x.de" };
    expect(only(() => local({ alerting: { receivers: [receiver, receiver] } }))).toBe(
      "  observability:alerting.receivers[1].name = a\n    two receivers have one name\n    fix: a name of its own",
    );
  });

  test("a webhook with no address, and with two", () => {
    const webhook = (rest: Values) => ({ alerting: { receivers: [{ kind: "webhook", name: "a", ...rest }] } });
    expect(only(() => local(webhook({})))).toBe(
      "  observability:alerting.receivers[0] = a\n    a webhook needs either url or urlSecret\n    fix: add url, or urlSecret when it is secret",
    );
    expect(only(() => local({ ...webhook({ url: "https://x.de", urlSecret: "s" }), secrets: ["s"] }))).toBe(
      "  observability:alerting.receivers[0] = a\n    a webhook needs either url or urlSecret\n    fix: take one of them away",
    );
  });
});

describe("buckets", () => {
  test.each([
    "Logs",
    "lo",
    "my_logs",
    "-logs",
    "logs-",
    "my..logs",
    "192.168.5.4",
    "xn--logs",
    "sthree-logs",
    "amzn-s3-demo-logs",
    "logs-s3alias",
    "logs--ol-s3",
    "logs.mrap",
    "logs--x-s3",
    "logs--table-s3",
    "l".repeat(64),
  ])("AWS refuses %s", (logs) =>
    expect(only(() => local({ storage: { buckets: { logs } } }))).toBe(
      `  observability:storage.buckets.logs = "${logs}"\n    AWS refuses this bucket name\n    fix: 3 to 63 lower-case letters, digits, dots and hyphens, beginning and ending with a letter or digit, no IP address, nothing that S3 keeps for itself`,
    ),
  );

  test.each(["log", "my-logs", "logs.example.com", "1logs1", "l".repeat(63)])("AWS takes %s", (logs) =>
    expect(local({ storage: { buckets: { logs } } }).storage.buckets.logs).toBe(logs),
  );

  test("an existing bucket's name is checked too", () =>
    expect(only(() => dev({ storage: { existingBuckets: { traces: "Traces" } } }))).toMatch(
      /^ {2}observability:storage\.existingBuckets\.traces = "Traces"\n {4}AWS refuses this bucket name\n/,
    ));

  test("logs and traces don't share one", () =>
    expect(only(() => dev({ storage: { buckets: { logs: "all", traces: "all" } } }))).toBe(
      "  observability:storage.buckets = all\n    logs and traces in one bucket share one lifecycle\n    fix: two buckets",
    ));

  test("a long cluster name leaves room for what follows from it", () => {
    const cluster = "c".repeat(50);
    expect(refusal(() => dev({ cluster }))).toBe(
      `environment "dev" has 3 faults; nothing was deployed:
  observability:cluster = ${cluster}
    the bucket for logs would be called 123456789012-${cluster}-logs: 68 characters, S3 takes 63
    fix: a shorter name, or storage.buckets.logs
  observability:cluster = ${cluster}
    the bucket for traces would be called 123456789012-${cluster}-traces: 70 characters, S3 takes 63
    fix: a shorter name, or storage.buckets.traces
  observability:cluster = ${cluster}
    a role would be called ${cluster}-observability-tempo: 70 characters, IAM takes 64
    fix: a shorter name`,
    );
  });
});

describe("where objects lie", () => {
  test("prod's data does not lie in one pod", () =>
    expect(only(() => prod({ storage: { kind: "in-cluster" }, systems: { versitygw: { enabled: true } } }))).toBe(
      "  observability:storage.kind = in-cluster\n    one S3 server on one volume does not keep prod's data\n    fix: aws",
    ));

  test("the S3 server that is wanted is not switched off", () =>
    expect(only(() => local({ systems: { versitygw: { enabled: false } } }))).toBe(
      "  observability:systems.versitygw.enabled = false\n    storage.kind is in-cluster\n    fix: true, or storage.kind aws",
    ));
});

test("a host name without a domain", () =>
  expect(only(() => local({ exposure: { hosts: { grafana: "grafana.example.com" } } }))).toBe(
    "  observability:exposure.hosts = grafana.example.com\n    without a domain nothing is exposed\n    fix: set observability:domain too",
  ));

describe("Grafana's door", () => {
  test("prod is not open to everyone", () =>
    expect(only(() => prod({ grafana: { anonymous: true } }))).toBe(
      "  observability:grafana.anonymous = true\n    prod's dashboards would be open to everyone\n    fix: false",
    ));

  test("a password that was chosen is there", () =>
    expect(only(() => prod({ grafana: { adminPasswordSecret: "grafana" } }))).toBe(
      "  observability:grafana.adminPasswordSecret = grafana\n    no secret has this name\n    fix: pulumi config set --secret --path observability:secrets.grafana <value>",
    ));
});
