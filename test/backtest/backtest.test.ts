import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { backtest } from "../../tools/backtest/backtest";
import type { Source } from "../../tools/backtest/history";
import type { Replay } from "../../tools/backtest/model";
import { changedSubjects, namedSubjects } from "../../tools/backtest/subjects";
import { Workshop } from "../../tools/backtest/store";
import { fateText, toldText, verdict } from "../../tools/backtest/words";
import { KitError } from "../../tools/testbed/shell";
import { read, small } from "../review/pair";
import { describeWith } from "../support/programs";

/** Real replays of changes whose effect is known by how the history is made. */

jest.setTimeout(300_000);

const minute = 60_000;
const at = (clock: string) => Date.parse(`2026-11-29T${clock}Z`);

/** A sample each 15 s from 06:00 to 12:00. @param value at a time; undefined where nothing was scraped */
function series(labels: Record<string, string>, value: (time: number) => number | undefined): string {
  const values: number[] = [];
  const timestamps: number[] = [];
  for (let time = at("06:00"); time <= at("12:00"); time += 15_000) {
    const sample = value(time);
    if (sample === undefined) continue;
    values.push(sample);
    timestamps.push(time);
  }
  return JSON.stringify({ metric: labels, values, timestamps });
}

const between = (time: number, from: string, to: string) => time >= at(from) && time < at(to);
/** At 85 % from 10:00 to 10:40. */
const busy = (time: number) => (between(time, "10:00", "10:40") ? 85 : 20);
const history = [
  series({ __name__: "cpu", instance: "a" }, busy),
  series({ __name__: "cpu", instance: "b" }, () => 10),
  series({ __name__: "holed", instance: "a" }, (time) => (between(time, "10:15", "10:25") ? undefined : busy(time))),
  // Ends for five minutes, and is back for another five.
  series({ __name__: "flaps" }, (time) => (between(time, "10:10", "10:15") ? 0 : busy(time))),
  // A request each second from the beginning, two from 11:00 on.
  series({ __name__: "requests_total" }, (time) => (time - at("06:00") + Math.max(0, time - at("11:00"))) / 1000),
].join("\n");

interface Given {
  alert?: string;
  record?: string;
  expr: string;
  for?: string;
  keep_firing_for?: string;
  labels?: Record<string, string>;
}
/** The small environment with these rules alone, each in a group of its own, and with its receivers. */
function environment(evaluator: "prometheus" | "loki", rules: readonly Given[]) {
  const state = small();
  const groups = rules.map((rule, index) => ({ name: `g${index}`, rules: [rule] }));
  state.rules = { groups: [] };
  state.config[`${evaluator}/rules/all.yaml`] = stringify({ groups });
  return read(state);
}

