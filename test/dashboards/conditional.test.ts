import { pages } from "../../dashboards";
import { whyEmpty } from "../../dashboards/conditional";
import { refIdOf } from "../../dashboards/language/panel";
import { alertSeries, node, scrape, workloads, type MajorVersion } from "../../signals";
import { conditionalLabels, onlyWhere } from "../../signals/conditional";
import { parseEnvironment } from "../../stacks/environment";
import { catalogue } from "../../stacks/systems";

const pagesOf = (majorVersion: MajorVersion) => pages(parseEnvironment("local", { tempo: { majorVersion } }));
const panelsOf = (majorVersion: MajorVersion) =>
  pagesOf(majorVersion).flatMap(({ rows }) => rows.flatMap(({ panels }) => panels));

it("every declared exception is about queries that there are", () => {
  const idle = [...panelsOf("2"), ...panelsOf("3")].filter(({ mayBeEmpty, queries }) =>
    mayBeEmpty?.refIds?.some((refId) => !queries.some((_, index) => refIdOf(index) === refId)),
  );
  expect(idle.map(({ title }) => title)).toEqual([]);
});

it.each(["2", "3"] as const)("at most one query in twenty may be empty, with Tempo %s", (majorVersion) => {
  const shown = pagesOf(majorVersion);
  const queries = shown.flatMap(({ uid, rows }) =>
    rows.flatMap(({ panels }) =>
      panels.flatMap(({ title, queries: of }) => of.map((_, index) => ({ uid, title, refId: refIdOf(index) }))),
    ),
  );
  const declared = queries.filter(({ uid, title, refId }) => whyEmpty(shown, uid, title, refId) !== undefined);
  expect(declared.length).toBeGreaterThan(0);
  expect(declared.length / queries.length).toBeLessThanOrEqual(0.05);
});

it("every condition is about labels that the metric has", () => {
  const idle = catalogue.metrics.flatMap(({ name, labels, conditions = [] }) =>
    conditions.flatMap((condition) =>
      Array.isArray(condition.labels) && !condition.labels.some((label) => labels.includes(label as string))
        ? [`${name}: ${condition.only}`]
        : [],
    ),
  );
  expect(idle).toEqual([]);
});

it("a condition says when a metric, or a label of it, is there", () => {
  expect(onlyWhere(node.node_md_disks.metric)).toBe("on hosts with software RAID");
  expect(onlyWhere(scrape.up.metric)).toBeUndefined();
  expect([...conditionalLabels(node.node_network_info.metric).missing]).toEqual(["ifalias"]);
  expect(conditionalLabels(alertSeries.ALERTS.metric).others).toBe(true);
  expect(onlyWhere(workloads.namespaceCpuLimits.metric)).toBe("for containers with a CPU limit");
});
