/**
 * What an attempt gives once it gives something; one that throws is made again.
 * @throws Error when it has given nothing within so many seconds, with the last thing that was wrong
 */
export async function until<T>(
  what: string,
  seconds: number,
  attempt: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  let last = "";
  while (Date.now() < end) {
    try {
      const found = await attempt();
      if (found !== undefined) return found;
    } catch (error) {
      last = `: ${error instanceof Error ? error.message : String(error)}`;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`${what}: not within ${seconds} s${last}`);
}
