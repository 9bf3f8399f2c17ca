import {
  autoscaled,
  binding,
  budget,
  container,
  inZone,
  namespace,
  pod,
  running,
  server,
  workload,
} from "../resources";
import type { Case } from "./case";

const registries =
  "docker.io/grafana/, docker.io/library/, docker.io/otel/, docker.io/versity/, docker.io/victoriametrics/, quay.io/kiwigrid/, quay.io/prometheus/, registry.k8s.io/";
const fixes = {
  pinned: "; fix: name a full version (repository:v1.2.3) or a digest (repository@sha256:…)",
  allowed: `; fix: take it from ${registries} or the environment's images.mirror`,
  privilege: "; fix: set runAsNonRoot and a user above 0, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}",
  hardened:
    "; fix: set readOnlyRootFilesystem: true (an emptyDir for scratch files), seccompProfile RuntimeDefault, an own account",
  host: "; fix: leave out host namespaces, hostPath volumes and host ports",
  budget: "; fix: add one PodDisruptionBudget with maxUnavailable: 1 that selects the pods of all its replicas",
  sized: "; fix: set resources.requests.cpu, resources.requests.memory and resources.limits.memory",
};
const digest = `docker.io/grafana/shop@sha256:${"0".repeat(64)}`;

export const workloadCases: readonly Case[] = [
  {
    policy: "images-pinned",
    what: "a full version, a digest and a registry with a port are fine",
    resources: [running({}), running({ image: digest }), running({ image: "registry.example.com:5000/shop:v1.2" })],
    messages: [],
  },
  {
    policy: "images-pinned",
    what: "tags that move, and no tag behind a port, are found in init containers too",
    resources: [
      running({ image: "docker.io/grafana/shop:latest" }),
      running({ image: "docker.io/grafana/shop:3" }),
      workload(pod({ initContainers: [container({ name: "setup", image: "registry.example.com:5000/shop" })] })),
    ],
    messages: [
      `StatefulSet web/shop runs docker.io/grafana/shop:latest in container shop${fixes.pinned}`,
      `StatefulSet web/shop runs docker.io/grafana/shop:3 in container shop${fixes.pinned}`,
      `StatefulSet web/shop runs registry.example.com:5000/shop in container setup${fixes.pinned}`,
    ],
  },
  {
    policy: "images-from-known-publishers",
    what: "a known publisher is fine",
    resources: [running({}), running({ image: "quay.io/prometheus/prometheus:v3.15.0" })],
    messages: [],
  },
  {
    policy: "images-from-known-publishers",
    what: "the mirror's own images are fine",
    resources: [running({ image: "registry.example.com/mirror/grafana/shop:1.2.3" })],
    environment: { mirror: "registry.example.com/mirror" },
    messages: [],
  },
  {
    policy: "images-from-known-publishers",
    what: "anybody's account on Docker Hub, and a host that only looks like a known one, are found",
    resources: [
      running({ image: "docker.io/somebody/grafana:1.2.3" }),
      running({ image: "quay.io.example.com/prometheus/prometheus:v3.15.0" }),
    ],
    messages: [
      `StatefulSet web/shop runs docker.io/somebody/grafana:1.2.3 in container shop${fixes.allowed}`,
      `StatefulSet web/shop runs quay.io.example.com/prometheus/prometheus:v3.15.0 in container shop${fixes.allowed}`,
    ],
  },
  {
    policy: "images-from-known-publishers",
    what: "with a mirror, an image from the internet would never start",
    resources: [running({})],
    environment: { mirror: "registry.example.com/mirror" },
    messages: [`StatefulSet web/shop runs docker.io/grafana/shop:1.2.3 in container shop${fixes.allowed}`],
  },
  {
    policy: "pods-unprivileged",
    what: "a restricted pod may bind a low port",
    resources: [
      running({
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] },
        },
      }),
    ],
    messages: [],
  },
  {
    policy: "pods-unprivileged",
    what: "a privileged container with all that belongs to it is found",
    resources: [running({ securityContext: { privileged: true, capabilities: { add: ["SYS_ADMIN"] }, runAsUser: 0 } })],
    messages: [
      `StatefulSet web/shop is privileged in container shop${fixes.privilege}`,
      `StatefulSet web/shop may gain privileges in container shop${fixes.privilege}`,
      `StatefulSet web/shop keeps the runtime's capabilities in container shop${fixes.privilege}`,
      `StatefulSet web/shop adds the capability SYS_ADMIN in container shop${fixes.privilege}`,
      `StatefulSet web/shop runs as root in container shop${fixes.privilege}`,
    ],
  },
  {
    policy: "pods-unprivileged",
    what: "an image whose user is root is not excluded by silence",
    resources: [workload(pod({ securityContext: { seccompProfile: { type: "RuntimeDefault" } } }))],
    messages: [`StatefulSet web/shop does not exclude root (runAsNonRoot) in container shop${fixes.privilege}`],
  },
  { policy: "pods-hardened", what: "a read-only image with seccomp is fine", resources: [workload()], messages: [] },
  {
    policy: "pods-hardened",
    what: "a writable image, an unfiltered kernel and the shared account are found",
    resources: [workload({ containers: [container({ securityContext: {} })] })],
    messages: [
      `StatefulSet web/shop runs under the namespace's default service account${fixes.hardened}`,
      `StatefulSet web/shop can write into the image of container shop${fixes.hardened}`,
      `StatefulSet web/shop runs container shop without a seccomp profile${fixes.hardened}`,
    ],
  },
  {
    policy: "pods-off-the-host",
    what: "ports of the pod and volumes of the cluster are fine",
    resources: [
      workload(
        pod({ containers: [container({ ports: [{ containerPort: 80 }] })], volumes: [{ name: "a", emptyDir: {} }] }),
      ),
    ],
    messages: [],
  },
  {
    policy: "pods-off-the-host",
    what: "each tie to the node is found; with its network, ports are not said twice",
    resources: [
      workload(
        pod({
          hostNetwork: true,
          hostIPC: true,
          containers: [container({ ports: [{ containerPort: 80, hostPort: 80 }] })],
        }),
      ),
      workload(
        pod({
          volumes: [{ name: "docker", hostPath: { path: "/var/run/docker.sock" } }],
          containers: [container({ ports: [{ containerPort: 80, hostPort: 8080 }] })],
        }),
      ),
    ],
    messages: [
      `StatefulSet web/shop is in the node's namespace (hostNetwork)${fixes.host}`,
      `StatefulSet web/shop is in the node's namespace (hostIPC)${fixes.host}`,
      `StatefulSet web/shop mounts the node's /var/run/docker.sock${fixes.host}`,
      `StatefulSet web/shop listens on the node's port 8080${fixes.host}`,
    ],
  },
  { policy: "namespaces-restricted", what: "the restricted level is fine", resources: [namespace()], messages: [] },
  {
    policy: "namespaces-restricted",
    what: "a weaker level is found",
    resources: [namespace("baseline")],
    messages: [
      'Namespace web enforces the pod security standard "baseline"; fix: label the namespace pod-security.kubernetes.io/enforce: restricted',
    ],
  },
  { policy: "containers-probed", what: "both probes are fine", resources: [workload()], messages: [] },
  {
    policy: "containers-probed",
    what: "a container beside the server without probes hides its failures",
    resources: [workload(pod({ containers: [container(), { name: "sidecar", image: "docker.io/grafana/x:1.2.3" }] }))],
    messages: [
      "StatefulSet web/shop has no readinessProbe and no livenessProbe in sidecar; fix: give the container a readinessProbe and a livenessProbe",
    ],
  },
  { policy: "containers-sized", what: "no limit of CPU is needed", resources: [workload()], messages: [] },
  {
    policy: "containers-sized",
    what: "what is not sized is found by its part",
    resources: [running({ resources: { requests: { memory: "32Mi" } } })],
    messages: [`StatefulSet web/shop sets no request of CPU, no limit of memory in container shop${fixes.sized}`],
  },
  {
    policy: "tokens-only-where-used",
    what: "a token with a role, and no token, are fine",
    resources: [
      workload(),
      workload(pod({ automountServiceAccountToken: true })),
      binding("reader", { kind: "ServiceAccount", name: "shop", namespace: "web" }),
    ],
    messages: [],
  },
  {
    policy: "tokens-only-where-used",
    what: "a token that nothing uses is found, also where Kubernetes mounts it by default",
    resources: [
      workload({ ...pod(), automountServiceAccountToken: true }),
      binding("reader", { kind: "ServiceAccount", name: "shop", namespace: "elsewhere" }),
    ],
    messages: [
      "StatefulSet web/shop mounts the token of shop, which has no role; fix: set automountServiceAccountToken: false, or bind a role to the pod's service account",
    ],
  },
  { policy: "replicas-in-prod", what: "two replicas are fine", resources: [workload()], messages: [] },
  {
    policy: "replicas-in-prod",
    what: "one replica is nobody's business outside prod",
    resources: [workload(pod(), { spec: { replicas: 1 } })],
    environment: { profile: "dev" },
    messages: [],
  },
  {
    policy: "replicas-in-prod",
    what: "one replica, said or by default, is found",
    resources: [workload(pod(), { spec: { replicas: undefined } })],
    messages: ["StatefulSet web/shop runs 1 replica; fix: run at least 2 replicas"],
  },
  {
    policy: "replicas-in-prod",
    what: "the minimum of an autoscaler counts",
    resources: autoscaled({ minReplicas: 2, maxReplicas: 4 }),
    messages: [],
  },
  {
    policy: "replicas-in-prod",
    what: "an autoscaler that may go down to one is found",
    resources: autoscaled({ maxReplicas: 4 }),
    messages: ["StatefulSet web/shop runs 1 replica when it has little to do; fix: run at least 2 replicas"],
  },
  {
    policy: "replicas-in-prod",
    what: "another's autoscaler does not count",
    resources: autoscaled({ minReplicas: 2, maxReplicas: 4 }, "other"),
    messages: ["StatefulSet web/shop runs 1 replica; fix: run at least 2 replicas"],
  },
  {
    policy: "replicas-in-prod",
    what: "the zones of one component are its replicas",
    resources: [inZone("a", 1), inZone("b", 1), inZone("c", 1)],
    messages: [],
  },
  {
    policy: "replicas-in-prod",
    what: "a zone alone, and another server under the same label, are found",
    resources: [inZone("a", 1), inZone("b", 1, "docker.io/grafana/other:1.2.3")],
    messages: [
      "StatefulSet web/shop-a runs 1 replica; fix: run at least 2 replicas",
      "StatefulSet web/shop-b runs 1 replica; fix: run at least 2 replicas",
    ],
  },
  {
    policy: "disruption-budgets",
    what: "a budget that lets one go is fine",
    resources: [workload(), budget({ maxUnavailable: 1 })],
    messages: [],
  },
  {
    policy: "disruption-budgets",
    what: "one budget over all zones is fine",
    resources: [
      inZone("a", 1),
      inZone("b", 1),
      budget({ maxUnavailable: 1, selector: { matchLabels: { "observability/zones-of": "shop" } } }),
    ],
    messages: [],
  },
  {
    policy: "disruption-budgets",
    what: "what an autoscaler starts needs a budget too",
    resources: autoscaled({ minReplicas: 2 }),
    messages: [`StatefulSet web/shop runs 2 replicas without a budget${fixes.budget}`],
  },
  {
    policy: "disruption-budgets",
    what: "a budget for each zone alone lets a pod of each go at once, and with two no pod ever goes",
    resources: [
      inZone("a", 2),
      inZone("b", 2),
      ...["a", "b"].map((zone) =>
        budget({ maxUnavailable: 1, selector: { matchLabels: { "app.kubernetes.io/component": `server-${zone}` } } }),
      ),
      workload(),
      budget({ maxUnavailable: 1, selector: { matchLabels: { "app.kubernetes.io/component": "server" } } }, "first"),
      budget({ maxUnavailable: 1, selector: { matchLabels: { "app.kubernetes.io/component": "server" } } }, "second"),
    ],
    messages: [
      `StatefulSet web/shop-a runs 4 replicas in 2 zones with a budget for each zone alone${fixes.budget}`,
      `StatefulSet web/shop-b runs 4 replicas in 2 zones with a budget for each zone alone${fixes.budget}`,
      `StatefulSet web/shop has 2 budgets, with which no pod may go${fixes.budget}`,
    ],
  },
  {
    policy: "disruption-budgets",
    what: "replicas without a budget of their own go all at once",
    resources: [
      server("loki"),
      budget({ maxUnavailable: 1, selector: { matchLabels: { "app.kubernetes.io/name": "other" } } }),
    ],
    messages: [`StatefulSet web/loki runs 2 replicas without a budget${fixes.budget}`],
  },
  {
    policy: "disruption-budgets",
    what: "a budget that lets none go blocks every upgrade of the nodes",
    resources: [workload(), budget({ minAvailable: 2 })],
    messages: [`PodDisruptionBudget web/shop never lets any of 2 replicas go${fixes.budget}`],
  },
];
