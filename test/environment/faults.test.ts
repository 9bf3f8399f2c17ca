import { aws, dev, local, prod, refusal, refused, type Values } from "./support";
import { parseEnvironment } from "../../stacks/environment";

/** The whole message, for one fault of `local` unless said otherwise. */
const message = (fault: string, environment = "local") =>
  `environment "${environment}" has 1 fault; nothing was deployed:\n${fault}`;

const expectFault = (values: Values, fault: string) => expect(refusal(() => local(values))).toBe(message(fault));

describe("an unknown key is refused, with the known one that is nearest", () => {
  test("at the top", () =>
    expectFault(
      { clutser: "shop" },
      '  observability:clutser\n    is not a known key\n    fix: did you mean "cluster"?',
    ));

  test("nested", () =>
    expectFault(
      { retention: { log: "30d" } },
      '  observability:retention.log\n    is not a known key\n    fix: did you mean "logs"?',
    ));

  test("in a list, of the kind that stands there", () =>
    expectFault(
      {
        alerting: { receivers: [{ kind: "webhook", name: "oncall", url: "https://example.com", channel: "#alerts" }] },
      },
      "  observability:alerting.receivers[0].channel\n    is not a known key\n    fix: known here: kind, name, url, urlSecret",
    ));

  test("in a server's own configuration", () =>
    expectFault(
      { systems: { loki: { config: { limit_config: {} } } } },
      '  observability:systems.loki.config.limit_config\n    is not a known key\n    fix: did you mean "limits_config"?',
    ));

  test("in one role of the Collector", () =>
    expectFault(
      { systems: { collector: { config: { gateway: { recievers: {} } } } } },
      '  observability:systems.collector.config.gateway.recievers\n    is not a known key\n    fix: did you mean "receivers"?',
    ));

  test("a system that does not exist", () =>
    expectFault(
      { systems: { lokki: { enabled: false } } },
      '  observability:systems.lokki\n    is not a known key\n    fix: did you mean "loki"?',
    ));

  test("an image that does not exist", () =>
    expectFault(
      { images: { overrides: { promtail: "grafana/promtail:3" } } },
      "  observability:images.overrides.promtail\n    is not a known key\n    fix: known here: prometheus, victoriametrics, vmauth, vminsert, vmselect, vmstorage, vmagent, vmalert, loki, memcached, tempo, tempo-2, grafana, k8s-sidecar, alertmanager, collector, node, node-exporter, kube-state-metrics, versitygw",
    ));

  test("with nothing near, all that are known", () =>
    expectFault(
      { sampling: { probability: 0.1 } },
      "  observability:sampling.probability\n    is not a known key\n    fix: known here: ratio, slowerThan, minimumDuration, keptPerSecond, limits",
    ));
});

