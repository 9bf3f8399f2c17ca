import type { EnvVar } from "kubernetes-types/core/v1";
import { isDeployed, type Environment } from "../environment";

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

/** The `tracing` section that Prometheus and Alertmanager share: a tenth of their own requests, straight to Tempo. */
export function serverTracing(tempo: string): object {
  return { endpoint: `${new URL(tempo).hostname}:4317`, client_type: "grpc", insecure: true, sampling_fraction: 0.1 };
}
