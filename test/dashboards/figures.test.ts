import { figures } from "../../dashboards/figures";
import { pages } from "../../dashboards";
import { parseEnvironment } from "../../stacks/environment";

it("counts what the pages hold, and fewer when a system is off", () => {
  const environment = parseEnvironment("local", {});
  const all = figures(environment);
  expect(all.dashboards).toBe(pages(environment).length);
  expect(all.queries).toBeGreaterThan(all.panels);
  expect(all.rawParts).toBe(0);
  expect(all.declaredEmpty).toBeGreaterThan(0);
  expect(all.declaredEmpty).toBeLessThanOrEqual(all.queries / 20);
  expect(all.declaredAbsent).toBeGreaterThan(0);
  const fewer = figures(
    parseEnvironment("local", {
      systems: { tempo: { enabled: false } },
      stages: ["metrics", "logs", "alerts", "dashboards"],
    }),
  );
  expect(fewer.dashboards).toBe(all.dashboards - 2);
  expect(fewer.panels).toBeLessThan(all.panels);
  expect(fewer.metrics).toBe(all.metrics);
});