describe("a value of the wrong type", () => {
  test.each<[string, Values, string]>([
    [
      "text for a number",
      { systems: { loki: { replicas: "3" } } },
      '  observability:systems.loki.replicas = "3"\n    must be a number, not text\n    fix: without quotes: 3',
    ],
    [
      "text for true or false",
      { grafana: { anonymous: "yes" } },
      '  observability:grafana.anonymous = "yes"\n    must be true or false, not text\n    fix: for example true',
    ],
    [
      "a number for text",
      { nodeSelector: { zone: 1 } },
      '  observability:nodeSelector.zone = 1\n    must be text, not a number\n    fix: in quotes: "1"; by command: pulumi config set --type string',
    ],
    [
      "text for a list",
      { stages: "metrics" },
      '  observability:stages = "metrics"\n    must be a list, not text\n    fix: in brackets: [metrics]',
    ],
    [
      "text for an object",
      { sampling: "0.5" },
      '  observability:sampling = "0.5"\n    must be an object, not text\n    fix: its keys: ratio, slowerThan, minimumDuration, keptPerSecond, limits',
    ],
    [
      "part of a replica",
      { systems: { loki: { replicas: 1.5 } } },
      "  observability:systems.loki.replicas = 1.5\n    must be a whole number, not a number\n    fix: for example 1",
    ],
    [
      "a list for a duration",
      { rolloutTimeout: ["30d"] },
      '  observability:rolloutTimeout = ["30d"]\n    is not a duration\n    fix: write for example "15s", "24h", "30d"',
    ],
    [
      "no stage at all",
      { stages: [] },
      "  observability:stages = []\n    needs at least 1\n    fix: add one, or take the key away to get the default",
    ],
    [
      "a stage that does not exist",
      { stages: ["metric"] },
      '  observability:stages[0] = "metric"\n    must be one of metrics, logs, traces, alerts, dashboards\n    fix: did you mean "metrics"?',
    ],
    [
      "more than everything",
      { sampling: { ratio: 10 } },
      "  observability:sampling.ratio = 10\n    is more than 1\n    fix: at most 1",
    ],
    [
      "no replica",
      { systems: { tempo: { replicas: 0 } } },
      "  observability:systems.tempo.replicas = 0\n    is less than 1\n    fix: at least 1",
    ],
    [
      "a receiver of an unknown kind",
      { alerting: { receivers: [{ kind: "teams", name: "oncall" }] } },
      '  observability:alerting.receivers[0].kind = "teams"\n    must be one of webhook, slack, pagerduty, opsgenie, email, sms\n    fix: for example "webhook"',
    ],
  ])("%s", (_what, values, fault) => expectFault(values, fault));
});

describe("a value that nothing can read", () => {
  test.each<[string, Values, string]>([
    [
      "a duration with a space",
      { retention: { logs: "3 days" } },
      '  observability:retention.logs = "3 days"\n    is not a duration\n    fix: write for example "15s", "24h", "30d"',
    ],
    [
      "a duration without a unit",
      { scrapeInterval: 15 },
      '  observability:scrapeInterval = 15\n    is not a duration\n    fix: write for example "15s", "24h", "30d"',
    ],
    [
      "no time",
      { rolloutTimeout: "0s" },
      '  observability:rolloutTimeout = "0s"\n    must be longer than zero\n    fix: write for example "15s"',
    ],
    [
      "a size without a unit",
      { systems: { loki: { volume: "50" } } },
      '  observability:systems.loki.volume = "50"\n    is not a size with a unit\n    fix: write for example "512Mi", "50Gi"',
    ],
    [
      "a size that Kubernetes writes otherwise",
      { systems: { tempo: { resources: { limits: { memory: "2GB" } } } } },
      '  observability:systems.tempo.resources.limits.memory = "2GB"\n    is not a size with a unit\n    fix: write for example "512Mi", "50Gi"',
    ],
    [
      "an amount of CPU with a word",
      { systems: { tempo: { resources: { requests: { cpu: "2 cores" } } } } },
      '  observability:systems.tempo.resources.requests.cpu = "2 cores"\n    is not an amount of CPU\n    fix: write for example "250m", "2"',
    ],
    [
      "a URL without a scheme",
      { systems: { grafana: { existingUrl: "grafana.example.com" } } },
      '  observability:systems.grafana.existingUrl = "grafana.example.com"\n    is not a URL\n    fix: for example "http://loki.logging.svc:3100"',
    ],
    [
      "a mirror with a scheme",
      { images: { mirror: "https://registry.example.com" } },
      '  observability:images.mirror = "https://registry.example.com"\n    is not a registry\n    fix: host and path without a scheme, for example "registry.example.com/mirror"',
    ],
    [
      "an image without a tag, on a registry with a port",
      { images: { overrides: { loki: "registry.example.com:5000/loki" } } },
      '  observability:images.overrides.loki = "registry.example.com:5000/loki"\n    is not a full image reference\n    fix: with a tag or digest, for example "registry.example.com/loki:3.7.8"',
    ],
    [
      "a mail server without a port",
      {
        alerting: {
          receivers: [{ kind: "email", name: "mail", to: "a@example.com", from: "b@example.com", smarthost: "smtp" }],
        },
      },
      '  observability:alerting.receivers[0].smarthost = "smtp"\n    is not a host with a port\n    fix: for example "smtp.example.com:587"',
    ],
    [
      "an address that is none",
      {
        alerting: {
          receivers: [{ kind: "email", name: "mail", to: "team", from: "b@example.com", smarthost: "smtp:25" }],
        },
      },
      '  observability:alerting.receivers[0].to = "team"\n    is not an e-mail address\n    fix: for example "oncall@example.com"',
    ],
    [
      "a cluster's name with a space",
      { cluster: "My Shop" },
      '  observability:cluster = "My Shop"\n    is not a name Kubernetes takes\n    fix: 1 to 63 lower-case letters, digits and hyphens',
    ],
    [
      "a domain with a scheme",
      { domain: "https://example.com" },
      '  observability:domain = "https://example.com"\n    is not a host name\n    fix: for example "observability.example.com"',
    ],
  ])("%s", (_what, values, fault) => expectFault(values, fault));
});

