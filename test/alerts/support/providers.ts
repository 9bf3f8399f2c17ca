import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

/**
 * Stand-ins for those who take notifications. Each answers as its service does, refuses what the service's published rules
 * refuse, and keeps what was sent. No service is asked.
 */

/** One request that a service got, or one mail. */
export interface Sent {
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  /** JSON where it is JSON, the form's fields for SNS, the source of a mail. */
  readonly body: Json;
  /** What the service would not take; empty when all is well. */
  readonly faults: readonly string[];
}
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what services are sent is checked field by field
export type Json = any;

type Rules = (body: Json, request: { readonly path: string; readonly headers: http.IncomingHttpHeaders }) => string[];

const among = (what: string, value: unknown, allowed: readonly unknown[]) =>
  allowed.includes(value) ? [] : [`${what} is ${String(value)}`];

/** Characters, as services count them: not halves of a surrogate pair. */
const within = (what: string, value: unknown, most: number, least = 1) => {
  const length = typeof value === "string" ? [...value].length : -1;
  return length >= least && length <= most ? [] : [`${what} has ${length} characters, not ${least} to ${most}`];
};

/** An address that a person can open: absolute, of the web, and not one that only pods resolve. */
export const addressFaults = (what: string, value: unknown): string[] =>
  typeof value === "string" && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)
    ? /\.svc(?=[.:/]|$)|localhost/.test(new URL(value).host)
      ? [`${what} leads into the cluster: ${value}`]
      : []
    : [`${what} is no address: ${String(value)}`];

/** Events API v2, "Send an alert event". */
const pagerduty: Rules = (body, { path }) => [
  ...among("path", path, ["/v2/enqueue"]),
  ...within("routing_key", body.routing_key, 32, 32),
  ...among("event_action", body.event_action, ["trigger", "acknowledge", "resolve"]),
  ...within("dedup_key", body.dedup_key, 255),
  ...within("payload.summary", body.payload?.summary, 1024),
  ...within("payload.source", body.payload?.source, 1024),
  ...among("payload.severity", body.payload?.severity, ["critical", "error", "warning", "info"]),
  ...(body.links ?? []).flatMap(({ href }: Json) => addressFaults("links.href", href)),
  ...(body.client_url === undefined ? [] : addressFaults("client_url", body.client_url)),
  ...(JSON.stringify(body).length > 512 * 1024 ? ["is larger than 512 KB"] : []),
];

/** Incoming webhooks, "Formatting text for app surfaces", attachments. */
const slack: Rules = (body) => [
  ...((body.attachments ?? []).length > 0 || body.text ? [] : ["no_text"]),
  ...((body.attachments ?? []).length > 100 ? ["too_many_attachments"] : []),
  ...body.attachments.flatMap(({ title, text, fallback, title_link: link }: Json) => [
    ...within("title", title, 1024),
    ...within("text", text, 4000),
    ...within("fallback", fallback, 4000),
    ...(link === undefined ? [] : addressFaults("title_link", link)),
    // What is left of links must not be read as a link, a mention or an entity.
    ...[...text.matchAll(/<([^>|]*)\|[^>]*>/g)].flatMap(([, address]: string[]) =>
      addressFaults("link", (address ?? "").replaceAll("&amp;", "&")),
    ),
    ...(/[<>]|&(?!amp;|lt;|gt;)/.test(text.replace(/<[^<>|]*\|\w+>/g, "")) ? [`is not escaped: ${text}`] : []),
  ]),
];

/** Alert API, "Create alert" and "Close alert". */
const opsgenie: Rules = (body, { path, headers }) => [
  ...among("authorization", headers.authorization, ["GenieKey opsgenie-key"]),
  ...(path.includes("/close")
    ? /^\/v2\/alerts\/[0-9a-f]{64}\/close\?identifierType=alias$/.test(path)
      ? []
      : [`path is ${path}`]
    : [
        ...among("path", path, ["/v2/alerts"]),
        ...within("message", body.message, 130),
        ...within("alias", body.alias, 512),
        ...within("description", body.description, 15_000),
        ...within("entity", body.entity, 512, 0),
        ...among("priority", body.priority, ["P1", "P2", "P3", "P4", "P5"]),
        ...within(
          "details",
          Object.entries(body.details ?? {})
            .flat()
            .join(""),
          8000,
          0,
        ),
        ...((body.tags ?? []).length > 20 ? ["more than 20 tags"] : []),
        ...(body.tags ?? []).flatMap((tag: string) => within("tag", tag, 50)),
      ]),
  ...within("source", body.source, 100),
];

