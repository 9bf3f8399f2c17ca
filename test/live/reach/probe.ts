import { createSocket } from "node:dgram";
import { connect } from "node:net";
import { text } from "node:stream/consumers";

/** One address to try. */
export interface Door {
  readonly address: string;
  readonly port: number;
  readonly protocol: "TCP" | "UDP";
}

/** What the program is told on its input. */
export interface Order {
  readonly doors: readonly Door[];
  /** Milliseconds to wait for an answer. The kernel sends a lost packet again after one second, then after two more. */
  readonly patience: number;
  /** User to try as. @default the one that started it */
  readonly user?: number;
}

/** What came of one try, in the order of the doors. */
export interface Trial {
  /** `open`, `reset` (answered, but nobody listens), `silent`, `sent` (UDP says no more), or the system's own word. */
  readonly outcome: string;
  /** The port it was sent from: connection tracking knows a datagram by it. */
  readonly localPort: number;
}

/** Opens a connection and ends it at once by a reset, so that neither end keeps it. */
function knock({ address, port }: Door, patience: number): Promise<Trial> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port });
    const end = (outcome: string) => {
      clearTimeout(timer);
      resolve({ outcome, localPort: socket.localPort ?? 0 });
      socket.removeAllListeners().on("error", () => undefined);
      socket.resetAndDestroy();
    };
    const timer = setTimeout(() => end("silent"), patience);
    socket.on("connect", () => end("open"));
    socket.on("error", ({ code = "error" }: NodeJS.ErrnoException) => end(code === "ECONNREFUSED" ? "reset" : code));
  });
}

/** Sends one empty datagram: no server takes that for anything. */
function throwOver({ address, port }: Door): Promise<Trial> {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    const end = (outcome: string) => {
      resolve({ outcome, localPort: socket.address().port });
      socket.close();
    };
    const failed = ({ code = "error" }: NodeJS.ErrnoException) => end(code);
    socket.on("error", failed);
    socket.bind(0, () => socket.send("", port, address, (error) => (error === null ? end("sent") : failed(error))));
  });
}

async function main(): Promise<void> {
  const { doors, patience, user } = JSON.parse(await text(process.stdin)) as Order;
  if (user !== undefined) {
    process.setgid?.(user);
    process.setuid?.(user);
  }
  const trials = await Promise.all(
    doors.map((door) => (door.protocol === "TCP" ? knock(door, patience) : throwOver(door))),
  );
  process.stdout.write(JSON.stringify(trials));
}

void main();
