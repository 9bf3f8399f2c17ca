import { z } from "zod";
import { alertingSchema, awsRegion } from "./alerting";
import { costSchema, loadSchema, quotasSchema } from "./capacity";
import type { Composition, ImageName, SystemSections, Systems } from "./composition";
import { imagesOf } from "./images";
import { toleration } from "./settings";
import type { Bytes, Cpu, Duration, Rate, Series } from "./units";
import { digitsAsText, duration, fault, hostname, label, ratio, spanRate } from "./values";

/**
 * What a person may write in `Pulumi.<env>.yaml`, key by key. Every object is strict: a key that is not listed here is
 * an error. Defaults per profile stand in `defaults.ts`; what spans several keys is checked in `rules.ts`.
 */

/** The stages of delivery, each deployable alone; the order is the order of a rollout. */
export const stages = ["metrics", "logs", "traces", "alerts", "dashboards"] as const;
export type Stage = (typeof stages)[number];

/** Parts of a control plane with metrics of their own, on the addresses of the nodes. */
export const controlPlaneParts = ["etcd", "kube-scheduler", "kube-controller-manager", "kube-proxy"] as const;

/** Two dots, addresses, and what S3 keeps for itself ("General purpose bucket naming rules" of its documentation). */
const reservedBucket =
  /\.\.|^\d+\.\d+\.\d+\.\d+$|^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3|-an)$/;

const bucketName = z
  .string()
  .refine((name) => /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !reservedBucket.test(name), {
    error: fault(
      "AWS refuses this bucket name",
      "3 to 63 lower-case letters, digits, dots and hyphens, beginning and ending with a letter or digit, no IP address, nothing that S3 keeps for itself",
    ),
  });

const identity = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("pod-identity") }),
  z.strictObject({
    kind: z.literal("irsa"),
    /** The cluster's OIDC issuer without `https://`. */
    oidcIssuer: z.string().regex(/^[a-z0-9.-]+(\/[A-Za-z0-9/_-]+)?$/, {
      error: fault(
        "is not an OIDC issuer",
        `the part after https://, such as "oidc.eks.eu-west-1.amazonaws.com/id/ABC"`,
      ),
    }),
  }),
]);

const awsSchema = z.strictObject({
  region: awsRegion,
  account: z.preprocess(
    digitsAsText,
    z.string().regex(/^\d{12}$/, { error: fault("is not an AWS account id", "12 digits, in quotes") }),
  ),
  /** Name of the EKS cluster, for Pod Identity associations. @default the environment's `cluster` */
  eksCluster: label.optional(),
  identity,
});

const storageSchema = z.strictObject({
  /** `aws` makes buckets and roles; `in-cluster` runs versitygw, for clusters without a cloud; not in prod. */
  kind: z.enum(["aws", "in-cluster"]),
  /** Names of buckets that exist already, used instead of new ones. */
  existingBuckets: z.strictObject({ logs: bucketName, traces: bucketName }).partial(),
  /** Names of the buckets to make. @default `<cluster>-logs`, `<cluster>-traces`, with the account in front on AWS */
  buckets: z.strictObject({ logs: bucketName, traces: bucketName }).partial(),
  /** Objects lie under this prefix of a bucket (A15: `phoenix-orch`). */
  prefix: z.string().regex(/^[a-z0-9-]*$/, {
    error: fault("is not a prefix for objects", "lower-case letters, digits and hyphens"),
  }),
  /** Keep buckets and volumes out of reach of an accidental destroy. */
  protect: z.boolean(),
});

const exposureSchema = z.strictObject({
  kind: z.enum(["ingress", "gateway"]),
  /** IngressClass or GatewayClass. */
  className: label,
  /** cert-manager ClusterIssuer that signs the certificates. @default none: `tlsSecret` must exist */
  clusterIssuer: label.optional(),
  /** The certificate is in the secret `<tlsSecret>-grafana` of the stack's namespace. */
  tlsSecret: label,
  hosts: z.strictObject({ grafana: hostname }).partial(),
});

