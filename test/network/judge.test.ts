import { faultsOf, reachTable } from "../live/reach/judge";
import type { Source, Target } from "../live/reach/places";
import { parseSockets } from "../live/reach/sockets";
import type { Try } from "../live/reach/tries";
import { outside, pod } from "./support";

const source = (name: string, free = false): Source => ({ name, peer: outside("10.244.0.7"), free });
const prometheus = source("observability/prometheus-0");
const checkout = source("demo/checkout");
const root = source("node, root", true);
const loki: Target = {
  name: "observability/loki-0",
  peer: pod("observability", "loki-0", {}, "10.244.0.4"),
  address: "10.244.0.4",
  port: 3100,
  protocol: "TCP",
};
const expected = (from: Source) => from.free || from === prometheus;
const tried = (from: Source, outcome: string): Try => ({ from, to: loki, outcome });

describe("a table is faulty", () => {
  test.each([
    [prometheus, "silent", "observability/prometheus-0 → observability/loki-0:3100/TCP: allowed, and silent"],
    [prometheus, "reset", "observability/prometheus-0 → observability/loki-0:3100/TCP: allowed, and reset"],
    [checkout, "open", "demo/checkout → observability/loki-0:3100/TCP: not allowed, and open"],
    // Whoever is answered got through, even when nobody listens any more.
    [checkout, "reset", "demo/checkout → observability/loki-0:3100/TCP: not allowed, and reset"],
    [checkout, "EHOSTUNREACH", "demo/checkout → observability/loki-0:3100/TCP: not allowed, and EHOSTUNREACH"],
    // What nobody can open is not shown to be refused to anybody.
    [root, "silent", "node, root → observability/loki-0:3100/TCP: allowed, and silent"],
  ])("when %j finds it %s", (from, outcome, fault) => {
    expect(faultsOf([tried(from, outcome)], expected)).toEqual([fault]);
  });

  test("and not when allowed ones are open and all others silent", () => {
    const tries = [tried(prometheus, "open"), tried(checkout, "silent"), tried(root, "open")];
    expect(faultsOf(tries, expected)).toEqual([]);
  });
});

test("the table says for each port from where it is open, and to how many it is not", () => {
  const tries = [tried(prometheus, "open"), tried(checkout, "silent"), tried(root, "open")];
  expect(reachTable(tries)).toBe(`From: observability/prometheus-0, demo/checkout, node, root.

| port | open from | no answer to so many others |
| ---- | --------- | --------------------------: |
| observability/loki-0:3100/TCP | observability/prometheus-0, node, root | 1 |
`);
});

describe("what listens, from the kernel's tables", () => {
  const line = (local: string, state: string) => `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000`;

  test.each([
    ["any address", "00000000:0C1C", "0A", "TCP", [{ port: 3100, protocol: "TCP", address: undefined }]],
    ["its own address", "0100F30A:192B", "0A", "TCP", [{ port: 6443, protocol: "TCP", address: "10.243.0.1" }]],
    [
      "any address of both families",
      "00000000000000000000000000000000:10DD",
      "0A",
      "TCP",
      [{ port: 4317, protocol: "TCP", address: undefined }],
    ],
    [
      "an address of the old family in the new one's form",
      "0000000000000000FFFF00000100F30A:192B",
      "0A",
      "TCP",
      [{ port: 6443, protocol: "TCP", address: "10.243.0.1" }],
    ],
    ["datagrams", "00000000:1FBD", "07", "UDP", [{ port: 8125, protocol: "UDP", address: undefined }]],
    ["itself alone", "0100007F:0C1C", "0A", "TCP", []],
    ["itself alone, in the new family", "00000000000000000000000001000000:0C1C", "0A", "TCP", []],
    ["a connection that is open", "0400F40A:0C1C", "01", "TCP", []],
    ["a datagram's sender", "00000000:C350", "07", "UDP", []],
  ] as const)("%s", (_what, local, state, protocol, found) => {
    expect(parseSockets(`  sl  local_address rem_address   st\n${line(local, state)}\n`, protocol)).toEqual(found);
  });
});
