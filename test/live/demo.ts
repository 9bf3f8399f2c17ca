import { createHash } from "node:crypto";
import { serviceHost, traceTiers, type Environment } from "../../environment";
import { imageReference } from "../../environment";
import type { Cluster } from "../../tools/engine/cluster";
import { waitUntilReady } from "../../tools/engine/readiness";
import { APP_ENTRY, bundleApps } from "./senders/bundle";
import { APP_PORT } from "./senders/server";

/** Where the suite's applications run, as a team's would: a namespace of its own that enforces `restricted`. */
export const demoNamespace = "demo";

const roles = ["checkout", "payment", "webhook", "target", "numbered"] as const;
export type AppName = (typeof roles)[number] | "fragile";

/** Deploys the suite's applications and waits until they are ready. */
export async function deployApps(cluster: Cluster, environment: Environment): Promise<void> {
  await cluster.apply(`/api/v1/namespaces/${demoNamespace}`, {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: demoNamespace, labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
  });
  const program = await storeProgram(cluster);
  for (const role of roles) await applyApp(cluster, environment, role, role, program);
  await waitUntilReady(cluster, [demoNamespace], { seconds: 120 });
}

/** Deploys one more of a role under a name of its own: a service that nobody has seen before, without any history. */
export async function deployApp(cluster: Cluster, environment: Environment, role: AppName, name: string) {
  await applyApp(cluster, environment, role, name, await storeProgram(cluster));
  await waitUntilReady(cluster, [demoNamespace], { seconds: 120 });
}

/** Deletes what {@link deployApp} made; it goes in the background. */
export async function removeApp(cluster: Cluster, name: string): Promise<void> {
  await cluster.delete(`/apis/apps/v1/namespaces/${demoNamespace}/deployments/${name}`);
  await cluster.delete(`/api/v1/namespaces/${demoNamespace}/services/${name}`);
}

interface Program {
  readonly configMap: string;
  readonly items: readonly { readonly key: string; readonly path: string }[];
}

/** The program of all applications, in a ConfigMap. */
async function storeProgram(cluster: Cluster): Promise<Program> {
  const files = Object.entries(bundleApps());
  // A changed program makes other pods: those of an earlier run with --keep would go on with the old one.
  const hash = createHash("sha256");
  for (const [, content] of files) hash.update(content);
  const configMap = `apps-${hash.digest("hex").slice(0, 10)}`;
  // Keys know no slash: they are numbered, and the volume gives them their paths.
  const key = (index: number) => `file-${index}`;
  await cluster.apply(`/api/v1/namespaces/${demoNamespace}/configmaps/${configMap}`, {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: configMap, namespace: demoNamespace },
    binaryData: Object.fromEntries(files.map(([, content], index) => [key(index), content.toString("base64")])),
  });
  return { configMap, items: files.map(([path], index) => ({ key: key(index), path })) };
}

async function applyApp(
  cluster: Cluster,
  environment: Environment,
  role: AppName,
  name: string,
  { configMap, items }: Program,
): Promise<void> {
  const metadata = { name, namespace: demoNamespace, labels: { "app.kubernetes.io/name": name } };
  await cluster.apply(`/api/v1/namespaces/${demoNamespace}/services/${name}`, {
    apiVersion: "v1",
    kind: "Service",
    metadata,
    spec: { selector: metadata.labels, ports: [{ name: "http", port: APP_PORT, targetPort: APP_PORT }] },
  });
  await cluster.apply(`/apis/apps/v1/namespaces/${demoNamespace}/deployments/${name}`, {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata,
    spec: {
      replicas: 1,
      selector: { matchLabels: metadata.labels },
      strategy: { type: "Recreate" },
      template: {
        metadata: { labels: metadata.labels, annotations: annotations(role) },
        spec: podSpec(environment, role, configMap, items),
      },
    },
  });
}

/** Deletes the suite's namespace; it goes in the background. */
export async function removeApps(cluster: Cluster): Promise<void> {
  await cluster.delete(`/api/v1/namespaces/${demoNamespace}`);
}

/** Two ask to be scraped, as any team's pod may. */
function annotations(role: AppName): Record<string, string> {
  if (role !== "target" && role !== "fragile") return {};
  return { "prometheus.io/scrape": "true", "prometheus.io/port": String(APP_PORT), "prometheus.io/path": "/metrics" };
}

function podSpec(
  environment: Environment,
  role: AppName,
  configMap: string,
  items: readonly { key: string; path: string }[],
): object {
  const env = {
    GATEWAY_HOST: serviceHost(environment, "collector-gateway"),
    // With two tiers Tempo has tenants, which clients of Jaeger and Zipkin can't name: the gateway takes their spans.
    TEMPO_HOST: serviceHost(environment, traceTiers(environment).length > 1 ? "collector-gateway" : "tempo"),
    PAYMENT_URL: `http://payment.${demoNamespace}.svc:${APP_PORT}`,
  };
  return {
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 5,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 1000,
      runAsGroup: 1000,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [
      {
        name: role,
        image: imageReference(environment, "node"),
        command: ["node"],
        args: [`/app/${APP_ENTRY}`, role],
        env: [
          ...Object.entries(env).map(([name, value]) => ({ name, value })),
          { name: "HOST_IP", valueFrom: { fieldRef: { fieldPath: "status.hostIP" } } },
        ],
        ports: [{ name: "http", containerPort: APP_PORT }],
        readinessProbe: { httpGet: { path: "/", port: APP_PORT }, periodSeconds: 1 },
        // One of them with a CPU limit, as some teams set it: only then are there periods in which it is throttled.
        resources: {
          requests: { cpu: "10m", memory: "64Mi" },
          limits: { memory: "256Mi", ...(role === "target" ? { cpu: "1" } : {}) },
        },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
        volumeMounts: [{ name: "app", mountPath: "/app", readOnly: true }],
      },
    ],
    volumes: [{ name: "app", configMap: { name: configMap, items } }],
  };
}