/** API reference of SNS, "Publish". */
const sns: Rules = (body, { headers }) => [
  ...among("Action", body.Action, ["Publish"]),
  ...(/^AWS4-HMAC-SHA256 Credential=test\/\d{8}\/eu-west-1\/sns\//.test(headers.authorization ?? "")
    ? []
    : ["unsigned"]),
  ...(body.PhoneNumber === undefined
    ? within("TopicArn", body.TopicArn, 256)
    : /^\+[1-9]\d{6,14}$/.test(body.PhoneNumber)
      ? []
      : [`PhoneNumber is ${body.PhoneNumber}`]),
  ...(Buffer.byteLength(body.Message ?? "") > (body.PhoneNumber === undefined ? 262_144 : 1600) ? ["is too long"] : []),
  ...within("Message", body.Message, 262_144),
  ...(/^[!-~][ -~]{0,99}$/.test(body.Subject ?? "") ? [] : [`Subject is ${body.Subject}`]),
];

/** Alertmanager's own protocol, version 4. */
const webhook: Rules = (body) => [
  ...among("version", body.version, ["4"]),
  ...among("status", body.status, ["firing", "resolved"]),
  ...(body.alerts.length > 0 ? [] : ["no alerts"]),
];

const services: Readonly<Record<string, { rules: Rules; type: string; answer: string; status: number }>> = {
  pagerduty: { rules: pagerduty, status: 202, type: "application/json", answer: '{"status":"success"}' },
  slack: { rules: slack, status: 200, type: "text/html", answer: "ok" },
  opsgenie: {
    rules: opsgenie,
    status: 202,
    type: "application/json",
    answer: '{"result":"Request will be processed"}',
  },
  phone: { rules: sns, status: 200, type: "text/xml", answer: snsAnswer() },
  topic: { rules: sns, status: 200, type: "text/xml", answer: snsAnswer() },
  hook: { rules: webhook, status: 200, type: "text/plain", answer: "" },
};

function snsAnswer(): string {
  const body = "<PublishResult><MessageId>1</MessageId></PublishResult>";
  return `<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">${body}</PublishResponse>`;
}

/** All services on one port, each below its own name, and a mail server on another. */
export class Providers {
  /** What each was sent, by the name of the receiver. */
  readonly sent: Record<string, Sent[]> = { email: [] };
  readonly #mails: SMTPServer;
  readonly #http: http.Server;

  constructor() {
    this.#http = http.createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const { status, type, answer } = this.#take(request, Buffer.concat(chunks).toString());
        response.writeHead(status, { "content-type": type }).end(answer);
      });
    });
    this.#mails = new SMTPServer({
      // The certificate that comes with it, whose key is public, and no warning of that.
      logger: false,
      // A password is asked for, after STARTTLS only.
      onAuth: ({ username, password }, _session, done) =>
        username === "b" && password === "smtp-password"
          ? done(undefined, { user: username })
          : done(new Error("535 wrong")),
      onData: (stream, _session, done) => {
        const chunks: Buffer[] = [];
        stream.on("data", (chunk: Buffer) => chunks.push(chunk));
        stream.on("end", () => {
          this.sent["email"]?.push({ path: "", headers: {}, body: Buffer.concat(chunks).toString(), faults: [] });
          done();
        });
      },
    });
  }

  async start(): Promise<{ readonly url: string; readonly smarthost: string }> {
    this.#http.listen(0, "127.0.0.1");
    await once(this.#http, "listening");
    const mails = this.#mails.listen(0, "127.0.0.1");
    await once(mails, "listening");
    const portOf = (of: { address(): unknown }) => (of.address() as AddressInfo).port;
    return { url: `http://127.0.0.1:${portOf(this.#http)}`, smarthost: `127.0.0.1:${portOf(mails)}` };
  }

  stop(): void {
    this.#http.closeAllConnections();
    this.#http.close();
    this.#mails.close();
  }

  #take({ url = "", headers }: http.IncomingMessage, text: string) {
    const [, name = "", rest = ""] = /^\/(\w+)(.*)$/.exec(url) ?? [];
    const service = services[name];
    if (service === undefined) return { status: 404, type: "text/plain", answer: "" };
    const form = headers["content-type"]?.startsWith("application/x-www-form-urlencoded") === true;
    const body: Json = form ? Object.fromEntries(new URLSearchParams(text)) : JSON.parse(text);
    const faults = service.rules(body, { path: rest, headers });
    (this.sent[name] ??= []).push({ path: rest, headers, body, faults });
    return faults.length === 0 ? service : { status: 400, type: "text/plain", answer: faults.join("; ") };
  }
}
