import { evaluateWith, type Resource } from "../../policies/index";
import { noSecretsInPlainText } from "../../policies/secrets";
import { aws, configMap, kubernetes, running } from "./resources";

const fix =
  "; fix: pulumi config set --secret --path observability:secrets.<name>, and read it from a file of a Kubernetes Secret";

function messages(...resources: readonly Resource[]): readonly string[] {
  const context = { environment: { name: "dev", profile: "dev" }, today: "2026-11-21", exemptions: [] } as const;
  return evaluateWith([noSecretsInPlainText], resources, context).violations.map(({ message }) =>
    message.replace(fix, ""),
  );
}

// Put together here, so that no scanner takes this file for a leak.
const planted: readonly (readonly [what: string, secret: string])[] = [
  ["a private key", ["-----BEGIN RSA PRIV", "ATE KEY-----\nMIIEow"].join("")],
  ["an AWS access key", ["AKIA", "IOSFODNN7EXAMPLE"].join("")],
  ["a GitHub token", ["ghp_", "a".repeat(36)].join("")],
  ["a Slack address", ["https://hooks.slack.com/services/", "T000/B000/XXXX"].join("")],
  ["a Slack token", ["xoxb-", "1234567890-abc"].join("")],
  ["a Google API key", ["AIza", "S".repeat(35)].join("")],
  ["a Stripe key", ["sk_live_", "a".repeat(24)].join("")],
  ["a Grafana token", ["glsa_", "a".repeat(32), "_0123abcd"].join("")],
  ["a JSON web token", ["eyJhbGciOiJIUzI1NiJ9.", "eyJzdWIiOiIxMjM0NTYifQ.", "c2lnbmF0dXJlIQ"].join("")],
  ["a password in a URL", "postgres://grafana:hunter2@db.example.com/grafana"],
  ["a token in a URL", "https://alerts.example.com/hook?token=0123456789abcdef"],
  ["a value of the stack's secrets", "<secret>"],
  ["a value of the stack's secrets", "<generated: 24 characters>"],
];

describe("a secret gives itself away by its shape", () => {
  test.each(planted)("%s, in a file with its line: %#", (what, secret) => {
    const said = messages(configMap({ "notes.txt": `first\nsecond ${secret}\nthird` }));
    expect(said).toEqual([`ConfigMap web/shop-config holds ${what} in data["notes.txt"] line 2`]);
  });

  test.each(planted)("%s, deep in the inputs of any resource: %#", (what, secret) => {
    const value = secret.split("\n")[0] ?? "";
    const said = messages(aws("s3/bucket:Bucket", { tags: { note: value } }));
    expect(said).toEqual([`Bucket storage-logs holds ${what} in tags.note`]);
  });

  test.each(planted)("and no message repeats it: %s %#", (_what, secret) => {
    const said = messages(
      configMap({ "a.txt": secret }),
      running({ env: [{ name: "DB_PASSWORD", value: secret }], args: [`--token=${secret}`] }),
    );
    expect(said.length).toBeGreaterThan(2);
    for (const message of said) expect(message).not.toContain(secret);
  });
});

describe("a setting gives a secret away by its name", () => {
  test.each([
    [
      "YAML",
      { "a.yaml": "receivers:\n- slack_configs:\n  - {api_key: abc}\n" },
      'receivers[0].slack_configs[0].api_key in data["a.yaml"]',
    ],
    ["JSON", { "a.json": '{"auth": {"clientSecret": "abc"}}' }, 'auth.clientSecret in data["a.json"]'],
    ["INI", { "grafana.ini": "[database]\nuser = grafana\npassword = abc\n" }, 'password in data["grafana.ini"]'],
    [
      "an environment file",
      { ".env": "export AWS_SECRET_ACCESS_KEY='abc'\n" },
      'AWS_SECRET_ACCESS_KEY in data[".env"]',
    ],
    ["a file that is no JSON though it says so", { "a.json": '// note\n"token": "abc"' }, 'token in data["a.json"]'],
    ["the name of the key itself", { password: "abc" }, "password in data.password"],
    ["a password of digits", { "a.yaml": "password: 12345" }, 'password in data["a.yaml"]'],
    ["a key as long as keys are", { "a.yml": `routing_key: ${"0a".repeat(16)}` }, 'routing_key in data["a.yml"]'],
  ])("%s", (_format, data, said) => {
    expect(messages(configMap(data))).toEqual([`ConfigMap web/shop-config sets ${said}`]);
  });

  test("an annotation", () => {
    const annotated = kubernetes("core/v1:Service", "shop", {}, { annotations: { "example.com/api-token": "abc" } });
    expect(messages(annotated)).toEqual(["Service web/shop sets example.com/api-token in annotations"]);
  });

  test("even that of a Secret, whose values alone are let be", () => {
    const leaking = kubernetes(
      "core/v1:Secret",
      "shop",
      { stringData: { url: planted[3]?.[1] } },
      { annotations: { note: planted[3]?.[1] } },
    );
    expect(messages(leaking)).toEqual(["Secret web/shop holds a Slack address in metadata.annotations.note"]);
  });
});

describe("no false alarm is raised by", () => {
  test.each([
    ["a file that holds the secret", { "a.yaml": "password_file: /etc/secrets/password\nbearer_token_file: token" }],
    [
      "a variable",
      { "a.yaml": "password: ${DB_PASSWORD}\ntoken: $__file{/etc/token}", "b.ini": "password = $PASSWORD" },
    ],
    ["a template", { "a.yaml": 'token: "{{ .Token }}"' }],
    ["a path", { "a.yaml": "credentials: /var/run/secrets/token" }],
    ["a number", { "a.yaml": "token: 8" }],
    ["a switch", { "a.yaml": 'secret: "true"\ntoken: ""\npassword:' }],
    ["a word that only contains one", { "a.yaml": "tokenizer: simple\nsecretName: shop\nkeyboard: us" }],
    ["a routing key that chooses", { "a.yaml": "load_balancing: {routing_key: traceID}" }],
    ["a query over a label", { "a.json": '{"expr": "sum(rate(x{token=\\"a\\"}[5m]))"}' }],
    ["an address with a port", { "a.yaml": "url: http://loki.observability.svc:3100/loki/api/v1/push@now" }],
  ])("%s", (_what, data) => {
    expect(messages(configMap(data))).toEqual([]);
  });
});
