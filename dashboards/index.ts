import type { Environment } from "../environment";

/** A dashboard as Grafana reads it from a file. */
export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly folder: string;
  /** Classic (v1) dashboard model. */
  readonly model: object;
}

/** The dashboards of an environment. */
export function dashboards(_environment: Environment): readonly Dashboard[] {
  return [];
}
