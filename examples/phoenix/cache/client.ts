import { connect, type Socket } from "node:net";
import { SpanKind } from "@opentelemetry/api";
import { Failure } from "../errors";
import { serviceOf } from "../roles";
import type { Settings } from "../settings";
import { inSpan } from "../spans";
import type { Telemetry } from "../telemetry";
import { Decoder, encodeCommand, RespError, type Reply } from "./resp";

interface Waiting {
  resolve(reply: Reply): void;
  reject(error: Error): void;
}

/** How long a command may take beyond its own waiting, in milliseconds. */
const TIMEOUT = 3000;

/** One connection to the cache; made at the first command, and again after it was lost. */
export class Connection {
  private socket: Socket | undefined;
  private waiting: Waiting[] = [];

  constructor(
    private readonly host: string,
    private readonly port: number,
  ) {}

  /** @param patience milliseconds that the command itself may wait @throws Failure when the cache does not answer */
  command(parts: readonly string[], patience = 0): Promise<Reply> {
    const socket = (this.socket ??= this.open());
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => socket.destroy(new Error("no answer in time")), TIMEOUT + patience);
      this.waiting.push({
        resolve: (reply) => {
          clearTimeout(timer);
          if (reply instanceof RespError) reject(new Failure("refused", reply.message));
          else resolve(reply);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      });
      socket.write(encodeCommand(parts));
    });
  }

  close(): void {
    this.socket?.destroy();
  }

  private open(): Socket {
    const socket = connect({ host: this.host, port: this.port, noDelay: true });
    const decoder = new Decoder();
    socket.on("data", (bytes) => decoder.push(bytes).forEach((reply) => this.waiting.shift()?.resolve(reply)));
    let why = "the connection was closed";
    socket.on("error", (error) => (why = error.message));
    socket.on("close", () => {
      if (this.socket === socket) this.socket = undefined;
      const lost = this.waiting;
      this.waiting = [];
      lost.forEach(({ reject }) => reject(new Failure("unavailable", `cache: ${why}`, 503)));
    });
    return socket;
  }
}

/** The cache as the roles use it: each command a client span, so that it stands on the service map. */
export class Cache {
  private readonly connection: Connection;

  constructor(
    private readonly telemetry: Telemetry,
    settings: Settings,
  ) {
    this.connection = new Connection(settings.host("cache"), settings.port("cache"));
  }

  async get<T>(key: string): Promise<T | undefined> {
    const reply = await this.traced(["GET", key]);
    return typeof reply === "string" ? (JSON.parse(reply) as T) : undefined;
  }

  async set(key: string, value: unknown, seconds: number): Promise<void> {
    await this.traced(["SET", key, JSON.stringify(value), "EX", String(seconds)]);
  }

  /** What is under a key, or what is made for it and kept from then on. */
  async remember<T>(key: string, seconds: number, make: () => Promise<T>): Promise<T> {
    const found = await this.get<T>(key);
    if (found !== undefined) return found;
    const made = await make();
    await this.set(key, made, seconds);
    return made;
  }

  /** Puts a message at the end of a list. The span that publishes it is the caller's. */
  async push(list: string, message: unknown): Promise<void> {
    await this.connection.command(["RPUSH", list, JSON.stringify(message)]);
  }

  async length(list: string): Promise<number> {
    return Number(await this.connection.command(["LLEN", list]));
  }

  /** Bookkeeping of the program itself, without a span. */
  async peek(key: string): Promise<string | undefined> {
    const reply = await this.connection.command(["GET", key]);
    return typeof reply === "string" ? reply : undefined;
  }

  close(): void {
    this.connection.close();
  }

  private traced(parts: readonly string[]): Promise<Reply> {
    const [operation = ""] = parts;
    const attributes = {
      "db.system.name": "redis",
      "db.operation.name": operation,
      "server.address": serviceOf("cache"),
      "peer.service": serviceOf("cache"),
    };
    return inSpan(this.telemetry, operation, SpanKind.CLIENT, attributes, () => this.connection.command(parts));
  }
}
