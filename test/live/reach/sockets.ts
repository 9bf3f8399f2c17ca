import * as fs from "node:fs";

/** A socket that waits for whoever comes. */
export interface Listening {
  readonly port: number;
  readonly protocol: "TCP" | "UDP";
  /** Its own address; undefined when it takes what comes to any. */
  readonly address: string | undefined;
}

/** Ports from here on are given out by the kernel to whoever asks for one: nobody serves there. */
const EPHEMERAL = 32_768;
/** States in /proc/net/tcp and /proc/net/udp: a socket that listens, and one that is tied to no other end. */
const WAITING = { TCP: "0A", UDP: "07" } as const;

/** What listens in the network namespace of a process, on addresses that others can reach. */
export function listeningIn(pid: number | "self"): Listening[] {
  const read = (table: string) => fs.readFileSync(`/proc/${pid}/net/${table}`, "utf8");
  const all = (["TCP", "UDP"] as const).flatMap((protocol) => {
    const name = protocol.toLowerCase();
    return [read(name), read(`${name}6`)].flatMap((table) => parseSockets(table, protocol));
  });
  const distinct = new Map(all.map((socket) => [`${socket.protocol} ${socket.port} ${socket.address}`, socket]));
  return [...distinct.values()].sort((a, b) => a.port - b.port || a.protocol.localeCompare(b.protocol));
}

/** Reads a table of sockets as the kernel prints it; those on a loopback address are left out. */
export function parseSockets(table: string, protocol: "TCP" | "UDP"): Listening[] {
  return table.split("\n").flatMap((line): Listening[] => {
    const [, local = "", , state] = line.trim().split(/\s+/);
    const [hex = "", port = ""] = local.split(":");
    const number = parseInt(port, 16);
    if (state !== WAITING[protocol] || Number.isNaN(number) || number >= EPHEMERAL) return [];
    const address = addressOf(hex);
    if (address === "::1" || address.startsWith("127.")) return [];
    const any = address === "0.0.0.0" || address === "::";
    return [{ port: number, protocol, address: any ? undefined : address }];
  });
}

/** An address of one or four words, each with its bytes in the machine's (little-endian) order. */
function addressOf(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) =>
    (word.match(/../g) ?? []).reverse().map((byte) => parseInt(byte, 16)),
  );
  const last = bytes.slice(-4);
  if (bytes.length === 4) return last.join(".");
  const head = bytes.slice(0, 12);
  if (head.every((byte) => byte === 0)) {
    if (last.every((byte) => byte === 0)) return "::";
    if (last.join(".") === "0.0.0.1") return "::1";
  }
  const mapped = head.slice(0, 10).every((byte) => byte === 0) && head[10] === 255 && head[11] === 255;
  if (mapped) return last.join(".");
  return (hex.match(/.{4}/g) ?? []).join(":").toLowerCase();
}
