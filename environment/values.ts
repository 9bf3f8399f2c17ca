import { z } from "zod";
import { Bytes, Cpu, Duration, Rate, Series, UnitError } from "./units";

/** The building blocks of the schema: units and names, each with a message that shows a right value. */

/** A message with its fix; `parse.ts` takes the two apart again. */
export function fault(reason: string, fix: string): string {
  return `${reason}\n${fix}`;
}

/** What a unit's parser says of text that it refuses: its reason, and after it the example as the fix. */
function refusal(parse: (text: string) => unknown, text: string): string | undefined {
  try {
    parse(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof UnitError)) throw error;
    const [reason = "", example = ""] = error.message.split("; ");
    return fault(reason, example);
  }
}

function unit<T>(parse: (text: string) => T) {
  return z
    .union([z.string(), z.number()], { error: ({ input }) => (input === undefined ? undefined : refusal(parse, "")) })
    .transform((text, context) => {
      const message = refusal(parse, String(text));
      if (message === undefined) return parse(String(text));
      context.issues.push({ code: "custom", message, input: text });
      return z.NEVER;
    });
}

/** `15s`, `24h`, `30d` */
export const duration = unit((text) => Duration.parse(text));
/** `512Mi`, `50Gi` */
export const bytes = unit((text) => Bytes.parse(text));
/** `250m`, `2` */
export const cpu = unit((text) => Cpu.parse(text));
/** `50k samples/s` */
export const sampleRate = unit((text) => Rate.parse("samples", text));
/** `1MB/s`, `80GB/d` */
export const byteRate = unit((text) => Rate.parse("bytes", text));
/** `4k lines/s` */
export const lineRate = unit((text) => Rate.parse("lines", text));
/** `1k spans/s` */
export const spanRate = unit((text) => Rate.parse("spans", text));
/** `750k series` */
export const series = unit((text) => Series.parse(text));
/** `pulumi config set --path` writes 0.5 as text. */
const textAsDecimal = (input: unknown) =>
  typeof input === "string" && /^\d*\.\d+$/.test(input) ? Number(input) : input;

export const decimal = z.preprocess(textAsDecimal, z.number());
/** A number that need not be whole, within bounds. */
export const decimalFrom = (least: number, most: number) =>
  z.preprocess(textAsDecimal, z.number().min(least).max(most));
/** 0..1 */
export const ratio = decimalFrom(0, 1);

/** An amount of money, 0 or more. */
export const price = z.preprocess(textAsDecimal, z.number().min(0));

/** Text that may consist of digits only: `pulumi config set --path` writes those as a number. */
export const digitsAsText = (input: unknown) => (typeof input === "number" ? String(input) : input);

/** A DNS label (RFC 1123), as Kubernetes wants its names. */
export const label = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, {
  error: fault("is not a name Kubernetes takes", "1 to 63 lower-case letters, digits and hyphens"),
});

export const hostAndPort = z
  .string()
  .regex(/^[^:\s]+:\d+$/, { error: fault("is not a host with a port", 'for example "smtp.example.com:587"') });

/** A key of `secrets`. */
export const secretName = z.string().min(1);

export const hostname = z.string().regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/, {
  error: fault("is not a host name", `for example "observability.example.com"`),
});
