import * as fs from "node:fs";
import * as path from "node:path";
import { alertLevels } from "../../../alerts/figures";
import { projectRoot } from "../../../tools/stack-file";
import type { Live, LiveCheck } from "../context";
import { Inbox } from "../inbox";
import { unprovoked, waves } from "../provocations/all";
import type { Provocation } from "../provocations/provocation";
import { expect } from "../report";
import { secondsSince } from "../wait";

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
        alerting: { alerts: Object.fromEntries(names.map((name) => [name, { for: "30s" }])) },
      });
      return `ready after ${(await live.ready()).toFixed(0)} s`;
    });
    if (!ready) return;
    const messages: string[] = [];
    const step = async ({ what, alerts }: Provocation, inbox: Inbox, begin: number) => {
      for (const labels of alerts) {
        const { alertname, ...rest } = labels;
        const about = Object.values(rest).join(" ");
        await check.step(`${what}: ${[alertname, about].filter(Boolean).join(" ")}`, async () => {
          const { alert } = await inbox.arrival("firing", { ...labels, severity: "critical" }, ARRIVES_WITHIN);
          const { summary = "", description = "" } = alert.annotations;
          messages.push(`- **${alertname}** because ${what}: ${summary} ${description}`);
          return `${secondsSince(begin).toFixed(0)} s after it broke: ${description}`;
        });
      }
    };
    for (const wave of waves) {
      const mends: (() => Promise<unknown>)[] = [];
      try {
        const inbox = new Inbox(live);
        const begin = Date.now();
        for (const each of wave) mends.push(await each.begin(live));
        await Promise.all(wave.map((each) => step(each, inbox, begin)));
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

function reasons(live: Live, names: readonly string[]): string {
  const critical = alertLevels(live.environment).flatMap((level) => /^(\w+) critical$/.exec(level)?.[1] ?? []);
  const left = critical.filter((name) => !names.includes(name));
  const silent = left.filter((name) => unprovoked[name] === undefined);
  expect(silent.length === 0, `neither provoked nor explained: ${silent.join(", ")}`);
  return left.map((name) => `${name}: ${unprovoked[name]}`).join("\n");
}
