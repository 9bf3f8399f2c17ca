import fs from "node:fs";
import path from "node:path";
import PostalMime from "postal-mime";
import { receiverSecretsPath } from "../../alerts";
import { planStack } from "../../stacks";
import { parse } from "yaml";
import { describeWith } from "../support/programs";
import { startAlertmanager, type RunningAlertmanager } from "./support/alertmanager";
import { bare, hostile, posted, told, type Posted } from "./support/messages";
import { temporaryFolder, yamlOf } from "./support/promtool";
import { addressFaults, Providers, type Json, type Sent } from "./support/providers";
import { until } from "./support/until";

/**
 * What each service is sent, by a real Alertmanager: with one alert and with three that differ. `UPDATE_GOLDEN=1 npx jest
 * test/alerts/receivers` writes test/golden/messages anew; what has changed there is what people read.
 */

jest.setTimeout(240_000);

const golden = path.join(__dirname, "../golden/messages");
const kinds = ["hook", "pagerduty", "slack", "opsgenie", "email", "phone", "topic"] as const;
type Kind = (typeof kinds)[number];

/**
 * The receivers and templates that are deployed, and where they would ask a service, they ask a stand-in: by the key that
 * Alertmanager has for that, or by the secret that is the address. Every receiver is told everything, at once.
 */
function written(environment: ReturnType<typeof told>, folder: string, at: { url: string; smarthost: string }): string {
  const plan = planStack(environment).systems.find(({ name }) => name === "alertmanager");
  for (const [name, content] of Object.entries(plan?.config ?? {})) fs.writeFileSync(path.join(folder, name), content);
  const secrets = {
    hook: `${at.url}/hook/`,
    slackUrl: `${at.url}/slack/services/T/B/X`,
    pagerdutyKey: "0123456789abcdef0123456789abcdef",
    opsgenieKey: "opsgenie-key",
    smtp: "smtp-password",
  };
  for (const [name, value] of Object.entries(secrets)) fs.writeFileSync(path.join(folder, name), `${value}\n`);
  const file = path.join(folder, "alertmanager.yml");
  const config: Json = parse(fs.readFileSync(file, "utf8").replaceAll(receiverSecretsPath, folder));
  const instead: Record<string, object> = {
    pagerduty_configs: { url: `${at.url}/pagerduty/v2/enqueue` },
    opsgenie_configs: { api_url: `${at.url}/opsgenie/` },
    email_configs: { smarthost: at.smarthost, tls_config: { insecure_skip_verify: true } },
  };
  for (const receiver of config.receivers) {
    for (const [key, all] of Object.entries<Json>(receiver)) {
      if (key === "sns_configs") all[0].api_url = `${at.url}/${receiver.name}`;
      else if (instead[key] !== undefined) Object.assign(all[0], instead[key]);
    }
  }
  const { group_by } = config.route;
  config.route = {
    receiver: "nobody",
    group_by,
    group_wait: "2s",
    group_interval: "1s",
    routes: kinds.map((receiver) => ({ receiver, continue: true })),
  };
  fs.writeFileSync(file, yamlOf({ ...config, tracing: undefined }));
  return file;
}

/** A mail without what differs each time. */
async function mailOf({ body }: Sent) {
  const { subject, text, html, from, to } = await PostalMime.parse(body as string);
  return { subject, from: from?.address, to: to?.map(({ address }) => address), text, html };
}

const pretty = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** What a person would see of a message, as files for the golden folder. */
async function shown(kind: Kind, sent: Sent): Promise<Record<string, string>> {
  if (kind === "email") {
    const { html = "", text = "", ...head } = await mailOf(sent);
    return { txt: `${pretty(head)}\n${text}`, html };
  }
  // The port is another one each time.
  const body = JSON.stringify(sent.body).replace(/"externalURL":"[^"]*"/, '"externalURL":""');
  return { txt: `${sent.path}\n${pretty(JSON.parse(body))}` };
}

