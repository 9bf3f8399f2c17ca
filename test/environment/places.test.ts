import type { EnvironmentError } from "../../environment";
import { located } from "../../environment";
import { placesIn } from "../../environment/places";
import { stackEnvironment } from "../../stacks";

const text = `encryptionsalt: v1:abc
config:
  observability:cluster: dev
  # The region is at home.
  observability:retention: { logs: 12h, metrics: [{ keep: 24h }, { keep: 7d }] }
  observability:systems:
    loki:
      replicsa: 3
  observabilty:domain: example.com
  zones: [a, a]
`;

test.each([
  ["observability:cluster", "3:3"],
  ["observability:retention.logs", "5:30"],
  ["observability:retention.metrics[1].keep", "5:68"],
  ["observability:retention.metrics[1].resolution", "5:66"],
  ["observability:systems.loki.replicsa", "8:7"],
  ["observability:systems.loki.components.ingester", "7:5"],
  ["observabilty:domain", "9:3"],
  ["observability:zones[1]", "10:14"],
  ["observability:aws", undefined],
  ["stack", undefined],
])("%s stands at %s", (key, place) => {
  expect(placesIn(text)(key)).toBe(place);
});

test("a file without configuration has no places", () => {
  expect(placesIn("")("observability:cluster")).toBeUndefined();
  expect(placesIn("config: 3")("observability:cluster")).toBeUndefined();
});

test("every fault that has a key in the file says where", () => {
  try {
    stackEnvironment("local", { retention: { logs: "12h" }, systems: { loki: { replicsa: 3 } } });
    throw new Error("was accepted");
  } catch (error) {
    const { message } = located(error as EnvironmentError, "Pulumi.local.yaml", text);
    expect(message).toContain("observability:systems.loki.replicsa  (Pulumi.local.yaml:8:7)");
    expect(message).toContain("observability:retention.logs = 12h  (Pulumi.local.yaml:5:30)");
  }
});
