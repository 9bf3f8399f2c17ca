import type { ProgressEvent, ResourceName } from "./progress";

/** Where lines go; a terminal also gets a live block of what is waited for. */
export interface Screen {
  readonly write: (text: string) => void;
  readonly live: boolean;
  readonly columns: number;
}

const OPERATIONS: Readonly<Record<string, string>> = {
  create: "made",
  update: "changed",
  delete: "deleted",
  replace: "replaced",
  "create-replacement": "made anew",
  "delete-replaced": "old deleted",
  import: "imported",
};

/** Lines at the bottom of a terminal that are redrawn; more would scroll away what is above. */
const LIVE_LINES = 8;
/** Without a terminal, a wait is mentioned this often. */
const MENTION_SECONDS = 15;

interface Waiting {
  readonly resource: ResourceName;
  readonly since: number;
  message: string;
  mentioned: number;
}

/** Prints a run: one line for each resource that is done, and what is waited for. */
export class Printer {
  private readonly waiting = new Map<string, Waiting>();
  private drawn = 0;
  private readonly begin = Date.now();

  constructor(private readonly screen: Screen = terminal()) {}

  /** Time since the beginning and a text. */
  readonly line = (text: string): void => {
    this.erase();
    const seconds = ((Date.now() - this.begin) / 1000).toFixed(1).padStart(6);
    this.screen.write(`${seconds} s  ${text}\n`);
    this.draw();
  };

  readonly show = (event: ProgressEvent): void => {
    switch (event.type) {
      case "started": {
        const { urn, kind } = event.change;
        const now = Date.now();
        if (kind !== "Stack")
          this.waiting.set(urn, { resource: event.change, since: now, message: "", mentioned: now });
        return this.redraw();
      }
      case "done": {
        const { urn, kind, name, operation } = event.change;
        this.waiting.delete(urn);
        if (kind === "Stack" || event.change.operation === "delete-replaced") return this.redraw();
        const took = event.seconds >= 1 ? ` (${event.seconds.toFixed(1)} s)` : "";
        return this.line(`${(OPERATIONS[operation] ?? operation).padEnd(9)} ${kind} ${name}${took}`);
      }
      case "failed":
        this.waiting.delete(event.change.urn);
        return this.line(`FAILED    ${event.change.kind} ${event.change.name}`);
      case "waiting":
        return this.wait(event.resource, event.message);
      case "warning":
        return this.line(
          `warning   ${event.resource ? `${event.resource.kind} ${event.resource.name}: ` : ""}${event.message}`,
        );
      case "error":
        // The command's own message at the end has them all, together.
        return this.redraw();
    }
  };

  /** Takes the live block away; nothing is drawn after it. */
  end(): void {
    this.waiting.clear();
    this.erase();
  }

  private wait(resource: ResourceName, message: string): void {
    const entry = this.waiting.get(resource.urn);
    if (entry === undefined) return;
    entry.message = message.split("\n")[0] ?? "";
    if (this.screen.live) return this.redraw();
    if (Date.now() - entry.mentioned < MENTION_SECONDS * 1000) return;
    entry.mentioned = Date.now();
    this.line(waitingLine(entry));
  }

  private redraw(): void {
    this.erase();
    this.draw();
  }

  private erase(): void {
    if (this.drawn > 0) this.screen.write(`\u001b[${this.drawn}A\u001b[0J`);
    this.drawn = 0;
  }

  private draw(): void {
    if (!this.screen.live) return;
    const all = [...this.waiting.values()];
    const lines = all.slice(0, LIVE_LINES).map((entry) => `         ${waitingLine(entry)}`);
    if (all.length > LIVE_LINES) lines.push(`         and ${all.length - LIVE_LINES} more`);
    for (const line of lines) this.screen.write(`${line.slice(0, this.screen.columns - 1)}\n`);
    this.drawn = lines.length;
  }
}

function waitingLine({ resource, since, message }: Waiting): string {
  const seconds = Math.round((Date.now() - since) / 1000);
  return `waiting   ${resource.kind} ${resource.name} ${seconds} s${message === "" ? "" : `: ${message}`}`;
}

function terminal(): Screen {
  const { stdout } = process;
  return { write: (text) => stdout.write(text), live: stdout.isTTY === true, columns: stdout.columns ?? 120 };
}

/** A table with left-aligned columns, as wide as their widest cell. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
