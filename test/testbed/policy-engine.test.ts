import { removalBatch } from "../../tools/testbed/network";
import { listens, queueRules } from "../../tools/testbed/policy-engine";

describe("the queue of new connections", () => {
  // One line for each queue: number, port of who listens, and counts.
  test.each([
    ["nobody listens", "", false],
    ["somebody listens to another queue", "   10   4242     0 2   128     0     0        7  1\n", false],
    ["the engine listens", "   10   4242 0 2 128 0 0 7 1\n  100  16384     0 2   128     0     0       12  1\n", true],
  ])("%s", (_what, queues, expected) => {
    expect(listens(queues)).toBe(expected);
  });

  test("nothing passes when the engine has ended", () => {
    expect(queueRules()).not.toContain("bypass");
  });

  test("root of the node is not asked about: kubelet's probes reach every pod", () => {
    const jumps = queueRules()
      .split("\n")
      .filter((line) => /-j KUBE-/.test(line));
    expect(jumps).toEqual([
      "-A POSTROUTING -m owner ! --uid-owner 0 -j KUBE-NETWORK-POLICIES",
      "-A INPUT ! -i lo -j KUBE-NETWORK-POLICIES",
    ]);
  });

  test("its rules go when the node goes", () => {
    expect(removalBatch(`${queueRules().replace("*mangle\n", "*mangle\n:POSTROUTING ACCEPT [0:0]\n")}`)).toBe(`*mangle
-D POSTROUTING -m owner ! --uid-owner 0 -j KUBE-NETWORK-POLICIES
-D INPUT ! -i lo -j KUBE-NETWORK-POLICIES
-F KUBE-NETWORK-POLICIES
-X KUBE-NETWORK-POLICIES
COMMIT
`);
  });
});
