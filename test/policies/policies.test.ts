import { evaluateWith, policies, type Policy } from "../../policies/index";
import type { Case } from "./cases/case";
import { cloudCases } from "./cases/cloud";
import { networkCases } from "./cases/network";
import { workloadCases } from "./cases/workloads";

const cases: readonly Case[] = [...workloadCases, ...networkCases, ...cloudCases];

function policyOf({ policy: wanted }: Case): Policy {
  const found = policies.find(({ name }) => name === wanted);
  if (found === undefined) throw new Error(`no policy is called ${wanted}`);
  return found;
}

test.each(cases.map((each) => [each.policy, each.what, each] as const))("%s: %s", (_policy, _what, each) => {
  const policy = policyOf(each);
  const environment = { name: "prod", profile: "prod", domain: "example.com", ...each.environment } as const;
  const context = { environment, today: "2026-11-21", exemptions: [] };
  const { violations } = evaluateWith([policy], each.resources, context);
  expect(violations.map(({ message }) => message)).toEqual(each.messages);
  expect(violations.filter(({ severity }) => severity !== policy.severity)).toEqual([]);
});

describe("every policy", () => {
  test.each(policies.map(({ name }) => name))("%s has a case that complies and one that does not", (name) => {
    const own = cases.filter(({ policy }) => policy === name);
    expect(own.some(({ messages }) => messages.length === 0)).toBe(true);
    expect(own.some(({ messages }) => messages.length > 0)).toBe(true);
  });

  test("has a name of its own that the engine takes, a reason and a fix", () => {
    const names = policies.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, reason, fix } of policies) {
      expect(name).toMatch(/^[a-z][a-z-]+[a-z]$/);
      expect(reason).toMatch(/^[A-Z].*\.$/);
      expect(fix).toMatch(/^[a-z].*[^.]$/);
    }
  });

  test("says nothing about resources that are none of its business", () => {
    const others = [
      "pulumi:pulumi:Stack",
      "pulumi:providers:kubernetes",
      "observability:kubernetes:Objects",
      "aws:sqs/queue:Queue",
    ];
    const resources = others.map((type) => ({ type, name: "x", inputs: {} }));
    const context = { environment: { name: "prod", profile: "prod" }, today: "2026-11-21", exemptions: [] } as const;
    expect(evaluateWith(policies, resources, context).violations).toEqual([]);
  });
});
