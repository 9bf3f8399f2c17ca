import type { z } from "zod";
import type { Fault } from "./faults";

/** What a value is, in words that need no programming. */
const words: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "an object",
  record: "an object",
  array: "a list",
};

const kindOf = (input: unknown) => (Array.isArray(input) ? "array" : input === null ? "null" : typeof input);

/**
 * Why a value can't be, and the likely fix, of an issue that the schema found.
 * @param known the keys that may stand there
 */
export function reasonOf(issue: z.core.$ZodIssue, known: readonly string[]): Pick<Fault, "reason" | "fix"> {
  // The schema's own messages bring their fix along on a second line.
  const [reason = "is wrong", fix] = issue.message.split("\n");
  if (fix !== undefined) return { reason, fix };
  switch (issue.code) {
    case "invalid_type": {
      const kind = kindOf(issue.input);
      const wanted = words[issue.expected] ?? issue.expected;
      return {
        reason: `must be ${wanted}, not ${words[kind] ?? kind}`,
        fix: typeFix(issue.expected, issue.input, known),
      };
    }
    case "too_small":
      return issue.origin === "array"
        ? { reason: `needs at least ${issue.minimum}`, fix: "add one, or take the key away to get the default" }
        : issue.origin === "string"
          ? { reason: "is too short", fix: `at least ${issue.minimum} characters` }
          : { reason: `is less than ${issue.minimum}`, fix: `at least ${issue.minimum}` };
    case "too_big":
      return { reason: `is more than ${issue.maximum}`, fix: `at most ${issue.maximum}` };
    case "invalid_format":
      if (issue.format === "url") return { reason: "is not a URL", fix: 'for example "http://loki.logging.svc:3100"' };
      if (issue.format === "email")
        return { reason: "is not an e-mail address", fix: 'for example "oncall@example.com"' };
  }
  return { reason, fix: "see environment/schema.ts for what may stand here" };
}

function typeFix(expected: string, input: unknown, known: readonly string[]): string {
  const scalar = ["string", "number", "boolean"].includes(typeof input);
  if (expected === "string" && scalar)
    return `in quotes: "${String(input)}"; by command: pulumi config set --type string`;
  if (["number", "int"].includes(expected) && typeof input === "string" && input !== "" && !Number.isNaN(Number(input)))
    return `without quotes: ${input}`;
  if (expected === "array" && scalar) return `in brackets: [${String(input)}]`;
  if (known.length > 0) return `its keys: ${known.join(", ")}`;
  const examples: Readonly<Record<string, string>> = {
    number: "1",
    int: "1",
    boolean: "true",
    array: "[]",
    string: '"text"',
  };
  return `for example ${examples[expected] ?? "{}"}`;
}
