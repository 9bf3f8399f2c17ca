import { z } from "zod";
import { Bytes, Cpu, Duration, UnitError } from "./units";

/** The building blocks of the schema: units and names, each with a message that shows a right value. */

/** A message with its fix; `parse.ts` takes the two apart again. */
export function fault(reason: string, fix: string): string {
  return `${reason}\n${fix}`;
}

function unit<T>(parse: (text: string) => T) {
  return z.union([z.string(), z.number()]).transform((text, context) => {
    try {
      return parse(String(text));
    } catch (error) {
      if (!(error instanceof UnitError)) throw error;
      context.issues.push({ code: "custom", message: error.message, input: text });
      return z.NEVER;
    }
  });
}

/** `15s`, `24h`, `30d` */
export const duration = unit((text) => Duration.parse(text));
/** `512Mi`, `50Gi` */
export const bytes = unit((text) => Bytes.parse(text));
/** `250m`, `2` */
export const cpu = unit((text) => Cpu.parse(text));
/** 0..1 */
export const ratio = z.number().min(0).max(1);

/** A DNS label (RFC 1123), as Kubernetes wants its names. */
export const label = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, {
  error: fault("is not a name Kubernetes takes", "1 to 63 lower-case letters, digits and hyphens"),
});

export const hostname = z.string().regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/, {
  error: fault("is not a host name", `for example "observability.example.com"`),
});