/** The moment of the test as one that never changes; links to queries begin an hour before. */
const anyTime = (text: string) =>
  text
    .replace(/(?<!\d)20\d\d-[\d-]+T[\d:.]+Z/g, "2026-11-18T02:00:00Z")
    .replace(/(?<=%22from%22%3A%22)\d+/g, "1763427600000");

const variants = {
  "": told({ domain: "example.com", exposure: { clusterIssuer: "letsencrypt" } }),
  /** Nobody can open Grafana from outside the cluster. */
  "-inside": told({}),
};

for (const [variant, environment] of Object.entries(variants))
  describeWith("alertmanager", `messages${variant}`, (binary) => {
    const providers = new Providers();
    let server: RunningAlertmanager;

    beforeAll(async () => {
      const folder = temporaryFolder();
      const file = written(environment, folder, await providers.start());
      const keys = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
      server = await startAlertmanager(binary, file, folder, keys);
    });
    afterAll(() => {
      providers.stop();
      server.stop();
    });

    const api = (at: string, body: unknown) =>
      fetch(`${server.url}/api/v2/${at}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });

    /** Posts alerts of one name and waits for what each service gets of them. */
    async function sent(alerts: readonly Posted[]): Promise<Record<Kind, Sent>> {
      const before = Object.fromEntries(kinds.map((kind) => [kind, providers.sent[kind]?.length ?? 0]));
      // Alertmanager waits for the rest of a group only where the first of it is new.
      const startsAt = new Date(Date.now() + 1000).toISOString();
      const now = alerts.map((alert) => (alert.endsAt === undefined ? { ...alert, startsAt } : alert));
      expect((await api("alerts", now)).status).toBe(200);
      const { alertname = "" } = alerts[0]?.labels ?? {};
      // Of one that is closed OpsGenie is told the key alone.
      const isOf = ({ body, path: at }: Sent) => JSON.stringify(body).includes(alertname) || at.includes("/close");
      const all = await until(`all have ${alertname}`, 60, () => {
        const now = kinds.map((kind) => [kind, providers.sent[kind]?.slice(before[kind]).find(isOf)] as const);
        return now.every(([, message]) => message !== undefined) ? Object.fromEntries(now) : undefined;
      }).catch((error: unknown) => {
        throw new Error(`${String(error)}: ${server.log.join("").slice(-3000)}`);
      });
      expect(Object.values(providers.sent).flatMap((each) => each.flatMap(({ faults }) => faults))).toEqual([]);
      return all as Record<Kind, Sent>;
    }

    async function isAsWritten(name: string, all: Record<Kind, Sent>) {
      for (const kind of kinds) {
        for (const [extension, text] of Object.entries(await shown(kind, all[kind]))) {
          const now = anyTime(text);
          const file = path.join(golden, `${kind}-${name}${variant}.${extension}`);
          if (process.env["UPDATE_GOLDEN"] === "1") fs.mkdirSync(golden, { recursive: true });
          if (process.env["UPDATE_GOLDEN"] === "1") fs.writeFileSync(file, now);
          expect(now).toBe(fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "");
        }
      }
    }

    const one = posted(environment, "HostRaidDegraded", "critical", { instance: "node-1", device: "md0" }, "2");
    const three = ["cart-0", "cart-1", "pay-0"].map((pod) =>
      posted(environment, "KubePodCrashLooping", "warning", {
        namespace: "shop",
        pod,
        container: pod.slice(0, -2),
        reason: "CrashLoopBackOff",
      }),
    );

    test("one alert", async () => isAsWritten("one", await sent([one])));

    test("three alerts that differ", async () => isAsWritten("three", await sent(three)));

    /** The words behind a name in the text of a mail: `Silence: …`. */
    const wordsOf = async (name: string, { email }: Record<Kind, Sent>) =>
      new RegExp(`^${name}: (.*)$`, "m").exec((await mailOf(email)).text ?? "")?.[1] ?? "";

    test("the silence is one for these alerts, and the query is theirs", async () => {
      const strange = { ...one, labels: { ...one.labels, alertname: "HostCpuStrange", instance: 'a b&c="d"' } };
      const all = await sent([strange]);
      const [silence, query] = [await wordsOf("Silence", all), await wordsOf("Query", all)];
      const matchers =
        variant === ""
          ? // As Grafana's form reads them: the first operator ends the name.
            new URL(silence).searchParams.getAll("matcher").map((text) => /^([^=]+)=(.*)$/.exec(text)?.slice(1) ?? [])
          : [...silence.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]);
      // A shell is not given what it could read as something else.
      const { instance, ...plain } = strange.labels;
      expect(Object.fromEntries(matchers)).toEqual(variant === "" ? { ...plain, instance } : plain);
      const ends = { startsAt: new Date().toISOString(), endsAt: new Date(Date.now() + 60_000).toISOString() };
      const wanted = matchers.map(([name, value]) => ({ name, value, isRegex: false, isEqual: true }));
      expect((await api("silences", { matchers: wanted, ...ends, createdBy: "a", comment: "b" })).status).toBe(200);
      const silenced = await (await fetch(`${server.url}/api/v2/alerts?silenced=true&active=false`)).json();
      expect(silenced).toMatchObject([{ labels: strange.labels }]);
      const expression = new URL(one.generatorURL).searchParams.get("g0.expr");
      if (variant !== "") return expect(query).toBe(expression);
      const panes = JSON.parse(new URL(query).searchParams.get("panes") ?? "");
      expect(panes.a).toMatchObject({ datasource: "prometheus", queries: [{ expr: expression }] });
    });

    test("where vmalert or Loki point at Explore themselves, the query is that, unless only pods could open it", async () => {
      const explore = "https://grafana.example.com/explore?schemaVersion=1";
      const labels = { ...one.labels, alertname: "FromVmalert" };
      expect(await wordsOf("Query", await sent([{ ...one, labels, generatorURL: explore }]))).toBe(
        variant === "" ? explore : "",
      );
    });

    test("every address in a message opens where people are", async () => {
      const [found = ""] = [
        JSON.stringify(kinds.filter((kind) => kind !== "hook").map((kind) => providers.sent[kind])),
      ];
      const addresses = [...found.replaceAll("=\\r\\n", "").matchAll(/https?:\/\/[^\s"'<>|\\]+/g)].map(
        ([address]) => address,
      );
      expect(addresses.flatMap((address) => addressFaults("link", address))).toEqual([]);
      expect(addresses.length > 0).toBe(variant === "");
    });

    test("long, many and strange: nobody refuses it, and nobody takes a name for a command", async () => {
      await sent(hostile(environment, 70));
      await sent([bare]);
      const { html = "" } = await mailOf(providers.sent["email"]?.at(-2) as Sent);
      expect(html).not.toContain("<b>0</b>");
    });

    test("the same alert about another host is another incident", async () => {
      const other = await sent([
        posted(environment, "HostRaidDegraded", "critical", { instance: "node-2", device: "md0" }, "2"),
      ]);
      expect(other.pagerduty.body.payload.source).toBe("node-2");
      expect(other.pagerduty.body.dedup_key).not.toBe(providers.sent["pagerduty"]?.[0]?.body.dedup_key);
    });

    test("resolved", async () => {
      const ended = await sent([{ ...one, endsAt: new Date().toISOString() }]);
      expect(ended.pagerduty.body).toMatchObject({ event_action: "resolve" });
      expect(ended.pagerduty.body.dedup_key).toBe(providers.sent["pagerduty"]?.[0]?.body.dedup_key);
      expect(ended.slack.body.attachments[0]).toMatchObject({
        color: "good",
        title: "[RESOLVED] HostRaidDegraded (example)",
      });
      expect(ended.opsgenie.path).toContain("/close");
      expect(ended.phone.body.Message).toMatch(/^RESOLVED HostRaidDegraded \(example\): /);
      expect((await mailOf(ended.email)).subject).toMatch(/^\[RESOLVED\] /);
    });

    test("Alertmanager counts no failure", async () => {
      const metrics = await (await fetch(`${server.url}/metrics`)).text();
      const failed = metrics
        .split("\n")
        .filter((line) => /^alertmanager_notifications_failed_total.* [1-9]/.test(line));
      expect(failed).toEqual([]);
    });
  });
