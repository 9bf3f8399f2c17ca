import { checkAws } from "../aws";
import type { LiveCheck } from "../context";
import { expect } from "../report";

export const aws: LiveCheck = {
  id: 12,
  what: "AWS without an account",
  smoke: true,
  async run(live) {
    const check = live.report.check(this.id);
    await check.step("buckets, policies and roles on moto; IAM documents through parliament", async () => {
      const { ok, figure } = await checkAws((line) => live.report.note(line));
      expect(ok, figure);
      return figure;
    });
    check.skip("AWS itself", "not verified: there is no account");
  },
};
