import type { Exemption } from "../../environment";
import { evaluate, evaluateWith, exemptionsOf, policies } from "../../policies/index";
import { podsOffTheHost } from "../../policies/privilege";
import { composition } from "../../stacks/systems";
import { pod, workload } from "./resources";

const environment = { name: "prod", profile: "prod" } as const;
const exemptions = exemptionsOf(composition);
const fix = "; fix: leave out host namespaces, hostPath volumes and host ports";
const renew =
  "; fix: remove the exemption, or renew it with its reason checked, in exemptions.ts of its system or of policies/";
const onHost = workload(pod({ hostNetwork: true, hostPID: true }));
const network: Exemption = {
  policy: "pods-off-the-host",
  resource: "StatefulSet shop",
  subjects: ["hostNetwork"],
  reason: "measures the network",
  granted: "2026-01-01",
  expires: "2026-12-31",
};

const judged = (exemption: Partial<Exemption>, today = "2026-11-21") =>
  evaluateWith([podsOffTheHost], [onHost], { environment, today, exemptions: [{ ...network, ...exemption }] });
const messages = (exemption: Partial<Exemption>, today?: string) =>
  judged(exemption, today).violations.map(({ message }) => message);

const pid = `StatefulSet web/shop is in the node's namespace (hostPID)${fix}`;
const both = [`StatefulSet web/shop is in the node's namespace (hostNetwork)${fix}`, pid];

describe("an exemption", () => {
  test("lets its subjects through and nothing else of the same resource", () => {
    const { exempted } = judged({});
    expect(messages({})).toEqual([pid]);
    expect(exempted.map(({ resource, problem, exemption }) => [resource, problem, exemption.reason])).toEqual([
      ["StatefulSet web/shop", "is in the node's namespace (hostNetwork)", "measures the network"],
    ]);
  });

  test.each([
    ["another resource", { resource: "StatefulSet shop-2" }],
    ["another kind", { resource: "DaemonSet shop" }],
    ["another profile", { profiles: ["local", "dev"] as const }],
    ["a name that only a regular expression would match", { resource: "StatefulSet sho." }],
  ])("of %s does not count", (_what, change) => {
    expect(messages(change)).toEqual(both);
  });

  test("may stand for resources whose name depends on the environment", () => {
    expect(messages({ resource: "StatefulSet s*p" })).toEqual([pid]);
  });

  test("counts on its last day", () => {
    expect(messages({}, "2026-12-31")).toEqual([pid]);
  });

  test("is a violation itself from the next day, and what it let through is one again", () => {
    expect(messages({}, "2027-01-01")).toEqual([
      `exemption of StatefulSet shop from pods-off-the-host expired on 2026-12-31${renew}`,
      `StatefulSet web/shop is in the node's namespace (hostNetwork) (its exemption ended on 2026-12-31)${fix}`,
      pid,
    ]);
  });

  test("is a violation when it has expired even though nothing needs it any more", () => {
    const context = { environment, today: "2027-01-01", exemptions: [network] };
    expect(evaluateWith([podsOffTheHost], [], context).violations).toEqual([
      {
        policy: "exemptions-current",
        severity: "mandatory",
        resource: "exemption of StatefulSet shop from pods-off-the-host",
        subject: "pods-off-the-host",
        message: `exemption of StatefulSet shop from pods-off-the-host expired on 2026-12-31${renew}`,
      },
    ]);
  });

  test.each([
    [
      "a policy that there is not",
      { policy: "pods-of-the-host" },
      'names the policy "pods-of-the-host", which there is not',
    ],
    ["no subjects", { subjects: [] }, "lets nothing through: it has no subjects"],
    ["no reason", { reason: " " }, "gives no reason"],
    [
      "a date that is none",
      { expires: "2026-02-30" },
      'has the date "2026-02-30", which is no day such as "2026-11-21"',
    ],
    ["more than a year", { expires: "2027-01-03" }, "lasts 367 days (2026-01-01 to 2027-01-03); at most 366"],
    [
      "an end before its beginning",
      { granted: "2026-12-31", expires: "2026-12-30" },
      "expires on 2026-12-30, before it was granted on 2026-12-31",
    ],
  ])("with %s is a violation", (_what, change, said) => {
    const exemption = { ...network, ...change };
    expect(messages(change)[0]).toBe(`exemption of ${exemption.resource} from ${exemption.policy} ${said}${renew}`);
  });
});

test("a day that is none is refused, so that no exemption lives for ever", () => {
  const evaluated = () => evaluate([], { environment, today: "21.11.2026", exemptions });
  expect(evaluated).toThrow(new RangeError('"21.11.2026" is no day; write for example "2026-11-21"'));
});

describe("the exemptions of this stack", () => {
  test("are well formed on the day they were granted", () => {
    for (const { granted } of exemptions) {
      expect(evaluate([], { environment, today: granted, exemptions }).violations).toEqual([]);
    }
  });

  test("all end: on the day after the last one each is a violation", () => {
    const today = "2031-01-01";
    const { violations } = evaluate([], { environment, today, exemptions });
    expect(violations.map(({ policy }) => policy)).toEqual(exemptions.map(() => "exemptions-current"));
  });

  test("name policies that there are, once for each resource", () => {
    const keys = exemptions.map(({ policy, resource }) => `${policy} ${resource}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect(exemptions.filter(({ policy }) => !policies.some(({ name }) => name === policy))).toEqual([]);
  });

  test.each(composition.systems.map((each) => [each.name, each] as const))("%s excuses nobody else", (name, system) => {
    const others = (system.exemptions ?? []).filter(
      ({ resource }) => !new RegExp(`^\\S+ ${name}(-[\\w-]+)?$`).test(resource),
    );
    expect(others).toEqual([]);
  });
});
