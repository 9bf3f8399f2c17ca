import type { Exemption } from "../environment";
import type { Flaw, Policy, PolicyEnvironment, Resource } from "./policy";
import { shortName } from "./resources";

/** Days that an exemption may last: a year, so that every one is looked at again. */
const longestTerm = 366;

const day = /^\d{4}-\d{2}-\d{2}$/;

/** @throws RangeError for what is no day such as `2026-11-21` */
export function requireDay(text: string): void {
  if (!isDay(text)) throw new RangeError(`"${text}" is no day; write for example "2026-11-21"`);
}

function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  // 2026-02-30 is read as a day in March by some engines.
  return day.test(text) && !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** Whether an exemption still counts. @param today `2026-11-21` */
export const isCurrent = ({ expires }: Exemption, today: string): boolean => isDay(expires) && today <= expires;

/** Whether an exemption is about this flaw, whatever its term. */
export function isAbout(
  exemption: Exemption,
  policy: Policy,
  resource: Resource,
  { subject }: Flaw,
  { profile }: PolicyEnvironment,
): boolean {
  return (
    exemption.policy === policy.name &&
    (exemption.profiles ?? [profile]).includes(profile) &&
    glob(exemption.resource).test(shortName(resource)) &&
    exemption.subjects.includes(subject)
  );
}

function glob(pattern: string): RegExp {
  const parts = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`);
}

/** What is wrong with an exemption itself, expiry included. @param today `2026-11-21` */
export function exemptionFaults(exemption: Exemption, policies: readonly Policy[], today: string): readonly string[] {
  const { policy, subjects, reason, granted, expires } = exemption;
  const known = policies.some(({ name }) => name === policy);
  const days = [granted, expires].filter((text) => !isDay(text));
  const term = (Date.parse(expires) - Date.parse(granted)) / 86_400_000;
  return [
    ...(known ? [] : [`names the policy "${policy}", which there is not`]),
    ...(subjects.length === 0 ? ["lets nothing through: it has no subjects"] : []),
    ...(reason.trim() === "" ? ["gives no reason"] : []),
    ...days.map((text) => `has the date "${text}", which is no day such as "2026-11-21"`),
    ...(term > longestTerm ? [`lasts ${term} days (${granted} to ${expires}); at most ${longestTerm}`] : []),
    ...(days.length === 0 && term < 0 ? [`expires on ${expires}, before it was granted on ${granted}`] : []),
    ...(days.length === 0 && today > expires ? [`expired on ${expires}`] : []),
  ];
}
