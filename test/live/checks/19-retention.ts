import type { LiveCheck } from "../context";
import { checkBlocks } from "../local/blocks";
import { checkCounts } from "../local/counts";
import { checkSpanLimits } from "../local/spans";
import { checkStreams } from "../local/streams";
import { checkTiers } from "../local/tiers";

export const retention: LiveCheck = {
  id: 19,
  what: "What is kept, and what goes",
  smoke: false,
  async run(live) {
    const check = live.report.check(this.id);
    const step = (what: string, work: () => Promise<string>) => check.step(what, work);
    await checkTiers(step);
    await checkStreams(step);
    await checkBlocks(step);
    await checkCounts(step);
    await checkSpanLimits(step);
  },
};
