import fc from "fast-check";
import { monthlyCost, priceTable, type Environment } from "../../environment";
import { dev, local, prod, type Values } from "./support";

/** What the default pods of prod reserve, nearly. */
const reserved = { cpu: 20, memory: 54 * 2 ** 30, volumes: 744 * 2 ** 30 };
const cost = (environment: Environment) => monthlyCost(environment, reserved);

test("prod's estimate, part by part", () => {
  // 20 × 0.03567 × 730 + 54 × 0.003417 × 730 = 655.5; 744 GiB = 798.9 GB × 0.08 = 63.9;
  // logs 1 MB/s × 90 d ÷ 3 = 2,592 GB, traces 1k × 450 B × (1 d + 0.1 × 14 d) ÷ 3 = 31 GB, × 0.023 = 60.3
  expect(cost(prod())).toMatchObject({ compute: 656, volumes: 64, s3Storage: 61 });
});

test("the total is the sum of its parts", () => {
  const { total, ...parts } = cost(prod());
  expect(Object.values(parts).reduce((sum, each) => sum + each, 0)).toBe(total);
});

test("a price that is written replaces the table's", () => {
  const free = cost(prod({ cost: { prices: { s3GbMonth: 0, s3PutThousand: 0, s3GetThousand: 0, crossZoneGb: 0 } } }));
  expect(free).toMatchObject({ compute: 656, s3Storage: 0, s3Requests: 0, crossZone: 0 });
});

test("S3 inside the cluster costs its volume only", () =>
  expect(cost(local())).toMatchObject({ s3Storage: 0, s3Requests: 0, crossZone: 0 }));

test("the table says from when it is", () => expect(priceTable.date).toMatch(/^20\d\d-\d\d$/));

test("no price is below zero", () =>
  expect(() => dev({ cost: { prices: { cpuHour: -1 } } })).toThrow("is less than 0"));

test("more load, longer retention and more pods never cost less", () => {
  const size = fc.integer({ min: 1, max: 400 });
  const amounts = fc.record({ samples: size, logs: size, spans: size, queryUsers: size, days: size, pods: size });
  const environment = ({ samples, logs, spans, queryUsers, days }: Record<string, number>): Values => ({
    load: {
      samples: `${samples}k samples/s`,
      logBytes: `${logs}kB/s`,
      spans: `${(spans ?? 0) * 10} spans/s`,
      queryUsers,
    },
    retention: { logs: `${days}d`, traces: `${days}d`, metrics: `${days}d`, maxQueryLength: "1d" },
  });
  const total = (of: Record<"pods", number> & Record<string, number>) => {
    const pods = { cpu: of.pods, memory: of.pods * 2 ** 30, volumes: of.pods * 2 ** 30 };
    return monthlyCost(prod(environment(of)), pods).total;
  };
  fc.assert(
    fc.property(amounts, amounts, (from, more) => {
      const to = Object.fromEntries(
        Object.entries(from).map(([name, amount]) => [name, amount + more[name as "pods"]]),
      );
      expect(total(to as typeof from)).toBeGreaterThanOrEqual(total(from));
    }),
    { numRuns: 40 },
  );
});
