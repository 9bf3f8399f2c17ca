import type { LiveCheck } from "../context";
import { checkPolicies } from "../policy-run";
import { expect } from "../report";

export const policies: LiveCheck = {
  id: 22,
  what: "policies judge what the engine is asked for",
  smoke: true,
  async run(live) {
    const check = live.report.check(this.id);
    await check.step("the real engine lets the stack pass, and refuses two violations by name", async () => {
      const { ok, figure } = await checkPolicies(live.target);
      expect(ok, figure);
      return figure;
    });
  },
};
