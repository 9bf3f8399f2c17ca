import { Providers } from "./support/providers";

/** The stand-ins refuse what the services refuse: a check of messages is worth as much as they are. */

const providers = new Providers();
let url = "";
beforeAll(async () => {
  ({ url } = await providers.start());
});
afterAll(() => providers.stop());

const event = {
  routing_key: "0123456789abcdef0123456789abcdef",
  event_action: "trigger",
  dedup_key: "a",
  payload: { summary: "a", source: "a", severity: "critical" },
};
const alert = { message: "a", alias: "a", description: "a", entity: "", priority: "P1", source: "a", details: {} };
const attachment = { title: "a", text: "a", fallback: "a" };
const genie = { authorization: "GenieKey opsgenie-key" };

const cases: readonly (readonly [
  why: string,
  path: string,
  body: object,
  headers: object,
  fault: RegExp | undefined,
])[] = [
  ["an event", "/pagerduty/v2/enqueue", event, {}, undefined],
  [
    "no summary",
    "/pagerduty/v2/enqueue",
    { ...event, payload: { ...event.payload, summary: "" } },
    {},
    /summary has 0/,
  ],
  ["a link to nothing", "/pagerduty/v2/enqueue", { ...event, links: [{ href: "" }] }, {}, /href is no address/],
  [
    "a link into the cluster",
    "/pagerduty/v2/enqueue",
    { ...event, client_url: "http://a.b.svc:1/" },
    {},
    /the cluster/,
  ],
  [
    "a severity of ours",
    "/pagerduty/v2/enqueue",
    { ...event, payload: { ...event.payload, severity: "none" } },
    {},
    /none/,
  ],
  ["an attachment", "/slack/services/T/B/X", { attachments: [attachment] }, {}, undefined],
  ["a mention", "/slack/services/T/B/X", { attachments: [{ ...attachment, text: "<!channel>" }] }, {}, /not escaped/],
  ["a long text", "/slack/services/T/B/X", { attachments: [{ ...attachment, text: "a".repeat(4001) }] }, {}, /4001/],
  ["an alert", "/opsgenie/v2/alerts", alert, genie, undefined],
  ["no key", "/opsgenie/v2/alerts", alert, {}, /authorization/],
  ["a long message", "/opsgenie/v2/alerts", { ...alert, message: "a".repeat(131) }, genie, /message has 131/],
];

test.each(cases)("%s", async (_, path, body, headers, fault) => {
  const answer = await fetch(`${url}${path}`, { method: "POST", headers: { ...headers }, body: JSON.stringify(body) });
  expect(answer.ok).toBe(fault === undefined);
  if (fault !== undefined) expect(await answer.text()).toMatch(fault);
});

test("SNS refuses a subject that is no line of ASCII, and what nobody signed", async () => {
  const form = new URLSearchParams({ Action: "Publish", TopicArn: "arn", Message: "a", Subject: "ü" });
  const answer = await fetch(`${url}/topic/`, { method: "POST", body: form });
  expect(answer.status).toBe(400);
  expect(await answer.text()).toBe("unsigned; Subject is ü");
});
