import type { EngineEvent } from "@pulumi/pulumi/automation";
import { Printer, table } from "../../tools/engine/printer";
import { EventReader, resourceName, type ProgressEvent } from "../../tools/engine/progress";

const urn = (type: string, name: string) => `urn:pulumi:local::observability::${type}::${name}`;
const loki = urn("observability:index:Stack$kubernetes:apps/v1:StatefulSet", "observability/loki");

type Step = NonNullable<EngineEvent["resourcePreEvent"]>["metadata"];
const step = (op: string, of = loki, more: object = {}) => ({ metadata: { op, urn: of, type: "", ...more } as Step });
const event = (fields: object) => ({ sequence: 0, timestamp: 0, ...fields }) as EngineEvent;
const says = (severity: string, message: string, of?: string) =>
  event({ diagnosticEvent: { severity, message, color: "", ...(of ? { urn: of } : {}) } });

function reader() {
  const seen: ProgressEvent[] = [];
  return { seen, reader: new EventReader((one) => seen.push(one)) };
}

test("a URN is read as kind and name", () => {
  expect(resourceName(loki)).toEqual({ urn: loki, kind: "StatefulSet", name: "observability/loki" });
  expect(resourceName(urn("pulumi:providers:kubernetes", "cluster"))).toMatchObject({
    kind: "kubernetes",
    name: "cluster",
  });
});

describe("events", () => {
  test("a change is reported when it begins and when it is done, with the paths that differ", () => {
    const { reader: one, seen } = reader();
    one.read(event({ resourcePreEvent: step("update") }));
    one.read(event({ resOutputsEvent: step("update", loki, { detailedDiff: { "spec.replicas": {} } }) }));
    expect(seen.map(({ type }) => type)).toEqual(["started", "done"]);
    expect(one.changed).toMatchObject([{ kind: "StatefulSet", operation: "update", differences: ["spec.replicas"] }]);
  });

  test("what stays as it is makes no noise", () => {
    const { reader: one, seen } = reader();
    for (const op of ["same", "read", "refresh"]) {
      one.read(event({ resourcePreEvent: step(op) }));
      one.read(event({ resOutputsEvent: step(op) }));
    }
    expect([seen, one.changed]).toEqual([[], []]);
  });

  test("a replacement counts once, and a component that reports twice as well", () => {
    const { reader: one } = reader();
    for (const op of ["delete-replaced", "replace", "create-replacement"])
      one.read(event({ resOutputsEvent: step(op) }));
    const component = urn("observability:index:Stack", "observability");
    one.read(event({ resOutputsEvent: step("create", component) }));
    one.read(event({ resOutputsEvent: step("create", component) }));
    expect(one.changed.map(({ kind, operation }) => `${operation} ${kind}`)).toEqual([
      "replace StatefulSet",
      "create Stack",
    ]);
  });

  test("warnings about an object that is being waited for are the state of that wait", () => {
    const { reader: one, seen } = reader();
    one.read(event({ resourcePreEvent: step("create") }));
    one.read(says("warning", "<{%fg 1%}>0 of 1 pods ready<{%reset%}>", loki));
    one.read(event({ resOutputsEvent: step("create") }));
    one.read(says("warning", "deprecated", loki));
    expect(seen.slice(1)).toMatchObject([
      { type: "waiting", message: "0 of 1 pods ready" },
      { type: "done" },
      { type: "warning", message: "deprecated" },
    ]);
  });

  test("an error is kept once, a plugin on PATH is no news", () => {
    const { reader: one, seen } = reader();
    one.read(says("warning", "using pulumi-resource-kubernetes from $PATH at /x"));
    one.read(says("error", "broken", loki));
    one.read(says("error", "broken", loki));
    expect(one.errors).toMatchObject([{ message: "broken", resource: { kind: "StatefulSet" } }]);
    expect(seen).toHaveLength(1);
  });
});

describe("printing", () => {
  const change = { ...resourceName(loki), operation: "create" as const, differences: [] };
  const screen = (live: boolean) => {
    const written: string[] = [];
    return { written, screen: { write: (text: string) => void written.push(text), live, columns: 60 } };
  };

  test("without a terminal there is one plain line for each resource and no control character", () => {
    const { written, screen: target } = screen(false);
    const printer = new Printer(target);
    printer.show({ type: "started", change });
    printer.show({ type: "waiting", resource: change, message: "0 of 1" });
    printer.show({ type: "done", change, seconds: 2.34 });
    printer.show({ type: "failed", change });
    printer.end();
    expect(written.map((line) => line.replace(/^ +\d+\.\d s {2}/, ""))).toEqual([
      "made      StatefulSet observability/loki (2.3 s)\n",
      "FAILED    StatefulSet observability/loki\n",
    ]);
  });

  test("on a terminal what is waited for stands below and is taken away again", () => {
    const { written, screen: target } = screen(true);
    const printer = new Printer(target);
    printer.show({ type: "started", change });
    printer.show({
      type: "waiting",
      resource: change,
      message: "0 of 1 pods, and more text than a line of sixty can hold",
    });
    expect(written[1]).toBe("\u001b[1A\u001b[0J");
    expect(written[2]).toBe("         waiting   StatefulSet observability/loki 0 s: 0 of\n");
    printer.end();
    expect(written.at(-1)).toBe("\u001b[1A\u001b[0J");
  });

  test("a table's columns are as wide as their widest cell", () => {
    expect(
      table([
        ["A", "LONG"],
        ["abc", "x"],
      ]),
    ).toBe("A    LONG\nabc  x");
  });
});
