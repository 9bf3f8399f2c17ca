import { CLUSTER_DOMAIN, DNS_ADDRESS } from "./addresses";
import { apiApply, apiGet, type KubeObject } from "./api";

/** Reference of the name server's image; it exists nowhere else. */
export const COREDNS_IMAGE = "localhost/observability-kit/coredns:1.12.4";

const NAMESPACE = "kube-system";
const LABELS = { "k8s-app": "kube-dns" };

// Names outside the cluster do not exist here: an upstream would be asked about every typing error, over the network.
// They have a block of their own, since `template` comes before `kubernetes` whatever the order of lines.
const COREFILE = `${CLUSTER_DOMAIN}:53 in-addr.arpa:53 ip6.arpa:53 {
    errors
    health {
        lameduck 1s
    }
    ready
    kubernetes ${CLUSTER_DOMAIN} in-addr.arpa ip6.arpa {
        pods insecure
        ttl 5
    }
    prometheus :9153
}
.:53 {
    errors
    prometheus :9153
    template ANY ANY {
        rcode NXDOMAIN
    }
}
`;

const metadata = (name: string) => ({ name, namespace: NAMESPACE, labels: LABELS });

function deployment(): KubeObject {
  const probe = (path: string, port: number) => ({ httpGet: { path, port }, periodSeconds: 1, failureThreshold: 30 });
  const container = {
    name: "coredns",
    image: COREDNS_IMAGE,
    imagePullPolicy: "Never",
    args: ["-conf", "/etc/coredns/Corefile"],
    ports: [
      { name: "dns", containerPort: 53, protocol: "UDP" },
      { name: "dns-tcp", containerPort: 53, protocol: "TCP" },
      { name: "metrics", containerPort: 9153, protocol: "TCP" },
    ],
    resources: { limits: { memory: "170Mi" }, requests: { cpu: "20m", memory: "40Mi" } },
    readinessProbe: probe("/ready", 8181),
    securityContext: {
      // The image's program has no file capability: only root can use the right to bind port 53.
      runAsUser: 0,
      allowPrivilegeEscalation: false,
      capabilities: { add: ["NET_BIND_SERVICE"], drop: ["ALL"] },
      readOnlyRootFilesystem: true,
    },
    volumeMounts: [{ name: "config", mountPath: "/etc/coredns", readOnly: true }],
  };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: metadata("coredns"),
    spec: {
      replicas: 1,
      selector: { matchLabels: LABELS },
      template: {
        metadata: { labels: LABELS },
        spec: {
          priorityClassName: "system-cluster-critical",
          serviceAccountName: "coredns",
          dnsPolicy: "Default",
          containers: [container],
          volumes: [{ name: "config", configMap: { name: "coredns" } }],
        },
      },
    },
  };
}

/** Puts the cluster's name server in place, as an ordinary deployment behind the address that pods ask. */
export async function deployDns(): Promise<void> {
  const core = `/api/v1/namespaces/${NAMESPACE}`;
  const rbac = "/apis/rbac.authorization.k8s.io/v1";
  const read = (group: string, resources: string[]) => ({ apiGroups: [group], resources, verbs: ["list", "watch"] });
  await apiApply(`${core}/serviceaccounts`, {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: metadata("coredns"),
  });
  await apiApply(`${rbac}/clusterroles`, {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name: "system:coredns" },
    rules: [read("", ["endpoints", "services", "pods", "namespaces"]), read("discovery.k8s.io", ["endpointslices"])],
  } as KubeObject);
  await apiApply(`${rbac}/clusterrolebindings`, {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: "system:coredns" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "system:coredns" },
    subjects: [{ kind: "ServiceAccount", name: "coredns", namespace: NAMESPACE }],
  } as KubeObject);
  await apiApply(`${core}/configmaps`, {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: metadata("coredns"),
    data: { Corefile: COREFILE },
  } as KubeObject);
  await apiApply(`${core}/services`, {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadata("kube-dns"),
    spec: {
      clusterIP: DNS_ADDRESS,
      selector: LABELS,
      ports: [
        { name: "dns", port: 53, protocol: "UDP", targetPort: 53 },
        { name: "dns-tcp", port: 53, protocol: "TCP", targetPort: 53 },
        { name: "metrics", port: 9153, protocol: "TCP", targetPort: 9153 },
      ],
    },
  });
  await apiApply(`/apis/apps/v1/namespaces/${NAMESPACE}/deployments`, deployment());
}

/** Whether the name server answers. */
export async function dnsIsReady(): Promise<boolean> {
  const path = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments/coredns`;
  const found = await apiGet<{ status?: { readyReplicas?: number } }>(path);
  return (found?.status?.readyReplicas ?? 0) > 0;
}
