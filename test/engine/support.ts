import * as fs from "node:fs";
import * as http from "node:http";
import * as https from "node:https";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import type { TLSSocket } from "node:tls";
import { stringify } from "yaml";

/** The whole message of what a function throws; fails when it throws nothing. */
export function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("nothing was thrown");
}

/** The whole message of a rejection. */
export async function rejection(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => {
      throw new Error("nothing was thrown");
    },
    (error: unknown) => (error as Error).message,
  );
}

const folders: string[] = [];

/** A new folder, removed by {@link cleanUp}. */
export function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "engine-test-"));
  folders.push(folder);
  return folder;
}

/** An executable shell script; its path. */
export function script(folder: string, name: string, lines: string): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
  return file;
}

/** Writes a kubeconfig of one context for each server; its path. */
export function kubeconfig(contexts: Record<string, { cluster: object; user?: object }>, name = "config"): string {
  const file = path.join(temporaryFolder(), name);
  const list = Object.entries(contexts);
  const content = {
    contexts: list.map(([context]) => ({ name: context, context: { cluster: context, user: context } })),
    clusters: list.map(([context, { cluster }]) => ({ name: context, cluster })),
    users: list.map(([context, { user }]) => ({ name: context, user: user ?? {} })),
  };
  fs.writeFileSync(file, stringify(content));
  return file;
}

export interface Seen {
  method: string;
  url: string;
  headers: http.IncomingHttpHeaders;
  body: string;
  /** Local port of the client: the same for requests of one connection. */
  connection: number | undefined;
  /** CN of the client's certificate. */
  client: string | undefined;
}

type Reply = { status?: number; body?: unknown; never?: boolean };

const servers: http.Server[] = [];

/** Node's types say that a certificate has a subject, but there may be no certificate; and a subject may name several. */
function commonName(socket: TLSSocket): string | undefined {
  const subject = socket.getPeerCertificate().subject as { CN?: string | string[] } | undefined;
  return subject?.CN?.toString();
}

/** A server on this machine that answers as told and remembers what it was asked; with `tls` by HTTPS. */
export async function server(
  reply: (seen: Seen) => Reply,
  tls?: https.ServerOptions,
): Promise<{ url: string; host: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const answer: http.RequestListener = (request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const { method = "", url = "", headers, socket } = request;
      const client = tls && commonName(socket as TLSSocket);
      const one: Seen = { method, url, headers, body, connection: socket.remotePort, client };
      seen.push(one);
      const { status = 200, body: content = {}, never } = reply(one);
      if (never) return;
      response.writeHead(status).end(typeof content === "string" ? content : JSON.stringify(content));
    });
  };
  const listener = tls ? https.createServer(tls, answer) : http.createServer(answer);
  servers.push(listener);
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(listener.address() as AddressInfo).port}`;
  return { url: `${tls ? "https" : "http"}://${host}`, host, seen };
}

/** For afterAll: ends servers and removes folders. */
export function cleanUp(): void {
  for (const listener of servers.splice(0)) {
    listener.closeAllConnections();
    listener.close();
  }
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true, force: true });
}
