import type { EnvVar } from "kubernetes-types/core/v1";
import { isDeployed, tenantHeader, type Environment, type Image } from "../environment";

/** What single files of JavaScript run in. */
export const nodeImage = { repository: "docker.io/library/node", tag: "24.11.1-alpine" } as const satisfies Image;

/** The Secret with the root keys of the S3 server inside the cluster. */
export const s3Secret = "versitygw-root";

const fromSecret = (variable: string, name: string, key: string): EnvVar => ({
  name: variable,
  valueFrom: { secretKeyRef: { name, key } },
});

/** Keys for the S3 server inside the cluster; on AWS there are none, the role of the service account counts. */
export function s3Credentials(environment: Environment): EnvVar[] {
  if (!isDeployed(environment, "versitygw")) return [];
  return [
    fromSecret("AWS_ACCESS_KEY_ID", s3Secret, "access-key"),
    fromSecret("AWS_SECRET_ACCESS_KEY", s3Secret, "secret-key"),
  ];
}

/**
 * The `tracing` section that Prometheus and Alertmanager share: a tenth of their own requests, straight to Tempo.
 * @param written how the server writes the value of a header. @default as it is
 */
export function serverTracing(
  environment: Environment,
  tempo: string,
  written: (value: string) => unknown = (value) => value,
): object {
  const headers = Object.fromEntries(
    Object.entries(tenantHeader(environment, "full")).map(([name, value]) => [name, written(value)]),
  );
  return {
    endpoint: `${new URL(tempo).hostname}:4317`,
    client_type: "grpc",
    insecure: true,
    sampling_fraction: 0.1,
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
  };
}
