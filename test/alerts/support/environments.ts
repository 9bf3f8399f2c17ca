import { parseEnvironment, type Environment } from "../../../environment";

/** Everything that can fire: peers, tiers, the whole control plane, the S3 server inside the cluster. */
export const everything = (dialect: "2" | "3" = "2", more: Readonly<Record<string, unknown>> = {}): Environment =>
  parseEnvironment("local", {
    controlPlane: ["etcd", "kube-scheduler", "kube-controller-manager", "kube-proxy"],
    tempo: { dialect },
    systems: { alertmanager: { replicas: 2 } },
    retention: { metrics: [{ keep: "1d" }, { resolution: "5m", keep: "7d" }] },
    ...more,
  });

/** Adds settings under `alerting` to an environment as a stack file would. */
export function withAlerting(environment: Environment, alerting: object): Environment {
  return { ...environment, alerting: { ...environment.alerting, ...alerting } };
}

/** The three profiles, as they are deployed. */
export const profiles: readonly Environment[] = [
  parseEnvironment("local", {}),
  parseEnvironment("dev", { cluster: "dev", aws: aws() }),
  parseEnvironment("prod", {
    cluster: "prod",
    aws: aws(),
    alerting: { receivers: [{ kind: "webhook", name: "oncall", url: "https://hooks.example.com/oncall" }] },
  }),
];

function aws() {
  return { region: "us-west-2", account: "123456789012", identity: { kind: "pod-identity" } };
}
