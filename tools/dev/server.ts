import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { watch, type FSWatcher } from "node:fs";

/** What a rendering gave: a page, or what is wrong. */
export type Shown = { readonly page: string } | { readonly faults: string };

export interface DevOptions {
  /** Folders whose changes count, each with all that is below, or with the files of some names alone. */
  readonly watched: readonly { readonly folder: string; readonly only?: RegExp }[];
  /** Renders anew. Never called while it is at work. */
  readonly render: () => Promise<Shown>;
  /** @default a free one */
  readonly port?: number;
  /** Told after each rendering. */
  readonly done?: (shown: Shown, seconds: number) => void;
}

export interface DevServer {
  readonly url: string;
  close(): void;
}

/** Asks to be told of the next rendering, and then loads the page again. */
const reload = `<script>new EventSource("/changes").onmessage = () => location.reload()</script>`;
/** Editors write a file in several steps: milliseconds to wait for the last one. */
const settle = 150;

const escaped = (text: string) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");

function html(shown: Shown): string {
  if ("page" in shown) return shown.page.replace(/<\/body>/, `${reload}</body>`);
  return `<!doctype html><meta charset="utf-8"><title>Faults</title><body><pre>${escaped(shown.faults)}</pre>${reload}</body>`;
}

/**
 * Renders whenever something changes, and shows the last rendering in the browser. Listens on this machine alone.
 * @returns after the first rendering
 */
export async function serveChanges({ watched, render, port = 0, done }: DevOptions): Promise<DevServer> {
  const waiting = new Set<ServerResponse>();
  let shown: Shown = { faults: "" };
  let busy = false;
  let again = false;
  const renderAll = async () => {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    do {
      again = false;
      const begin = Date.now();
      shown = await render().catch((error: unknown) => ({ faults: String(error) }));
      done?.(shown, (Date.now() - begin) / 1000);
      for (const response of waiting) response.write("data: changed\n\n");
    } while (again as boolean);
    busy = false;
  };
  await renderAll();
  let timer: NodeJS.Timeout | undefined;
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void renderAll(), settle);
  };
  // Folders, never files: an editor that saves by renaming leaves the watch of a file with the old one.
  const watchers: FSWatcher[] = watched.map(({ folder, only }) =>
    watch(folder, { recursive: only === undefined }, (_event, name) => {
      if (only === undefined || (name !== null && only.test(name))) changed();
    }),
  );
  const server = createServer((request, response) => {
    if (request.url !== "/changes") {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
      response.end(html(shown));
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.flushHeaders();
    waiting.add(response);
    request.on("close", () => waiting.delete(response));
  });
  await listening(server, port);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
      for (const response of waiting) response.end();
      server.close();
    },
  };
}

const listening = (server: Server, port: number) =>
  new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
