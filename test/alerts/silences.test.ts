import {
  matcherOf,
  matcherText,
  silenceChanges,
  silencesOf,
  type ExistingSilence,
  type WantedSilence,
} from "../../alerts/silences";
import { everything } from "./support/environments";

const now = new Date("2026-11-21T10:00:00Z");
const environment = everything("2");
const silence = (more: object) => ({ author: "jane", comment: "disks are swapped", duration: "2h", ...more });
const read = (...silences: object[]) => silencesOf({ silences }, environment, now);

function faults(...silences: object[]): string[] {
  const result = read(...silences);
  return result.faults.map(({ key, value, reason, fix }) => [key, value, reason, fix].filter(Boolean).join("; "));
}

function wanted(...silences: object[]): readonly WantedSilence[] {
  const result = read(...silences);
  if (!("wanted" in result)) throw new Error(JSON.stringify(result.faults));
  return result.wanted;
}

test("what is silenced, from when to when", () => {
  const [now2h, later] = wanted(
    silence({ matchers: ['alertname="HostDiskHigh"', 'instance=~"node-1.*"'] }),
    silence({ matchers: ['team="product"'], starts: "2026-12-24T18:00:00+01:00", duration: "8h" }),
  );
  expect(now2h).toMatchObject({
    matchers: [
      { name: "alertname", value: "HostDiskHigh", isRegex: false, isEqual: true },
      { name: "instance", value: "node-1.*", isRegex: true, isEqual: true },
    ],
    startsAt: "2026-11-21T10:00:00.000Z",
    endsAt: "2026-11-21T12:00:00.000Z",
    createdBy: "jane",
  });
  expect(later).toMatchObject({ startsAt: "2026-12-24T17:00:00.000Z", endsAt: "2026-12-25T01:00:00.000Z" });
});

test.each(['a="b"', 'a!="b"', 'a=~"b|c"', 'a!~"b.*"', 'a="say \\"b\\" \\\\"'])(
  "%s is read and written alike",
  (text) => {
    const matcher = matcherOf(text);
    expect(matcher && matcherText(matcher)).toBe(text);
  },
);

const disk = 'alertname="HostDiskHigh"';
test.each<[string, object, string]>([
  [
    "a silence without an end",
    { matchers: [disk], duration: undefined },
    'silences[0]; has no end: the alert would be off for good, and nobody would see it; duration: 2h, or ends: "…"',
  ],
  [
    "an end twice",
    { matchers: [disk], ends: "2026-11-22T00:00:00Z" },
    "silences[0]; has both duration and ends; take one of them away",
  ],
  [
    "an end before the start",
    { matchers: [disk], duration: undefined, starts: "2026-11-22T00:00:00Z", ends: "2026-11-21T00:00:00Z" },
    "silences[0].ends; 2026-11-21T00:00:00Z; is before it starts; after 2026-11-22T00:00:00Z",
  ],
  [
    "an alert that there is not",
    { matchers: ['alertname="HostDiskHgih"'] },
    'silences[0].matchers; HostDiskHgih; no alert has this name; did you mean "HostDiskHigh"?',
  ],
  [
    "a pattern that no alert meets",
    { matchers: ['alertname=~"HostDsk.*"'] },
    expect.stringMatching(/^silences\[0\]\.matchers; HostDsk\.\*; no alert has this name/) as string,
  ],
  [
    "a label that the alert doesn't have",
    { matchers: [disk, 'mountpiont="/"'] },
    'silences[0].matchers; mountpiont; no alert that is meant has this label; did you mean "mountpoint"?',
  ],
  [
    "a silence of everything",
    { matchers: ['alertname=~".*"'] },
    'silences[0].matchers; matches every alert, or nearly so: nobody would hear of anything; name what is to be silent: alertname="HostDiskHigh"',
  ],
  [
    "what is no matcher",
    { matchers: ["HostDiskHigh"] },
    'silences[0].matchers[0]; HostDiskHigh; is no matcher; a label, one of = != =~ !~ and a value in quotes: alertname="HostDiskHigh"',
  ],
  ["nobody's silence", { matchers: [disk], author: undefined }, "silences[0].author; is missing; add it"],
  [
    "a typo in a key",
    { matchers: [disk], comemnt: "x" },
    'silences[0].comemnt; is not a known key; did you mean "comment"?',
  ],
])("refuses %s", (_, more, fault) => {
  expect(faults(silence(more))).toEqual([fault]);
});

test("every fault of a file comes at once", () => {
  const said = faults(
    silence({ matchers: ['alertname="HostDiskHgih"'] }),
    silence({ matchers: [disk], duration: undefined }),
  );
  expect(said).toHaveLength(2);
});

describe("the same again", () => {
  const there = (of: WantedSilence | undefined, more: Partial<ExistingSilence> = {}): ExistingSilence => {
    if (of === undefined) throw new Error("there is none");
    return { ...of, id: "1", status: { state: "active" }, ...more };
  };
  const actions = (wish: readonly WantedSilence[], ...existing: ExistingSilence[]) =>
    silenceChanges(wish, existing, now).map(({ action }) => action);
  const fixed = { matchers: [disk], starts: "2026-11-21T09:00:00Z" };

  test("is not made twice, and not made longer", () => {
    const wish = wanted(silence({ matchers: [disk] }));
    expect(actions(wish)).toEqual(["add"]);
    expect(actions(wish, there(wish[0], { endsAt: "2026-11-21T10:30:00.000Z" }))).toEqual(["keep"]);
    expect(actions(wish, there(wish[0], { status: { state: "expired" } }))).toEqual(["add"]);
    expect(actions(wish, there(wish[0], { comment: "another reason" }))).toEqual(["add"]);
  });

  test("with another end changes the one that is there", () => {
    const wish = wanted(silence(fixed));
    expect(actions(wish, there(wish[0]))).toEqual(["keep"]);
    expect(actions(wanted(silence({ ...fixed, duration: "3h" })), there(wish[0]))).toEqual(["change"]);
  });

  test("is left alone once it is over", () => {
    expect(actions(wanted(silence({ ...fixed, duration: "30m" })))).toEqual(["over"]);
  });
});