describe("what is missing comes with the command that sets it", () => {
  test("a plain key", () =>
    expect(refusal(() => parseEnvironment("dev", { aws }))).toBe(
      message(
        "  observability:cluster\n    is missing\n    fix: pulumi config set observability:cluster <name of the cluster: it stands on every signal>",
        "dev",
      ),
    ));

  test("a nested key", () =>
    expect(refusal(() => dev({ aws: { region: aws.region, identity: aws.identity } }))).toBe(
      message(
        "  observability:aws.account\n    is missing\n    fix: pulumi config set --path observability:aws.account <12 digits>",
        "dev",
      ),
    ));

  test("a section: the first key of it, since a section can't be set in one go", () =>
    expect(refusal(() => dev({ aws: { region: aws.region, account: aws.account } }))).toBe(
      message(
        "  observability:aws.identity.kind\n    is missing\n    fix: pulumi config set --path observability:aws.identity.kind pod-identity",
        "dev",
      ),
    ));

  test("a key of a list, in quotes for the shell", () =>
    expectFault(
      { alerting: { receivers: [{ kind: "webhook", url: "https://example.com" }] } },
      "  observability:alerting.receivers[0].name\n    is missing\n    fix: pulumi config set --path 'observability:alerting.receivers[0].name' <value>",
    ));

  test("everything about AWS", () =>
    expect(refusal(() => parseEnvironment("dev", { cluster: "dev" }))).toBe(
      message(
        '  observability:aws\n    is missing: buckets need a region, an account and how pods get their roles\n    fix: in Pulumi.dev.yaml: observability:aws: {region: us-west-2, account: "123456789012", identity: {kind: pod-identity}}',
        "dev",
      ),
    ));

  test("a secret that a receiver names", () =>
    expectFault(
      { alerting: { receivers: [{ kind: "slack", name: "oncall", channel: "#alerts", urlSecret: "slackUrl" }] } },
      "  observability:alerting.receivers[0].urlSecret = slackUrl\n    no secret has this name\n    fix: pulumi config set --secret --path observability:secrets.slackUrl <value>",
    ));
});

describe("an environment that does not exist", () => {
  test("comes with the nearest that does", () =>
    expect(refusal(() => parseEnvironment("prd", {}))).toBe(
      message(
        '  stack = "prd"\n    there is no such environment; there are local, dev, prod\n    fix: did you mean "prod"?',
        "prd",
      ),
    ));

  test("comes with the way to use another name", () =>
    expect(refusal(() => parseEnvironment("staging", {}))).toBe(
      message(
        '  stack = "staging"\n    there is no such environment; there are local, dev, prod\n    fix: name the stack local, dev or prod, or say which it resembles: pulumi config set observability:profile prod',
        "staging",
      ),
    ));

  test("is told apart from a profile that does not exist", () =>
    expect(refusal(() => parseEnvironment("staging", { profile: "production" }))).toBe(
      message(
        '  observability:profile = "production"\n    there is no such environment; there are local, dev, prod\n    fix: name the stack local, dev or prod, or say which it resembles: pulumi config set observability:profile prod',
        "staging",
      ),
    ));
});

