import type { EnvVar } from "kubernetes-types/core/v1";
import type { Environment } from "../environment";
import { isDeployed, urlOf } from "./addresses";

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

/** OpenTelemetry's own variables: a server's traces of itself, a tenth of them, straight to Tempo. */
export function tracingEnvironment(environment: Environment, serviceName: string): EnvVar[] {
  const tempo = urlOf(environment, "tempo");
  if (tempo === undefined) return [];
  return Object.entries({
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `http://${new URL(tempo).hostname}:4317`,
    OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: "grpc",
    OTEL_TRACES_EXPORTER: "otlp",
    OTEL_TRACES_SAMPLER: "parentbased_traceidratio",
    OTEL_TRACES_SAMPLER_ARG: "0.1",
    OTEL_SERVICE_NAME: serviceName,
    OTEL_RESOURCE_ATTRIBUTES: `cluster=${environment.cluster}`,
  }).map(([name, value]) => ({ name, value }));
}
