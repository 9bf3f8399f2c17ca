import { leaves } from "../report/dashboard";
import type { Level, Risk } from "./model";
import { record, records, string, type Json } from "./rendered";

/** What the policies of a bucket or role allow or deny that is new or gone; what differs in the action only is one line. */
export function policyRisks(old: Json, now: Json, risk: (level: Level, what: string, why: string) => Risk): Risk[] {
  const why = "who may do what is different";
  return ["policy", "trust"].flatMap((part) => {
    const [before, after] = [grants(old[part]), grants(now[part])];
    const added = together(after, before).map((each) => {
      const level = each.effect === "Deny" ? "low" : isWild(each) ? "high" : "medium";
      return risk(level, `${part}: now ${grantText(each)}`, why);
    });
    const gone = together(before, after).map((each) =>
      risk(each.effect === "Deny" ? "high" : "low", `${part}: no longer ${grantText(each)}`, why),
    );
    return [...added, ...gone];
  });
}

interface Grant {
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** For whom, and on what condition. */
  readonly rest: string;
}

const grantText = ({ effect, actions, resources, rest }: Grant) =>
  [effect, actions.join(", "), ...(resources.length > 0 ? [`on ${resources.join(", ")}`] : []), rest]
    .filter(Boolean)
    .join(" ");

/** Every action of a service, or every resource; all objects of one bucket are what a server needs. */
const isWild = ({ actions, resources }: Grant) =>
  actions.some((action) => action.endsWith("*")) || resources.includes("*");

/** Each action of each statement by itself, so that one more in a statement is one more. */
function grants(policy: unknown): Grant[] {
  const many = (value: unknown) =>
    Array.isArray(value) ? value.map(String) : value === undefined ? [] : [string(value)];
  return records(record(policy)["Statement"]).flatMap(
    ({ Effect, Action, Resource, NotResource, Principal, Condition }) => {
      const who = leaves(Principal).map(([path, text]) => `${path} ${text}`);
      const when = leaves(Condition).map(([path, text]) => `${path}=${text}`);
      const rest = [
        ...(who.length > 0 ? [`by ${who.join(", ")}`] : []),
        ...(when.length > 0 ? [`if ${when.join(", ")}`] : []),
      ].join(" ");
      return many(Action).map((action) => ({
        effect: string(Effect),
        actions: [action],
        resources: [...many(Resource), ...many(NotResource).map((resource) => `all but ${resource}`)],
        rest,
      }));
    },
  );
}

/** The grants that the others have not, those that differ in the action only put together. */
function together(all: readonly Grant[], others: readonly Grant[]): Grant[] {
  const known = new Set(others.map(grantText));
  const found = new Map<string, Grant>();
  for (const grant of all.filter((each) => !known.has(grantText(each)))) {
    const key = grantText({ ...grant, actions: [] });
    const before = found.get(key);
    found.set(key, before ? { ...before, actions: [...before.actions, ...grant.actions] } : grant);
  }
  return [...found.values()];
}
