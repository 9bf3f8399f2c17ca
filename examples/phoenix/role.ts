import type { Logger } from "../../emission";
import type { Cache } from "./cache/client";
import { noFaults, type Faults } from "./faults";
import { Failure } from "./errors";
import type { Settings } from "./settings";
import type { Telemetry } from "./telemetry";

/** What every role is made of. */
export interface Parts {
  readonly settings: Settings;
  readonly telemetry: Telemetry;
  readonly log: Logger;
  readonly faults: SharedFaults;
  readonly cache: Cache;
}

/** A role that runs. */
export interface Running {
  /** Takes no more work, and ends what it has begun. */
  stop(): Promise<void>;
}

/** The key under which the API leaves faults for all roles. */
export const FAULTS_KEY = "faults";

const POLL_MILLISECONDS = 1000;

/** The faults that hold now: those that were set at run time, else those of the settings. */
export class SharedFaults {
  current: Faults;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly configured: Faults = noFaults,
    private readonly log?: Logger,
  ) {
    this.current = configured;
  }

  /** Reads them each second, from the cache that the API writes them to. A cache that doesn't answer changes nothing. */
  follow(cache: Cache): void {
    const read = async () => {
      try {
        const text = await cache.peek(FAULTS_KEY);
        this.take(text === undefined ? this.configured : (JSON.parse(text) as Faults));
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
      }
      // Stopped while it read: a timer from now on would have nobody to end it.
      if (!this.stopped) this.timer = setTimeout(() => void read(), POLL_MILLISECONDS);
    };
    void read();
  }

  take(faults: Faults): void {
    if (JSON.stringify(faults) === JSON.stringify(this.current)) return;
    this.current = faults;
    this.log?.warn("faults changed", { metadata: { ...faults }, tags: ["faults"] });
  }

  /** What a request goes through: it waits, and perhaps fails. @throws Failure of the type `injected` */
  async strike(): Promise<void> {
    const { latency, errors } = this.current;
    if (latency > 0) await sleep(latency * 1000);
    if (Math.random() < errors) throw new Failure("injected", "a fault was injected");
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }
}

export const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
