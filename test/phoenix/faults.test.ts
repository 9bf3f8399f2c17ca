import type { Cache } from "../../examples/phoenix/cache/client";
import { Failure } from "../../examples/phoenix/errors";
import { SharedFaults } from "../../examples/phoenix/role";

/** What the cache answers, when a test says so. */
type Answer = (text: string | undefined | Error) => void;

function following(): { faults: SharedFaults; asked: Answer[] } {
  const asked: Answer[] = [];
  const peek = () =>
    new Promise<string | undefined>((resolve, reject) =>
      asked.push((text) => (text instanceof Error ? reject(text) : resolve(text))),
    );
  const faults = new SharedFaults();
  faults.follow({ peek } as unknown as Cache);
  return { faults, asked };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test("faults are read each second, also after the cache did not answer", async () => {
  const { faults, asked } = following();
  asked[0]?.('{"errors":0.5,"latency":0,"load":1}');
  await jest.advanceTimersByTimeAsync(1000);
  expect(faults.current.errors).toBe(0.5);
  asked[1]?.(new Failure("unavailable", "cache: gone"));
  await jest.advanceTimersByTimeAsync(1000);
  expect(asked).toHaveLength(3);
  faults.stop();
});

test.each([undefined, new Failure("unavailable", "cache: gone")])(
  "whoever ends while the cache is asked does not ask again, whatever it answers: %p",
  async (answer) => {
    const { faults, asked } = following();
    faults.stop();
    asked[0]?.(answer);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(asked).toHaveLength(1);
    expect(jest.getTimerCount()).toBe(0);
  },
);