const metricsTier = z.strictObject({
  /** One sample of each such interval is kept. @default every sample */
  resolution: duration.optional(),
  keep: duration,
});

const logStream = z.strictObject({
  /** Which streams, by their labels, as LogQL: `{k8s_namespace_name="audit"}`. */
  selector: z.string().regex(/^\{.+\}$/s, {
    error: fault("is not a stream selector", `for example '{k8s_namespace_name="audit"}'`),
  }),
  /** Of several that match a stream, the highest counts. */
  priority: z.int().min(1).max(1_000_000),
  keep: duration,
});

const retentionSchema = z.strictObject({
  /** Prometheus' local blocks; long-term metrics live in VictoriaMetrics. */
  prometheus: duration,
  /**
   * Tiers of metrics, each a VictoriaMetrics: `{keep, resolution}`, one sample of each interval of `resolution`; the
   * first may leave it out and keeps every sample. Both grow from tier to tier (H1). `90d` is one tier.
   */
  metrics: z.array(metricsTier).min(1).max(5),
  /** How long the history of alerts can be asked for (H4). */
  alerts: duration,
  logs: z.strictObject({
    /** How long Loki keeps what no stream of its own says (`logs: 7d` is short for it). */
    keep: duration,
    /** Streams that stay longer or shorter: `{selector, priority, keep}`. */
    streams: z.array(logStream),
  }),
  /** The longest span of time one log query may cover. @default what logs are kept, 721h at most (H2) */
  maxQueryLength: duration.optional(),
  traces: z.strictObject({
    /** One tier: how long Tempo keeps traces (`traces: 336h` is short for it). */
    keep: duration.optional(),
    /** Two tiers: how long every trace is kept. */
    full: duration.optional(),
    /** Two tiers: how long those are kept that `sampling` chooses. */
    sampled: duration.optional(),
  }),
});

/** Full references, by the names that there are. */
const overridesOf = (names: readonly string[]) =>
  z.partialRecord(
    z.enum(names as readonly ImageName[]),
    z.string().regex(/^[^\s:@]+(:\d+\/[^\s:@]+)?(:\w[\w.-]*|@sha256:[0-9a-f]{64})$/, {
      error: fault(
        "is not a full image reference",
        'with a tag or digest, for example "registry.example.com/loki:3.7.8"',
      ),
    }),
  );

