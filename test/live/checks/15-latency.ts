import type { LiveCheck } from "../context";
import { measureLatency } from "../latency/latency";

export const latency: LiveCheck = {
  id: 15,
  what: "How long panels and pages take over a day of data",
  smoke: false,
  async run(live) {
    const check = live.report.check(this.id);
    await measureLatency(
      (what, work) => check.step(what, work),
      (line) => live.report.note(line),
    );
    check.skip(
      "panels of Loki and Tempo, and exemplars",
      "no lines and traces of a day are filled in: checks 6 and 14 ask for those that the stack has",
    );
  },
};
