import { createServer, type Socket } from "node:net";
import type { Faults } from "../faults";
import type { Running } from "../role";
import type { Telemetry } from "../telemetry";
import { Decoder, encode, RespError, Simple, type Reply } from "./resp";
import { Store } from "./store";

/** What keys and values may take, in bytes: small, so that the demo shows evictions within minutes. */
const LIMIT = 128 * 1024;

type Command = (store: Store, args: readonly string[], faults: Faults) => Reply | Promise<Reply>;

const need = (args: readonly string[], least: number): void => {
  if (args.length < least) throw new RespError("wrong number of arguments");
};

/** The commands that phoenix uses, as Redis answers them. */
const commands: Readonly<Record<string, Command>> = {
  PING: () => new Simple("PONG"),
  GET: (store, args, faults) => {
    need(args, 1);
    const [key = ""] = args;
    // A cold cache, on purpose: the value is not there, for this once and whoever asks.
    if (key.includes(":") && Math.random() < faults.misses) store.delete(key);
    return store.get(key);
  },
  SET: (store, args) => {
    need(args, 2);
    const [key = "", value = "", option, seconds] = args;
    if (option !== undefined && option.toUpperCase() !== "EX") throw new RespError(`no option ${option}`);
    if (option !== undefined && !(Number(seconds) > 0)) throw new RespError("EX takes seconds");
    store.set(key, value, option === undefined ? undefined : Number(seconds));
    return new Simple("OK");
  },
  DEL: (store, args) => args.filter((key) => store.delete(key)).length,
  RPUSH: (store, args) => {
    need(args, 2);
    const [list = "", ...values] = args;
    return values.map((value) => store.push(list, value)).at(-1) ?? 0;
  },
  LLEN: (store, args) => store.length(args[0] ?? ""),
  BLPOP: (store, args) => {
    need(args, 2);
    return store.take(args.slice(0, -1), Number(args.at(-1)));
  },
};

async function answer(store: Store, request: Reply, faults: Faults): Promise<{ name: string; reply: Reply }> {
  if (!Array.isArray(request)) return { name: "", reply: new RespError("commands are arrays") };
  const [name = "", ...args] = request.map(String);
  const command = commands[name.toUpperCase()];
  if (command === undefined) return { name, reply: new RespError(`unknown command ${name}`) };
  try {
    return { name, reply: await command(store, args, faults) };
  } catch (error) {
    return { name, reply: error instanceof RespError ? error : new RespError(String(error)) };
  }
}

/**
 * A cache and queue that speaks RESP, measured as C1 asks: hits, misses, size, items and evictions of each cache. The
 * commands of one connection are answered in their order.
 */
export function serveCache(port: number, { meters }: Telemetry, faults: () => Faults): Promise<Running> {
  const store = new Store(LIMIT, (event, cache) => {
    if (event === "hit") meters.cache_hits_total.add(1, { cache });
    if (event === "miss") meters.cache_misses_total.add(1, { cache });
    // Nothing pushed out so far is 0, not unknown.
    meters.cache_evictions_total.add(event === "eviction" ? 1 : 0, { cache });
  });
  meters.cache_items_total.observe((set) => {
    for (const [cache, { items }] of store.figures()) set(items, { cache });
  });
  meters.cache_size_bytes.observe((set) => {
    for (const [cache, { bytes }] of store.figures()) set(bytes, { cache });
  });
  const open = new Set<Socket>();
  meters.open_connections.observe((set) => set(open.size));
  const server = createServer((socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    socket.on("error", () => socket.destroy());
    const decoder = new Decoder();
    let last = Promise.resolve();
    socket.on("data", (bytes) => {
      try {
        for (const request of decoder.push(bytes)) {
          last = last.then(async () => {
            const { name, reply } = await answer(store, request, faults());
            if (!socket.destroyed) return void socket.write(encode(reply));
            const [list, value] = Array.isArray(reply) && name.toUpperCase() === "BLPOP" ? reply.map(String) : [];
            if (list !== undefined && value !== undefined) store.putBack(list, value);
          });
        }
      } catch (error) {
        socket.end(encode(error instanceof RespError ? error : new RespError(String(error))));
      }
    });
  });
  const stop = () =>
    new Promise<void>((done) => {
      server.close(() => done());
      open.forEach((socket) => socket.destroy());
    });
  return new Promise((resolve, reject) => server.once("error", reject).listen(port, () => resolve({ stop })));
}