/** Each rule before and after; names of what they are about. */
const critical = { severity: "critical" };
const above = (alert: string, limit: number, more: Partial<Given> = {}): Given => ({
  alert,
  expr: `max by (instance) (cpu) > ${limit}`,
  for: "5m",
  labels: critical,
  ...more,
});
/** Now the one side of an `or`, now the other, which has the label already that the rule sets. */
const either: Given = {
  record: "either",
  expr: 'max by (instance) (cpu{instance="a"} > 80) or on (instance) label_replace(cpu{instance="a"}, "of", "x", "", "")',
  labels: { of: "x" },
};
const before: Given[] = [
  above("Higher", 80),
  above("Lower", 90),
  above("Slower", 80),
  above("OldName", 80, { labels: { ...critical, of: "name" } }),
  above("Quieter", 80),
  above("Kept", 80),
  above("Gone", 80),
  { alert: "Recorded", expr: "average > 40", for: "0s", labels: critical },
  // The order of files says nothing of the order in which rules read each other.
  { record: "average", expr: "avg_over_time(highest[10m])" },
  { record: "highest", expr: "max(cpu)" },
  { alert: "Holed", expr: "holed > 80", for: "5m", labels: critical },
  { alert: "Absent", expr: "nothing_of_this > 1", labels: critical },
  { alert: "Flapping", expr: "flaps > 80", for: "2m", labels: critical },
  { alert: "Long", expr: "rate(requests_total[8h]) > 9", labels: critical },
  { alert: "Rate", expr: "rate(requests_total[5m]) > 3", for: "5m", labels: critical },
  { alert: "Joined", expr: "cpu * on () cpu > 1", labels: critical },
  { alert: "JoinedBelow", expr: "joined > 1", labels: critical },
  { record: "joined", expr: "cpu * on () cpu" },
  { alert: "Either", expr: "either > 80", for: "5m", labels: critical },
  either,
];
const after: Given[] = [
  above("Higher", 90),
  above("Lower", 80),
  above("Slower", 80, { for: "15m" }),
  above("NewName", 80, { labels: { ...critical, of: "name" } }),
  above("Quieter", 80, { labels: { severity: "info" } }),
  above("Kept", 80, { keep_firing_for: "10m" }),
  { alert: "Recorded", expr: "average > 40", for: "0s", labels: critical },
  { record: "average", expr: "avg_over_time(highest[20m])" },
  { record: "highest", expr: "max(cpu)" },
  { alert: "Holed", expr: "holed > 70", for: "5m", labels: critical },
  { alert: "Absent", expr: "nothing_of_this > 2", labels: critical },
  { alert: "Flapping", expr: "flaps > 80", for: "2m", keep_firing_for: "6m", labels: critical },
  { alert: "Long", expr: "rate(requests_total[8h]) > 10", labels: critical },
  { alert: "Rate", expr: "rate(requests_total[5m]) > 1.5", for: "5m", labels: critical },
  { ...above("New", 80), expr: "min by (instance) (cpu) > 80" },
  // A join that finds several series on both sides, which only the server sees.
  { alert: "Joined", expr: "cpu * on () cpu > 2", labels: critical },
  { alert: "JoinedBelow", expr: "joined > 2", labels: critical },
  { record: "joined", expr: "cpu * on () cpu" },
  { alert: "Either", expr: "either > 70", for: "5m", labels: critical },
  either,
];

/** Which of two series a server complains of first is chance. */
const alike = (value: unknown): string =>
  JSON.stringify(value, undefined, 1).replace(/\{instance=\\"[ab]\\"\} and \{instance=\\"[ab]\\"\}/g, "two series");

