import type { PodSpec } from "kubernetes-types/core/v1";
import type { StackPlan } from "../../stacks";
import type { KubernetesObject } from "../../stacks/kubernetes";
import { checks } from "../../tools/render/checks";
import { dev, local, prod } from "../environment/support";
import { objectsOf, planOf, withoutDashboards } from "../stacks/support";

const environment = local(withoutDashboards);
const plan = planOf(environment);
const secrets = plan.systems.flatMap((system) =>
  system.secrets.map(({ name, namespace }): KubernetesObject => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace },
  })),
);
const objects = [...objectsOf(plan), ...secrets];
const of = (changed: readonly KubernetesObject[], changedPlan: StackPlan = plan) =>
  checks(environment, changedPlan, changed).map(({ level, message }) => `${level}: ${message}`);
/** The objects with some of them changed; a copy, since plans are shared. */
const changed = (kind: string, name: string, change: (object: Editable) => void) =>
  objects.map((object) => {
    if (object.kind !== kind || object.metadata?.name !== name) return object;
    const copy = structuredClone(object) as unknown as Editable;
    change(copy);
    return copy as unknown as KubernetesObject;
  });
interface Editable {
  metadata: { name: string; namespace: string };
  data: Record<string, string>;
  spec: { selector: Record<string, string>; template: { spec: PodSpec } };
}

test("what the stack renders has no fault", () => expect(of(objects)).toEqual([]));

test("two objects of one name overwrite each other", () => {
  const twin = objects.find(
    ({ kind, metadata }) => kind === "Service" && metadata?.name === "loki",
  ) as KubernetesObject;
  expect(of([...objects, twin])).toEqual(["error: two objects are called Service observability loki"]);
});

test("a pod that names a ConfigMap, a Secret or an account that is not there never starts", () => {
  expect(of(objects.filter(({ metadata }) => metadata?.name !== "versitygw-root"))).toEqual([
    "error: StatefulSet observability loki needs Secret observability versitygw-root, which is not there",
    "error: StatefulSet observability loki needs Secret observability versitygw-root, which is not there",
    "error: StatefulSet observability tempo needs Secret observability versitygw-root, which is not there",
    "error: StatefulSet observability tempo needs Secret observability versitygw-root, which is not there",
    "error: StatefulSet observability versitygw needs Secret observability versitygw-root, which is not there",
    "error: StatefulSet observability versitygw needs Secret observability versitygw-root, which is not there",
  ]);
  expect(of(objects.filter(({ metadata }) => metadata?.name !== "prometheus-rules"))).toEqual([
    "error: StatefulSet observability prometheus needs ConfigMap observability prometheus-rules, which is not there",
  ]);
  expect(of(objects.filter(({ kind, metadata }) => kind !== "ServiceAccount" || metadata?.name !== "tempo"))).toEqual([
    "error: StatefulSet observability tempo needs ServiceAccount observability tempo, which is not there",
  ]);
});

test("a ConfigMap that is too large would be refused at the end of a deployment", () => {
  const large = changed(
    "ConfigMap",
    "prometheus-rules",
    ({ data }) => void (data["large.yaml"] = "x".repeat(1_048_577)),
  );
  expect(of(large)).toEqual([
    expect.stringMatching(
      /^error: ConfigMap observability prometheus-rules has \d{7} bytes; Kubernetes takes 1048576$/,
    ),
  ]);
});

test("a service that selects no pod answers nobody", () => {
  const wrong = changed(
    "Service",
    "alertmanager",
    ({ spec }) => void (spec.selector = { "app.kubernetes.io/name": "alert" }),
  );
  expect(of(wrong)).toEqual(["error: Service observability alertmanager selects no pod"]);
});

test("a flow to a port where nobody listens is a connection that fails", () => {
  const from = { namespace: "observability", system: "grafana", component: "server" };
  const to = { namespace: "observability", system: "loki", component: "server" };
  const extra = (port: number, protocol: "TCP" | "UDP") => ({
    ...plan,
    flows: [...plan.flows, { from, to, port, protocol, why: "asks for logs" }],
  });
  expect(of(objects, extra(3100, "TCP"))).toEqual([]);
  const wrong = (port: string) =>
    `error: observability/grafana-server wants observability/loki-server:${port} (asks for logs), which does not listen there`;
  expect(of(objects, extra(3101, "TCP"))).toEqual([wrong("3101/TCP")]);
  expect(of(objects, extra(3100, "UDP"))).toEqual([wrong("3100/UDP")]);
});

describe("advice", () => {
  const advice = (from: ReturnType<typeof local>) =>
    checks(from, planOf(from), [])
      .filter(({ level }) => level === "warning")
      .map(({ message }) => message);

  test("an example of an account is no account", () =>
    expect(advice(dev(withoutDashboards))).toContain(
      "observability:aws.account is the example 123456789012: put in your own",
    ));

  test("alerts without receivers reach nobody", () =>
    expect(advice(dev(withoutDashboards))).toContain("no receivers: alerts reach nobody"));

  test("receivers without a watchdog don't notice silence", () =>
    expect(advice(prod(withoutDashboards))).toContain(
      "no alerting.watchdogReceiver: nobody notices when alerting itself stops",
    ));

  const hook = (name: string) => ({ kind: "webhook", name, url: `https://hooks.example.com/${name}` });
  const told = (more: object) =>
    advice(prod({ ...withoutDashboards, alerting: { receivers: ["oncall", "a", "b"].map(hook), ...more } }));

  test("a switch that hears several Watchdogs, and one that hears no Watchdog of an evaluator", () => {
    expect(told({ watchdogReceiver: "a" })).toContainEqual(
      expect.stringMatching(/^a is the dead man's switch of prometheus, vmalert, loki: /),
    );
    expect(told({ watchdogReceivers: { prometheus: "a", vmalert: "b" } })).toContain(
      "no alerting.watchdogReceivers.loki: nobody notices when loki is silent",
    );
    expect(told({ watchdogReceiver: "a" }).join()).not.toContain("nobody notices");
  });

  test("prod without a second way for what concerns alerting itself", () => {
    const missing = expect.stringMatching(/^no alerting\.alertingPathReceiver: /) as string;
    expect(told({})).toContainEqual(missing);
    expect(told({ alertingPathReceiver: "b" })).not.toContainEqual(missing);
  });

  test("what somebody insists on stays visible", () =>
    expect(told({ alerts: { PrometheusNoAlertmanager: { enabled: false, insist: "a test cluster" } } })).toContain(
      "alerting.alerts.PrometheusNoAlertmanager silences what watches over alerting itself: a test cluster",
    ));

  test("one Tempo is one Tempo", () =>
    expect(advice(prod(withoutDashboards))).toContain(
      'Tempo 3 runs as one replica (more need Kafka); tempo.majorVersion: "2" is highly available',
    ));
});