describe("all faults of one file come at once", () => {
  test("six of them, in the schema and between keys, nested and in lists", () => {
    const values = {
      clutser: "shop",
      aws: { region: "us-west-2", identity: { kind: "pod-identity" } },
      retention: { logs: "12h", traces: "two weeks" },
      systems: { tempo: { replicas: 3 } },
      alerting: { receivers: [] },
    };
    expect(refusal(() => parseEnvironment("prod", { cluster: "shop", ...values }))).toBe(
      `environment "prod" has 6 faults; nothing was deployed:
  observability:aws.account
    is missing
    fix: pulumi config set --path observability:aws.account <12 digits>
  observability:retention.traces = "two weeks"
    is not a duration
    fix: write for example "15s", "24h", "30d"
  observability:clutser
    is not a known key
    fix: did you mean "cluster"?
  observability:alerting.receivers = []
    prod has nobody to tell: no alert would reach a person
    fix: add one, for example {kind: slack, name: oncall, channel: "#alerts", urlSecret: slackUrl}
  observability:retention.logs = 12h
    Loki's index has one table a day: nothing goes before it is that old
    fix: at least 24h
  observability:systems.tempo.replicas = 3
    Tempo 3 in one piece can't have more than one replica
    fix: tempo.majorVersion: "2" (2.10 is highly available without Kafka), 1 replica, or mode distributed with Kafka`,
    );
  });

  test("what is wrong in a section does not hide what another one lacks", () =>
    expect(refused(() => prod({ aws: { ...aws, account: "12" }, alerting: {} })).faults.map(({ key }) => key)).toEqual([
      "observability:aws.account",
      "observability:alerting.receivers",
    ]));

  test("a broken receiver is one fault, not also a watchdog without receiver", () =>
    expect(
      refused(() =>
        prod({
          alerting: {
            receivers: [{ kind: "webhook", name: "Not A Name", url: "https://x.de" }],
            watchdogReceiver: "dead",
          },
        }),
      ).faults.map(({ key }) => key),
    ).toEqual(["observability:alerting.receivers[0].name"]));

  test("each has a reason and a fix, and a value unless the key itself is the fault", () => {
    const wrong: Values[] = [
      { stages: "x", clutser: 1, sampling: { ratio: -1 }, tempo: { majorVersion: "4" } },
      { alerting: { receivers: ["x", { kind: "webhook", name: "a" }, { kind: "pagerduty" }], watchdogReceiver: "x" } },
      {
        alerting: {
          receivers: [
            { kind: "webhook", name: "a" },
            { kind: "webhook", name: "a", url: "x:/y" },
          ],
        },
      },
      { systems: { loki: [], tempo: { resources: 1, tolerations: {}, nodeSelector: [] }, grafana: { replicas: 2 } } },
      { storage: { kind: "in-cluster", buckets: { logs: "a", traces: "B" }, prefix: "/", protect: "no" } },
      { storage: { buckets: { logs: "same", traces: "same" } }, exposure: { hosts: { grafana: "g.example.com" } } },
      { grafana: { adminPasswordSecret: "x" }, loki: { replicationFactor: 3, ingestionRateMb: 0 }, kubeContext: "" },
      { retention: { prometheus: "1h", metrics: "1h", logs: "1h", traces: "1m" }, controlPlane: ["kubelet"] },
      { systems: { versitygw: { enabled: false }, victoriametrics: { replicas: 2 } }, secrets: { a: 1 } },
      { systems: { loki: { volume: null }, prometheus: { resources: { limits: { memory: null } } } } },
    ];
    for (const values of wrong) {
      for (const fault of refused(() => local(values)).faults) {
        expect(fault).toMatchObject({
          key: expect.stringMatching(/^observability:/) as string,
          reason: expect.not.stringMatching(/Invalid|expected|pattern|undefined/) as string,
          fix: expect.not.stringMatching(/undefined|environment\/schema/) as string,
        });
        // A secret is named and never shown.
        if (!/is missing|is not a known key|in plain text/.test(fault.reason))
          expect(fault.value).toEqual(expect.any(String));
      }
    }
  });
});
