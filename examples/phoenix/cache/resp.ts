/** RESP2, the protocol of Redis, as far as phoenix speaks it: requests are arrays of bulk strings. */

export type Reply = string | number | null | readonly Reply[] | RespError | Simple;

/** An error that the server answers with. */
export class RespError extends Error {}

/** A reply without bytes of its own, such as `OK`. */
export class Simple {
  constructor(readonly text: string) {}
}

export const encodeCommand = (parts: readonly string[]): string => encode(parts);

export function encode(reply: Reply): string {
  if (reply === null) return "$-1\r\n";
  if (typeof reply === "number") return `:${reply}\r\n`;
  if (typeof reply === "string") return `$${Buffer.byteLength(reply)}\r\n${reply}\r\n`;
  if (reply instanceof RespError) return `-ERR ${reply.message}\r\n`;
  if (reply instanceof Simple) return `+${reply.text}\r\n`;
  return `*${reply.length}\r\n${reply.map(encode).join("")}`;
}

/** Takes bytes as they arrive, and gives each value once it is whole. */
export class Decoder {
  private held: Buffer = Buffer.alloc(0);

  /** @throws RespError for bytes that are no RESP: the connection is of no more use */
  push(bytes: Buffer): Reply[] {
    this.held = this.held.length === 0 ? bytes : Buffer.concat([this.held, bytes]);
    const values: Reply[] = [];
    let from = 0;
    for (;;) {
      const found = this.read(from);
      if (found === undefined) break;
      values.push(found.value);
      from = found.next;
    }
    this.held = this.held.subarray(from);
    return values;
  }

  private read(from: number): { value: Reply; next: number } | undefined {
    const end = this.held.indexOf("\r\n", from);
    if (end === -1) return undefined;
    const kind = String.fromCharCode(this.held[from] ?? 0);
    const rest = this.held.toString("utf8", from + 1, end);
    const next = end + 2;
    switch (kind) {
      case "+":
        return { value: rest, next };
      case "-":
        return { value: new RespError(rest.replace(/^ERR /, "")), next };
      case ":":
        return { value: Number(rest), next };
      case "$": {
        const length = Number(rest);
        if (length === -1) return { value: null, next };
        if (this.held.length < next + length + 2) return undefined;
        return { value: this.held.toString("utf8", next, next + length), next: next + length + 2 };
      }
      case "*": {
        const values: Reply[] = [];
        let at = next;
        for (let left = Number(rest); left > 0; left -= 1) {
          const found = this.read(at);
          if (found === undefined) return undefined;
          values.push(found.value);
          at = found.next;
        }
        return { value: values, next: at };
      }
      default:
        throw new RespError(`"${kind}" begins no value`);
    }
  }
}
