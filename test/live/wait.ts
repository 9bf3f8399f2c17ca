import { setTimeout as pause } from "node:timers/promises";

/** Something did not come about in its time; the message says what, how long, and what was seen last. */
export class NotInTime extends Error {}

/**
 * Asks until there is an answer. What `ask` throws counts as "not yet", and is named if the time runs out.
 * @param what what is waited for, as the end of the sentence "no … within 30 s"
 * @param seconds the limit
 * @param ask gives the answer, or undefined when there is none yet
 * @throws NotInTime
 */
export async function until<T>(
  what: string,
  seconds: number,
  ask: () => Promise<T | undefined>,
  everySeconds = 1,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  let last = "";
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
      last = "";
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    if (Date.now() >= end) throw new NotInTime(`no ${what} within ${seconds} s${last === "" ? "" : `: ${last}`}`);
    await pause(everySeconds * 1000);
  }
}

/** The same for something that must become true; `false` and a string (the reason) count as "not yet". */
export async function untilTrue(
  what: string,
  seconds: number,
  ask: () => Promise<boolean | string>,
  everySeconds = 1,
): Promise<void> {
  await until(
    what,
    seconds,
    async () => {
      const answer = await ask();
      if (typeof answer === "string") throw new Error(answer);
      return answer ? true : undefined;
    },
    everySeconds,
  );
}

export const secondsSince = (begin: number): number => (Date.now() - begin) / 1000;
