import { pages } from "../../dashboards";
import { mayBeEmpty, whyEmpty } from "../../dashboards/conditional";
import { refIdOf } from "../../dashboards/kit/panel";
import { parseEnvironment } from "../../environment";
import { catalogue } from "../../signals";
import { conditional, conditionalLabels, onlyWhere } from "../../signals/conditional";

const queries = pages(parseEnvironment("local", { tempo: { dialect: "2" } })).flatMap(({ uid, rows }) =>
  rows.flatMap(({ panels }) =>
    panels.flatMap(({ title, queries: of }) => of.map((_, index) => ({ uid, title, refId: refIdOf(index) }))),
  ),
);
const declared = queries.filter(({ uid, title, refId }) => whyEmpty(uid, title, refId) !== undefined);

it("every declared exception is about queries that there are", () => {
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

it("at most one query in twenty may be empty", () => {
  expect(declared.length / queries.length).toBeLessThanOrEqual(0.05);
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
