/** Ctrl-C in a terminal reaches the CLI by itself; a signal sent to this process alone must be passed on. */
const SECONDS_UNTIL_PASSED_ON = 3;

/**
 * Ends a run cleanly on Ctrl-C: the engine finishes what is in flight, writes its state and gives its lock back. A
 * second signal within the engine's grace makes it stop at once, so one signal is never delivered twice.
 */
export class Interrupt {
  private readonly controller = new AbortController();
  private heard: () => boolean = () => false;
  private timer: NodeJS.Timeout | undefined;
  requested = false;

  constructor(private readonly say: (line: string) => void) {}

  /** Aborted when the signal must be passed on to the CLI. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Tells how to find out that the engine knows already. */
  watch(heard: () => boolean): void {
    this.heard = heard;
  }

  /** Runs `work` with SIGINT and SIGTERM caught. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    const handler = (signal: NodeJS.Signals) => this.request(signal);
    process.on("SIGINT", handler);
    process.on("SIGTERM", handler);
    try {
      return await work();
    } finally {
      clearTimeout(this.timer);
      process.off("SIGINT", handler);
      process.off("SIGTERM", handler);
    }
  }

  private request(signal: NodeJS.Signals): void {
    if (this.requested) return;
    this.requested = true;
    this.say("cancelling: what is in flight is finished first");
    const pass = () => {
      if (!this.heard()) this.controller.abort();
    };
    const terminal = signal === "SIGINT" && process.stdin.isTTY === true;
    if (terminal) this.timer = setTimeout(pass, SECONDS_UNTIL_PASSED_ON * 1000);
    else pass();
  }
}
