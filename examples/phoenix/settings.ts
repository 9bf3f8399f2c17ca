import { noFaults, parseFaults, type Faults } from "./faults";
import { healthPort, rolePort, roles, serviceOf, version, type Role } from "./roles";

/** Everything a role is told from outside. */
export interface Settings {
  /** Host of another role. */
  readonly host: (role: Role) => string;
  readonly port: (role: Role) => number;
  /** Where a role says that it is alive. */
  readonly healthPort: (role: Role) => number;
  /** Plans that the load generator begins each second, without faults. */
  readonly plansPerSecond: number;
  /** Faults that hold whenever nobody has set others at run time. */
  readonly faults: Faults;
  readonly environment: string;
  readonly version: string;
  /** This process among those of its service. */
  readonly instance: string;
  /** Spans that a role records each second at most. */
  readonly spansPerSecond: number;
  /** Base URL for OTLP over HTTP; undefined where nobody takes it. */
  readonly otlpUrl: string | undefined;
}

/**
 * The settings in a process's environment variables, which `stacks/phoenix/system.ts` writes: PHOENIX_NAMESPACE (none:
 * all roles on this machine), PHOENIX_PLANS_PER_SECOND, PHOENIX_FAULTS (JSON), PHOENIX_ENVIRONMENT, PHOENIX_SPANS_PER_SECOND,
 * POD_NAME, and OTEL_EXPORTER_OTLP_ENDPOINT. The SDK reads its limits (OTEL_SPAN_*_LIMIT) itself.
 *
 * @throws FaultRequestError when PHOENIX_FAULTS holds what is no fault
 */
export function settingsOf(env: NodeJS.ProcessEnv): Settings {
  const namespace = env["PHOENIX_NAMESPACE"];
  const faults = env["PHOENIX_FAULTS"];
  return {
    host: (role) => (namespace === undefined ? "127.0.0.1" : `${serviceOf(role)}.${namespace}.svc`),
    port: (role) => rolePort[role],
    healthPort: (role) => healthPort[role],
    plansPerSecond: Number(env["PHOENIX_PLANS_PER_SECOND"] ?? 1),
    faults: faults === undefined ? noFaults : parseFaults(JSON.parse(faults)).faults,
    environment: env["PHOENIX_ENVIRONMENT"] ?? "local",
    version,
    instance: env["POD_NAME"] ?? `${process.pid}`,
    spansPerSecond: Number(env["PHOENIX_SPANS_PER_SECOND"] ?? 1_000),
    otlpUrl: env["OTEL_EXPORTER_OTLP_ENDPOINT"],
  };
}

export const isRole = (name: string | undefined): name is Role => roles.includes(name as Role);
