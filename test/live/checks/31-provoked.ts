import * as fs from "node:fs";
import * as path from "node:path";
import { alertLevels } from "../../../alerts/figures";
import { projectRoot } from "../../../tools/stack-file";
import type { Live, LiveCheck } from "../context";
import { carries, Inbox } from "../inbox";
import { unprovoked, waves } from "../provocations/all";
import type { Provocation } from "../provocations/provocation";
import { expect } from "../report";
import { secondsSince, until } from "../wait";

/** The longest window of an alert that is provoked, the first resend of its sender, and what a queue holds meanwhile. */
const ARRIVES_WITHIN = 1200;

/** Each critical alert comes about as it would on a bad day, and its message is kept (G2). */
export const provoked: LiveCheck = {
  id: 31,
  what: "what is critical is provoked, and arrives",
  smoke: false,
  byName: true,
  async run(live) {
    const check = live.report.check(this.id);
    const names = [...new Set(waves.flat().flatMap(({ alerts }) => alerts.map(({ alertname }) => alertname)))];
    const ready = await check.step("up, with no alert held longer than half a minute", async () => {
      await live.engine("up", {
        alerting: {
          // What happened in the hour before must not outweigh what happens now.
          thresholds: { availability: { objective: 0.99 }, planSuccess: { warning: 0.99 } },
          alerts: Object.fromEntries(names.map((name) => [name, { for: "30s" }])),
        },
      });
      return `ready after ${(await live.ready()).toFixed(0)} s`;
    });
    if (!ready) return;
    const messages: string[] = [];
    const step = async ({ what }: Provocation, labels: Provocation["alerts"][number], inbox: Inbox, begin: number) => {
      const { alertname, ...rest } = labels;
      const about = Object.values(rest).join(" ");
      await check.step(`${what}: ${[alertname, about].filter(Boolean).join(" ")}`, async () => {
        const { annotations, heldBackBy } = await outcome(live, inbox, { ...labels, severity: "critical" });
        const seconds = secondsSince(begin).toFixed(0);
        if (heldBackBy !== undefined) return `${seconds} s after it broke: held back by ${heldBackBy}, which arrived`;
        const { summary = "", description = "" } = annotations;
        messages.push(`- **${alertname}** because ${what}: ${summary} ${description}`);
        return `${seconds} s after it broke: ${description}`;
      });
    };
    for (const wave of waves) {
      const mends: (() => Promise<unknown>)[] = [];
      try {
        const inbox = new Inbox(live);
        const begin = Date.now();
        for (const each of wave) mends.push(await each.begin(live));
        await Promise.all(wave.flatMap((each) => each.alerts.map((labels) => step(each, labels, inbox, begin))));
      } finally {
        for (const mend of mends) await mend();
        await live.ready(300);
      }
    }
    const file = path.join(projectRoot, "build", "e2e", "messages.md");
    fs.writeFileSync(file, `${messages.sort().join("\n")}\n`);
    await check.step("every other critical alert has its reason", () => Promise.resolve(reasons(live, names)));
    await live.engine("up");
  },
};

interface Outcome {
  readonly annotations: Readonly<Record<string, string>>;
  /** The alert that keeps it from being told, where one does. */
  readonly heldBackBy?: string;
}

/** Waits until the alert arrives, or is held back by a cause that arrived. @throws NotInTime */
async function outcome(live: Live, inbox: Inbox, labels: Readonly<Record<string, string>>): Promise<Outcome> {
  return until(`arrival of ${JSON.stringify(labels)}`, ARRIVES_WITHIN, async () => {
    const told = (await inbox.about(labels)).flatMap(({ alerts }) => alerts);
    const [arrived] = told.filter((alert) => alert.status === "firing" && carries(alert, labels));
    if (arrived !== undefined) return { annotations: arrived.annotations };
    const [alertmanager] = live.alertmanagers;
    const held = (await alertmanager?.alerts(labels)) ?? [];
    const causes = held.flatMap(({ status }) => status.inhibitedBy);
    if (causes.length === 0) return undefined;
    const all = (await alertmanager?.alerts({})) ?? [];
    const cause = all.find(({ fingerprint }) => causes.includes(fingerprint));
    if (cause === undefined || (await inbox.about(cause.labels)).length === 0) return undefined;
    return { annotations: {}, heldBackBy: cause.labels["alertname"] ?? "" };
  });
}

function reasons(live: Live, names: readonly string[]): string {
  const critical = alertLevels(live.environment).flatMap((level) => /^(\w+) critical$/.exec(level)?.[1] ?? []);
  const left = critical.filter((name) => !names.includes(name));
  const silent = left.filter((name) => unprovoked[name] === undefined);
  expect(silent.length === 0, `neither provoked nor explained: ${silent.join(", ")}`);
  return left.map((name) => `${name}: ${unprovoked[name]}`).join("\n");
}