/** The keys that belong to no one system. */
const ownKeys = {
  /** Which set of defaults applies. @default the stack's name */
  profile: z.enum(["local", "dev", "prod"]),
  /** Stands as label `cluster` on every signal. */
  cluster: label,
  namespace: label,
  kubeContext: z.string().min(1).optional(),
  stages: z.array(z.enum(stages)).min(1),
  aws: awsSchema.optional(),
  storage: storageSchema,
  /** Loki's tenant (X-Scope-OrgID). Changing it later hides the logs written before. */
  tenant: label,
  /** Base domain, under which Grafana is exposed; without it nothing is. */
  domain: hostname.optional(),
  exposure: exposureSchema,
  images: z.strictObject({
    /** Registry (and path) that replaces every registry, for air-gapped clusters. */
    mirror: z
      .string()
      .regex(/^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._/-]+)?$/, {
        error: fault("is not a registry", 'host and path without a scheme, for example "registry.example.com/mirror"'),
      })
      .optional(),
    pullSecrets: z.array(label),
    /** Full references, by image. */
    overrides: overridesOf([]),
  }),
  storageClass: label.optional(),
  /**
   * Availability zones of the nodes, as their label `topology.kubernetes.io/zone` has them. With as many as Loki keeps
   * copies of a line, a distributed Loki keeps each copy in another zone. @default none: replicas are spread, best effort
   */
  zones: z.array(label),
  nodeSelector: z.record(z.string(), z.string()),
  tolerations: z.array(toleration),
  scrapeInterval: duration,
  /**
   * How long a store, or the object storage behind it, may be away without loss: what was accepted waits in queues of this
   * size before it, and is taken when it is back. @default 30m in local, 1h in dev, 2h in prod
   */
  outage: duration,
  /** How long a workload may take to become ready before the update fails. */
  rolloutTimeout: duration,
  /** Parts of the control plane whose metrics ports Prometheus reaches; none on managed clusters. @default none */
  controlPlane: z.array(z.enum(controlPlaneParts)),
  retention: retentionSchema,
  sampling: z.strictObject({
    /** Share of traces kept, 0..1; errors and slow traces are always kept. */
    ratio,
    /** Traces that take at least this long are always kept. */
    slowerThan: duration,
    /** Shorter traces without an error are dropped (E2: 1 ms in dev, 10 ms in prod). @default none in local */
    minimumDuration: duration.optional(),
    /** Most spans of what is neither failed nor slow that one sampler keeps each second; whole traces go above it. */
    keptPerSecond: spanRate,
    /** What one application may send (E2). */
    limits: z.strictObject({
      /** Spans that a tracer records each second; above it new traces are not recorded. SDKs obey, the gateway does not. */
      spansPerSecond: spanRate,
      /** Attributes of a span, and of each of its events; the gateway takes away what is above. */
      attributes: z.int().min(16).max(1024),
      /** Events of a span. SDKs obey, the gateway does not. */
      events: z.int().min(0).max(1024),
      /** Links of a span. SDKs obey, the gateway does not. */
      links: z.int().min(0).max(1024),
    }),
  }),
  alerting: alertingSchema,
  /** What the stack has to carry: its sizes follow from it. @default none: the sizes of the profile */
  load: loadSchema.optional(),
  quotas: quotasSchema,
  cost: costSchema,
  /**
   * What is watched besides the stack itself: packs of ours, and a team's own by its folder in `packs/` or by
   * a path.
   * @default all of ours
   */
  packs: z.array(z.string()),
  /** Names of the secrets set with `pulumi config set --secret --path secrets.<name>`; the values never get here. */
  secrets: z.array(z.string()),
};

/** What a person may write, and what a program reads. */
type Values = z.output<z.ZodObject<typeof ownKeys>> & SystemSections & { systems: Systems };
export type EnvironmentSchema = z.ZodType<Values>;

const schemas = new WeakMap<Composition, EnvironmentSchema>();

/** The schema of a configuration: the keys of no one system, and those of each that the stack is made of. */
export function environmentSchema(composition: Composition): EnvironmentSchema {
  const made = schemas.get(composition);
  if (made !== undefined) return made;
  const { systems } = composition;
  const schema = z.strictObject({
    ...ownKeys,
    images: ownKeys.images.extend({ overrides: overridesOf(Object.keys(imagesOf(composition))) }),
    ...Object.fromEntries(systems.flatMap(({ name, section }) => (section ? [[name, section]] : []))),
    systems: z.strictObject(Object.fromEntries(systems.map(({ name, settings }) => [name, settings]))),
  }) as unknown as EnvironmentSchema;
  schemas.set(composition, schema);
  return schema;
}

/** Text of rule files by team and path below the team's folder; a folder that is not there is missing here too. */
export type RuleFileTexts = Readonly<Record<string, Readonly<Record<string, string>>>>;

export type Environment = DeepReadonly<Values> & {
  readonly name: string;
  /** The systems that it is made of. */
  readonly composition: Composition;
  /** What stands in the folders of `alerting.rules`. */
  readonly ruleFiles: RuleFileTexts;
};

export type DeepReadonly<T> = T extends Duration | Bytes | Cpu | Rate | Series
  ? T
  : T extends (infer U)[]
    ? readonly DeepReadonly<U>[]
    : T extends object
      ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
      : T;
