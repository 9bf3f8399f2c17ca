import { forbiddenByAll, type SeenFlow } from "../live/policies";
import { PolicyHistory } from "../live/policy-history";
import { pod, policy } from "./support";

const namespaces = [{ metadata: { name: "observability", uid: "n", resourceVersion: "1" } }];
const closed = policy("default-deny", "1", { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
const everyone = { podSelector: {} };
const gossip = policy("alertmanager-server", "2", {
  podSelector: {},
  policyTypes: ["Ingress", "Egress"],
  ingress: [{ from: [everyone], ports: [{ port: 9094, protocol: "TCP" }] }],
  egress: [{ to: [everyone], ports: [{ port: 9094, protocol: "TCP" }] }],
});
const flow: SeenFlow = {
  from: pod("observability", "alertmanager-0", {}, "10.244.0.2"),
  to: pod("observability", "alertmanager-1", {}, "10.244.0.3"),
  port: 9094,
  protocol: "TCP",
};

/** Looks once a second: closed from 10 s on, open from 20 s on, closed again from 30 s on. */
function history(): PolicyHistory {
  const looks = new PolicyHistory();
  for (let second = 10; second < 40; second += 1) {
    const open = second >= 20 && second < 30;
    looks.add(open ? [closed, gossip] : [closed], namespaces, second * 1000, second * 1000 + 100);
  }
  return looks;
}

test.each([
  [15_000, "before it was allowed", false],
  [25_000, "while it was allowed", true],
  [35_000, "after it was forbidden again, whoever looks later", false],
  // Between two looks nobody knows which of two states held.
  [19_500, "between the look that found it closed and the one that found it open", true],
  [29_500, "between the look that found it open and the one that found it closed", true],
])("a connection at %d ms, %s, is judged by the policies of its time", (time, _when, allowed) => {
  expect(forbiddenByAll(history().at(time), flow) === undefined).toBe(allowed);
});

test("what was open before the first look is judged by the policies of that look", () => {
  expect(history().at(0)).toHaveLength(1);
});

test("a look that finds the same objects makes no new state", () => {
  expect(history().states).toBe(3);
});

test("a flow of a time that nobody looked at is not taken for allowed", () => {
  expect(forbiddenByAll([], flow)).toBe(
    "nobody knows which policies held for observability/alertmanager-0 → observability/alertmanager-1:9094/TCP",
  );
});
