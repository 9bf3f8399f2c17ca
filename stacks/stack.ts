import { randomBytes } from "node:crypto";
import type * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { grafanaHost, systemOf, urlOf, type Environment, type Pack } from "../environment";
import { environmentWith } from "./environment";
import { KubernetesObjects, type SecretValues } from "./kubernetes/component";
import { planStack, type StackPlan } from "./plan";
import { ObjectStorage } from "./storage/component";

export interface ObservabilityStackArgs {
  /** From {@link stackEnvironment}. */
  readonly environment: Environment;
  /** Packs from code, besides those of the environment. @default none */
  readonly packs?: readonly Pack[];
  /**
   * The cluster to deploy to; never the ambient one by accident. Give it `enableConfigMapMutable` and
   * `enableSecretMutable`: without them a reloaded file's ConfigMap is deleted and made anew at each change.
   */
  readonly provider: kubernetes.Provider;
  /** Values of the secrets whose names stand in `environment.secrets`. */
  readonly secrets?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Makes up the value of a generated secret. @default random letters and digits */
  readonly generateSecret?: (characters: number) => string;
}

/**
 * The complete observability stack on a Kubernetes cluster, with its object storage.
 *
 * @example
 * const environment = stackEnvironment("prod", { cluster: "shop", … });
 * const stack = new ObservabilityStack("observability", { environment, provider });
 * export const grafana = stack.grafanaUrl;
 */
export class ObservabilityStack extends pulumi.ComponentResource {
  readonly namespace: string;
  /** How Grafana is reached: by its public name, or inside the cluster. Undefined without Grafana. */
  readonly grafanaUrl: string | undefined;
  /** Where applications in the cluster send OTLP over gRPC. */
  readonly otlpGrpcEndpoint: string | undefined;
  /** Where applications in the cluster send OTLP over HTTP. */
  readonly otlpHttpEndpoint: string | undefined;
  readonly buckets: { readonly logs: string; readonly traces: string };
  /** Version by system. */
  readonly systems: Readonly<Record<string, string>>;

  constructor(name: string, args: ObservabilityStackArgs, options: pulumi.ComponentResourceOptions = {}) {
    super("observability:index:ObservabilityStack", name, {}, options);
    const { provider, packs = [] } = args;
    const environment = environmentWith(args.environment, packs);
    const plan = planStack(environment);
    const secretValues = secretsFrom(args);
    const shared = { rolloutTimeout: environment.rolloutTimeout, secretValues };
    const inCluster = { parent: this, providers: { kubernetes: provider } };

    const storage = new ObjectStorage("storage", { plan: plan.storage }, { parent: this });
    const namespaces = new KubernetesObjects(
      "namespaces",
      { objects: plan.namespaces, protect: environment.storage.protect, rolloutTimeout: environment.rolloutTimeout },
      inCluster,
    );
    const deploy = (system: StackPlan["systems"][number], dependsOn: pulumi.Resource[]) =>
      new KubernetesObjects(
        system.name,
        { ...shared, objects: system.rendered, secrets: system.secrets },
        { ...inCluster, dependsOn: [namespaces, ...dependsOn] },
      );
    // Who keeps objects writes out what it holds when it ends: its storage has to come before it and go after it.
    const roleOf = ({ name }: StackPlan["systems"][number]) => systemOf(environment, name).objectStorage;
    const serving = plan.systems.filter((system) => roleOf(system) === "serves").map((system) => deploy(system, []));
    for (const system of plan.systems.filter((each) => roleOf(each) !== "serves")) {
      deploy(system, roleOf(system) === "uses" ? [storage, ...serving] : []);
    }
    if (plan.exposure.length > 0) {
      new KubernetesObjects(
        "exposure",
        { ...shared, objects: plan.exposure },
        { ...inCluster, dependsOn: [namespaces] },
      );
    }

    const gateway = urlOf(environment, "collector");
    const grafana = grafanaHost(environment);
    this.namespace = environment.namespace;
    this.grafanaUrl = grafana === undefined ? urlOf(environment, "grafana") : `https://${grafana}`;
    this.otlpHttpEndpoint = gateway;
    this.otlpGrpcEndpoint = gateway && `${new URL(gateway).hostname}:4317`;
    this.buckets = plan.storage.buckets;
    this.systems = Object.fromEntries(plan.systems.map(({ name, version }) => [name, version]));
    this.registerOutputs({ ...this.outputs() });
  }

  /** What a Pulumi program exports. */
  outputs(): Record<string, unknown> {
    const { namespace, grafanaUrl, otlpGrpcEndpoint, otlpHttpEndpoint, buckets, systems } = this;
    const all = { namespace, grafanaUrl, otlpGrpcEndpoint, otlpHttpEndpoint, buckets, systems };
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  }
}

function secretsFrom({
  environment,
  secrets = {},
  generateSecret = randomSecret,
}: ObservabilityStackArgs): SecretValues {
  return (source) => {
    if ("literal" in source) return source.literal;
    if ("generate" in source) return generateSecret(source.generate);
    const value = secrets[source.setting];
    if (value === undefined)
      throw new Error(`environment "${environment.name}" names the secret "${source.setting}", which was not given`);
    return value;
  };
}

/** Letters and digits only: no server's configuration needs to quote them. */
function randomSecret(characters: number): string {
  const alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";
  // 256 is no multiple of the alphabet's length: values beyond the last whole multiple would favour its first letters.
  const fair = 256 - (256 % alphabet.length);
  const letters: string[] = [];
  while (letters.length < characters) {
    for (const byte of randomBytes(characters)) {
      if (byte < fair && letters.length < characters) letters.push(alphabet[byte % alphabet.length] ?? "");
    }
  }
  return letters.join("");
}
