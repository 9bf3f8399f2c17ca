import { alertingFaults } from "../../../alerts";
import { EnvironmentError } from "../../../environment";
import { parseEnvironment } from "../../../stacks/environment";

/** Everything that is wrong with `alerting`, as a person reads it: one line each. */
export function faultsOf(alerting: object, more: object = {}): string[] {
  try {
    parseEnvironment("local", { alerting, ...more }, alertingFaults);
    return [];
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    return error.faults.map(({ key, value, reason, fix }) =>
      [key.replace("observability:alerting.", ""), ...(value === undefined ? [] : [`= ${value}`]), `: ${reason}`]
        .join(" ")
        .concat(fix === undefined ? "" : `; ${fix}`),
    );
  }
}
