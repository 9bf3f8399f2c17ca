import * as pulumi from "@pulumi/pulumi";
import { EnvironmentError } from "./environment";
import { program } from "./program";

/**
 * What `pulumi` prints of an error: the faults of a configuration alone, anything else with the place where it happened.
 * Left to itself it prints errors through `util.inspect`, which in Node.js 20.20 never returns from a line such as
 * `node_modules/@pulumi/resource.ts:1:1`: a wrong value hung the preview. An error without a stack does not get there.
 */
function printable(error: unknown): pulumi.RunError {
  const text = error instanceof EnvironmentError ? error.message : error instanceof Error ? error.stack : String(error);
  const shown = new pulumi.RunError(text ?? "");
  shown.stack = "";
  return shown;
}

export = async (): Promise<Record<string, unknown>> => {
  try {
    return await program();
  } catch (error) {
    throw printable(error);
  }
};