describeWith("vmalert", "a backtest", (evaluator) =>
  describeWith("victoria-metrics", "by real servers", (store) => {
    const folder = mkdtempSync(join(tmpdir(), "backtest-test-"));
    const source: Source = { flag: "data", file: join(folder, "history.jsonl") };
    const programs = { evaluator, store };
    const window = { from: at("07:00") / 1000, to: at("12:00") / 1000 };
    let replays: readonly Replay[] = [];
    const found = (name: string) => {
      const replay = replays.find((each) => each.name === name);
      if (replay === undefined) throw new Error(`${name} was not replayed`);
      return replay;
    };
    const told = (name: string) => found(name).pages.map((page) => fateText(page, found(name).action));
    const leftovers = () =>
      readdirSync(tmpdir()).filter((name) => name.startsWith(`observability-backtest-${process.pid}-`));

    beforeAll(async () => {
      writeFileSync(source.file, history);
      const [old, now] = [environment("prometheus", before), environment("prometheus", after)];
      const works = [{ before: old, after: now, subjects: changedSubjects(old, now) }];
      [replays = []] = await backtest(works, { source, ...window }, programs);
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    test("a page goes with a threshold above what there was", () => {
      expect(told("Higher")).toEqual(["goes: 2026-11-29 10:05 for 35 min"]);
      expect(found("Higher").told.map(toldText)).toEqual(["1 → 0 pages, 35 min → 0 s"]);
    });

    test("it comes with one below", () => {
      expect(told("Lower")).toEqual(["comes: 2026-11-29 10:05 for 35 min"]);
      expect(found("Lower").pages[0]?.after).toMatchObject({ of: { instance: "a" }, told: ["oncall (webhook)"] });
    });

    test("it moves by ten minutes with a `for` that is ten minutes longer", () => {
      expect(told("Slower")).toEqual([
        "moves: begins 10 min later: 2026-11-29 10:05 for 35 min → 2026-11-29 10:15 for 25 min",
      ]);
    });

    test("a rule with a new name is no new one", () => {
      expect(found("NewName")).toMatchObject({ formerly: "OldName", action: "renamed" });
      expect(told("NewName")).toEqual(["stays: 2026-11-29 10:05 for 35 min"]);
    });

    test("a severity that routes to nobody is told to others", () => {
      expect(told("Quieter")).toEqual(["is told to nobody instead of oncall (webhook): 2026-11-29 10:05 for 35 min"]);
      expect(found("Quieter").told.map((each) => `${each.receiver}: ${toldText(each)}`)).toEqual([
        "nobody: 0 → 1 page, 0 s → 35 min",
        "oncall (webhook): 1 → 0 pages, 35 min → 0 s",
      ]);
    });

    test("keep_firing_for, which vmalert's replay ignores, is counted", () => {
      expect(told("Kept")).toEqual([
        "moves: ends 10 min later: 2026-11-29 10:05 for 35 min → 2026-11-29 10:05 for 45 min",
      ]);
      expect(told("Flapping")).toEqual([
        "moves: ends 36 min later: 2026-11-29 10:02 for 8 min → 2026-11-29 10:02 for 44 min",
        "goes: 2026-11-29 10:17 for 23 min",
      ]);
    });

    test("what comes from either side of an or is one series over all of the time", () => {
      expect(told("Either")).toEqual(["stays: 2026-11-29 10:05 for 35 min"]);
    });

    test("what is gone and what is new has one side", () => {
      expect(told("Gone")).toEqual(["goes: 2026-11-29 10:05 for 35 min"]);
      expect(told("New")).toEqual(["comes: 2026-11-29 10:05 for 35 min"]);
      expect(found("New").before).toBeUndefined();
    });

    test("a rule that only reads something else is replayed too, its recordings in their order", () => {
      // 40 is reached when 20/65 of the window lies within the forty minutes, and left when as much is before their end.
      expect(found("Recorded").action).toBe("changed");
      const [change, ...more] = found("Recorded").pages;
      expect(more).toEqual([]);
      expect(change?.fate).toBe("moves");
      const minutes = (moment: number | undefined) => ((moment ?? 0) * 1000 - at("10:00")) / minute;
      expect(minutes(change?.before?.span.from)).toBeCloseTo(3, -0.5);
      expect(minutes(change?.after?.span.from)).toBeCloseTo(6, -0.5);
      expect(minutes(change?.after?.span.to)).toBeGreaterThan(minutes(change?.before?.span.to));
    });

    test("a gap is said, and nothing fires in it", () => {
      const { gaps, notes } = found("Holed");
      expect(gaps).toEqual([{ from: at("10:15") / 1000, to: at("10:25") / 1000 }]);
      expect(notes).toEqual([
        "The history has nothing of what it reads for 10 min from 2026-11-29 10:15: there it could not fire.",
      ]);
      expect(found("Holed").pages).toHaveLength(2);
    });

    test("what is not in the history is no quiet rule", () => {
      expect(verdict(found("Absent"))).toBe("no data: the history has no series of nothing_of_this, before and after");
    });

    test("a window longer than the history is said, and so is what MetricsQL counts otherwise", () => {
      expect(verdict(found("Long"))).toBe("quiet, before and after");
      expect(found("Long").notes[0]).toBe(
        "Its windows reach 8 h back, and the history begins at 2026-11-29 06:00: until 2026-11-29 14:00 it sees less than it asks for.",
      );
      expect(found("Rate").notes).toEqual([expect.stringContaining("extrapolates rate, increase and delta")]);
      expect(told("Rate")).toEqual([expect.stringMatching(/^comes: 2026-11-29 11:0[78]/)]);
    });

    test("two hours that are repeated fill a window of eight", async () => {
      const expr = "increase(requests_total[8h]) > 28000";
      const now = environment("prometheus", [{ alert: "Day", expr, for: "0s", labels: critical }]);
      const works = [{ before: undefined, after: now, subjects: namedSubjects(now, undefined) }];
      const asked = { source, from: at("06:00") / 1000, to: at("08:00") / 1000, repeat: 12 * 3600 };
      const [[day] = []] = await backtest(works, asked, programs);
      expect(day?.window).toEqual({ from: at("06:00") / 1000, to: at("18:00") / 1000 });
      // Two hours add 7,185 requests: from scrape to scrape, with none at the seam.
      const [page, ...more] = day?.pages ?? [];
      expect(more).toEqual([]);
      expect(((page?.after?.span.from ?? 0) * 1000 - at("06:00")) / minute).toBeCloseTo(468, -1);
      expect(page?.after?.span.to).toBeGreaterThanOrEqual(at("17:59") / 1000);
    });

    test("nothing is left behind, neither a folder nor a server", () => {
      expect(leftovers()).toEqual([]);
    });

    test("a server's history is the same, and what is saved of it too", async () => {
      const workshop = new Workshop(programs);
      const save = join(folder, "saved.jsonl.gz");
      try {
        const server = await workshop.store("server");
        await server.add(history);
        await server.flush();
        const [old, now] = [environment("prometheus", before), environment("prometheus", after)];
        const works = [{ before: old, after: now, subjects: changedSubjects(old, now) }];
        const url: Source = { flag: "url", url: server.url };
        expect(alike(await backtest(works, { source: url, ...window, save }, programs))).toEqual(alike([replays]));
        expect(await server.samples("ALERTS")).toEqual([]);
        const again = await backtest(works, { source: { flag: "data", file: save }, ...window }, programs);
        expect(alike(again)).toEqual(alike([replays]));
      } finally {
        await workshop.close();
      }
    });

    test("logs are not replayed, and say why", async () => {
      const rule = (limit: number): Given[] => [
        { alert: "Logs", expr: `sum(rate({app="a"} |= "x" [5m])) > ${limit}`, labels: critical },
      ];
      const [old, now] = [environment("loki", rule(1)), environment("loki", rule(2))];
      const works = [{ before: old, after: now, subjects: changedSubjects(old, now) }];
      const [[logs] = []] = await backtest(works, { source, ...window }, programs);
      expect(logs && verdict(logs)).toBe("not replayed: Loki evaluates it, on logs, before and after");
    });

    test("a rule that the server refuses has its words, and the others are replayed all the same", () => {
      expect(verdict(found("Joined"))).toMatch(/^not replayed: duplicate time series on the left side of /);
      expect(verdict(found("JoinedBelow"))).toMatch(/^not replayed: it reads joined: duplicate time series/);
    });

    test("a file that vmalert refuses ends it with its words, and leaves nothing behind", async () => {
      const rule = (limit: number): Given[] => [
        { alert: "Wrong", expr: `cpu > ${limit}`, for: "soon", labels: critical },
      ];
      const [old, now] = [environment("prometheus", rule(1)), environment("prometheus", rule(2))];
      const works = [{ before: old, after: now, subjects: changedSubjects(old, now) }];
      const failing = backtest(works, { source, ...window }, programs);
      await expect(failing).rejects.toThrow(KitError);
      await expect(failing).rejects.toThrow(/vmalert refused to replay: .*soon/s);
      expect(leftovers()).toEqual([]);
    });
  }),
);
