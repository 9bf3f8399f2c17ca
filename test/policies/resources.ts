import type { Container, PodSpec } from "kubernetes-types/core/v1";
import type { Resource } from "../../policies/index";

/** Small resources that keep to every policy; each case changes what it is about. */

const labels = {
  "app.kubernetes.io/name": "shop",
  "app.kubernetes.io/component": "server",
  "app.kubernetes.io/version": "1.2.3",
  "app.kubernetes.io/part-of": "observability",
  "app.kubernetes.io/managed-by": "pulumi",
};

export function kubernetes(type: string, name: string, inputs: object, metadata: object = {}): Resource {
  return {
    type: `kubernetes:${type}`,
    name: `web/${name}`,
    inputs: { metadata: { name, namespace: "web", labels, ...metadata }, ...inputs },
  };
}

export const container = (change: Partial<Container> = {}): Container => ({
  name: "shop",
  image: "docker.io/grafana/shop:1.2.3",
  securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
  resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "64Mi" } },
  readinessProbe: { httpGet: { path: "/ready", port: 80 } },
  livenessProbe: { httpGet: { path: "/alive", port: 80 } },
  ...change,
});

export const pod = (change: Partial<PodSpec> = {}): PodSpec => ({
  serviceAccountName: "shop",
  automountServiceAccountToken: false,
  securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: "RuntimeDefault" } },
  containers: [container()],
  ...change,
});

interface WorkloadChange {
  readonly spec?: object;
  readonly metadata?: object;
  readonly podLabels?: object;
  readonly name?: string;
}

/** A StatefulSet with one pod template. */
export function workload(template: PodSpec = pod(), change: WorkloadChange = {}): Resource {
  const { spec = {}, metadata = {}, podLabels = labels, name = "shop" } = change;
  const inputs = { spec: { replicas: 2, template: { metadata: { labels: podLabels }, spec: template }, ...spec } };
  return kubernetes("apps/v1:StatefulSet", name, inputs, metadata);
}

/** One zone's workload of a component that is one for each zone. */
export const inZone = (zone: string, replicas: number, image = "docker.io/grafana/shop:1.2.3"): Resource => {
  const zoned = { ...labels, "app.kubernetes.io/component": `server-${zone}`, "observability/zones-of": "shop" };
  const template = pod({ containers: [container({ image })] });
  return workload(template, {
    name: `shop-${zone}`,
    metadata: { labels: zoned },
    podLabels: zoned,
    spec: { replicas },
  });
};

/** A workload whose count an autoscaler decides. */
export const autoscaled = (bounds: object, target = "shop"): readonly Resource[] => [
  workload(pod(), { spec: { replicas: undefined } }),
  kubernetes("autoscaling/v2:HorizontalPodAutoscaler", "shop", {
    spec: { scaleTargetRef: { kind: "StatefulSet", name: target }, ...bounds },
  }),
];

/** A workload whose only container differs. */
export const running = (change: Partial<Container>): Resource => workload(pod({ containers: [container(change)] }));

export const namespace = (level = "restricted", protect?: boolean): Resource => ({
  ...kubernetes("core/v1:Namespace", "web", {}, { labels: { ...labels, "pod-security.kubernetes.io/enforce": level } }),
  name: "web",
  ...(protect === undefined ? {} : { protect }),
});

export const networkPolicy = (spec: object, name = "shop"): Resource =>
  kubernetes("networking.k8s.io/v1:NetworkPolicy", name, { spec });

export const defaultDeny = networkPolicy({ podSelector: {}, policyTypes: ["Ingress", "Egress"] }, "default-deny");

export const budget = (spec: object, name = "shop"): Resource =>
  kubernetes("policy/v1:PodDisruptionBudget", name, {
    spec: { selector: { matchLabels: { "app.kubernetes.io/name": "shop" } }, ...spec },
  });

export const service = (spec: object): Resource => kubernetes("core/v1:Service", "shop", { spec });

export const ingress = (spec: object, annotations?: object): Resource =>
  kubernetes("networking.k8s.io/v1:Ingress", "shop", { spec }, annotations === undefined ? {} : { annotations });

export const configMap = (data: Readonly<Record<string, string>>, system = "shop"): Resource =>
  kubernetes(
    "core/v1:ConfigMap",
    `${system}-config`,
    { data },
    { labels: { ...labels, "app.kubernetes.io/name": system } },
  );

export const role = (...rules: object[]): Resource =>
  kubernetes("rbac.authorization.k8s.io/v1:ClusterRole", "shop", { rules });

export const binding = (roleName: string, subject: object): Resource =>
  kubernetes("rbac.authorization.k8s.io/v1:ClusterRoleBinding", "shop", {
    roleRef: { kind: "ClusterRole", name: roleName },
    subjects: [subject],
  });

/** A server of the stack, with a command line. */
export const server = (system: string, args: readonly string[] = []): Resource =>
  workload(pod({ containers: [container({ args: [...args] })] }), {
    name: system,
    metadata: { labels: { ...labels, "app.kubernetes.io/name": system } },
  });

export function aws(type: string, inputs: object, protect?: boolean): Resource {
  const name = "storage-logs";
  return { type: `aws:${type}`, name, inputs: { ...inputs }, ...(protect === undefined ? {} : { protect }) };
}

const bucketName = "123456789012-logs";
const bucketArn = `arn:aws:s3:::${bucketName}`;

export const bucket = (change: object = {}, protect?: boolean): Resource =>
  aws("s3/bucket:Bucket", { bucket: bucketName, forceDestroy: false, ...change }, protect);

const document = (...statements: object[]): string => JSON.stringify({ Version: "2012-10-17", Statement: statements });

export const bucketPolicy = (...statements: object[]): Resource =>
  aws("s3/bucketPolicy:BucketPolicy", { bucket: bucketName, policy: document(...statements) });

export const denyPlainHttp = {
  Sid: "DenyPlainHttp",
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: [bucketArn, `${bucketArn}/*`],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};

export const publicAccessBlock = (change: object = {}): Resource =>
  aws("s3/bucketPublicAccessBlock:BucketPublicAccessBlock", {
    bucket: bucketName,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
    ...change,
  });

export const ownership = aws("s3/bucketOwnershipControls:BucketOwnershipControls", {
  bucket: bucketName,
  rule: { objectOwnership: "BucketOwnerEnforced" },
});

export const encryption = (sseAlgorithm: string): Resource =>
  aws("s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", {
    bucket: bucketName,
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm } }],
  });

export const lifecycle = (status: string): Resource =>
  aws("s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", {
    bucket: bucketName,
    rules: [{ status, filter: { prefix: "" }, abortIncompleteMultipartUpload: { daysAfterInitiation: 1 } }],
  });

export const rolePolicy = (...statements: object[]): Resource =>
  aws("iam/rolePolicy:RolePolicy", { role: "shop", policy: document(...statements) });

export const trustedRole = (statement: object): Resource =>
  aws("iam/role:Role", { name: "shop", assumeRolePolicy: document(statement) });

export const awsProvider = (tags: object): Resource => ({
  type: "pulumi:providers:aws",
  name: "storage-aws",
  inputs: { defaultTags: JSON.stringify({ tags }) },
});
