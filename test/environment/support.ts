import { EnvironmentError, parseEnvironment, type Environment } from "../../environment";

export type Values = Record<string, unknown>;

export const aws = { region: "us-west-2", account: "123456789012", identity: { kind: "pod-identity" } };
const receiver = { kind: "webhook", name: "oncall", url: "https://alerts.example.com/hook" };

export const local = (values: Values = {}): Environment => parseEnvironment("local", values);
export const dev = (values: Values = {}): Environment => parseEnvironment("dev", { cluster: "dev", aws, ...values });
export const prod = (values: Values = {}): Environment =>
  parseEnvironment("prod", { cluster: "prod", aws, alerting: { receivers: [receiver] }, ...values });

/** What a person reads of an environment that is refused; fails when it is taken. */
export function refusal(work: () => unknown): string {
  return refused(work).message;
}

export function refused(work: () => unknown): EnvironmentError {
  try {
    work();
  } catch (error) {
    if (error instanceof EnvironmentError) return error;
    throw error;
  }
  throw new Error("the environment was taken");
}
