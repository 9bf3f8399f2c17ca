import { pages } from "../../dashboards";
import { mayBeEmpty, whyEmpty } from "../../dashboards/conditional";
import { refIdOf } from "../../dashboards/kit/panel";
import { type Dialect } from "../../signals";
import { conditional, conditionalLabels, onlyWhere } from "../../signals/conditional";
import { parseEnvironment } from "../../stacks/environment";
import { catalogue } from "../../stacks/systems";

const queriesOf = (dialect: Dialect) =>
  pages(parseEnvironment("local", { tempo: { dialect } })).flatMap(({ uid, rows }) =>
    rows.flatMap(({ panels }) =>
      panels.flatMap(({ title, queries: of }) => of.map((_, index) => ({ uid, title, refId: refIdOf(index) }))),
    ),
  );
const byDialect = { "2": queriesOf("2"), "3": queriesOf("3") };
const declaredIn = (queries: ReturnType<typeof queriesOf>) =>
  queries.filter(({ uid, title, refId }) => whyEmpty(uid, title, refId) !== undefined);

it("every declared exception is about queries that there are", () => {
  const queries = [...byDialect["2"], ...byDialect["3"]];
  const declared = declaredIn(queries);
  const idle = mayBeEmpty.filter(
    (entry) =>
      !declared.some(({ uid, title, refId }) => whyEmpty(uid, title, refId) === entry) ||
      entry.refIds?.some(
        (wanted) =>
          !queries.some(({ uid, title, refId }) => uid === entry.page && title === entry.panel && refId === wanted),
      ),
  );
  expect(idle).toEqual([]);
});

it.each(["2", "3"] as const)("at most one query in twenty may be empty, with Tempo %s", (dialect) => {
  const queries = byDialect[dialect];
  expect(declaredIn(queries).length / queries.length).toBeLessThanOrEqual(0.05);
});

it("every condition is about metrics and labels that are catalogued", () => {
  const idle = conditional.filter(({ metrics, labels }) => {
    const about = catalogue.metrics.filter(({ name }) => metrics.test(name));
    return (
      about.length === 0 ||
      (labels !== undefined &&
        labels !== "others" &&
        labels.some((label) => !about.some((metric) => metric.labels.includes(label))))
    );
  });
  expect(idle).toEqual([]);
});

it("a condition says when a metric, or a label of it, is there", () => {
  expect(onlyWhere("node_md_disks")).toBe("on hosts with software RAID");
  expect(onlyWhere("up")).toBeUndefined();
  expect([...conditionalLabels("node_network_info").missing]).toEqual(["ifalias"]);
  expect(conditionalLabels("ALERTS").others).toBe(true);
});
