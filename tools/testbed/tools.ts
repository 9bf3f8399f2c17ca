/** One program that the kit builds. */
export interface Tool {
  /** Folder below modules/, with go.mod and go.sum. */
  module: string;
  /** Go package of the program. */
  package: string;
  version: string;
  /** Linker settings besides `-s -w`: what the program says its version is. */
  ldflags?: string;
  tags?: string;
  /** What must happen in the copied module before the compiler runs. */
  prepare?: "alertmanager-page" | "collector-sources" | "provider-schema";
  /**
   * What it is built for, when none is named: `images` where the servers' images are made here, `name` never.
   * @default always: the node, the engine and the fast suite need it
   */
  for?: "images" | "name";
}

const kubernetes = (program: string, purpose?: Tool["for"]): Tool => ({
  module: "kubernetes",
  package: `k8s.io/kubernetes/cmd/${program}`,
  version: "v1.36.3",
  ldflags: ["gitVersion=v1.36.3", "gitMajor=1", "gitMinor=36"]
    .map((value) => `-X k8s.io/component-base/version.${value}`)
    .join(" "),
  ...(purpose ? { for: purpose } : {}),
});

const victoriaMetrics = (program: string, purpose?: Tool["for"]): Tool => ({
  module: "victoria-metrics",
  package: `github.com/VictoriaMetrics/VictoriaMetrics/app/${program}`,
  version: "v1.150.0",
  ldflags: `-X github.com/VictoriaMetrics/VictoriaMetrics/lib/buildinfo.Version=${program}-v1.150.0`,
  ...(purpose ? { for: purpose } : {}),
});

const prometheus = (program: string, purpose?: Tool["for"]): Tool => ({
  module: "prometheus",
  package: `github.com/prometheus/prometheus/cmd/${program}`,
  version: "v3.16.0",
  ldflags: "-X github.com/prometheus/common/version.Version=3.16.0",
  // The discoveries of the clouds are most of the build; a cluster uses these two (file and http are always in).
  tags: "remove_all_sd,enable_kubernetes_sd,enable_dns_sd",
  ...(purpose ? { for: purpose } : {}),
});

const alertmanager = (program: string, purpose?: Tool["for"]): Tool => ({
  module: "alertmanager",
  package: `github.com/prometheus/alertmanager/cmd/${program}`,
  version: "v0.35.0",
  ldflags: "-X github.com/prometheus/common/version.Version=0.35.0",
  prepare: "alertmanager-page",
  ...(purpose ? { for: purpose } : {}),
});

/** Every program by the name of its binary, in the order of building: node and engine, then servers; the slow ones first. */
export const TOOLS = {
  "kube-apiserver": kubernetes("kube-apiserver"),
  "kube-controller-manager": kubernetes("kube-controller-manager"),
  "kube-scheduler": kubernetes("kube-scheduler"),
  kubelet: kubernetes("kubelet"),
  "kube-proxy": kubernetes("kube-proxy"),
  kubectl: kubernetes("kubectl", "name"),
  "pulumi-resource-kubernetes": {
    module: "pulumi-kubernetes",
    package: ".",
    version: "v4.25.0",
    ldflags: "-X main.version=4.25.0",
    prepare: "provider-schema",
  },
  pulumi: {
    module: "pulumi",
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    version: "v3.250.0",
    // Without it the command line reports no version and the Automation API refuses it.
    ldflags: "-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v3.250.0",
  },
  coredns: { module: "coredns", package: "github.com/coredns/coredns", version: "v1.12.4" },
  etcd: { module: "etcd", package: "go.etcd.io/etcd/server/v3", version: "v3.6.8" },
  pause: { module: "pause", package: ".", version: "v1.0.0" },
  prometheus: prometheus("prometheus", "images"),
  promtool: prometheus("promtool"),
  "otelcol-contrib": {
    module: "otelcol",
    package: ".",
    version: "v0.160.0",
    prepare: "collector-sources",
    for: "images",
  },
  "kube-state-metrics": {
    module: "kube-state-metrics",
    package: "k8s.io/kube-state-metrics/v2",
    version: "v2.20.0",
    for: "images",
    ldflags: "-X github.com/prometheus/common/version.Version=v2.20.0",
  },
  versitygw: {
    module: "versitygw",
    package: "github.com/versity/versitygw/cmd/versitygw",
    version: "v1.8.0",
    for: "images",
    ldflags: "-X main.Version=v1.8.0",
  },
  alertmanager: alertmanager("alertmanager", "images"),
  amtool: alertmanager("amtool"),
  "victoria-metrics": victoriaMetrics("victoria-metrics", "images"),
  vmalert: victoriaMetrics("vmalert"),
  "vmalert-tool": victoriaMetrics("vmalert-tool"),
  vmagent: victoriaMetrics("vmagent", "name"),
  vmauth: victoriaMetrics("vmauth", "name"),
  node_exporter: {
    module: "node-exporter",
    package: "github.com/prometheus/node_exporter",
    version: "v1.12.1",
    for: "images",
    ldflags: "-X github.com/prometheus/common/version.Version=1.12.1",
  },
  "kube-network-policies": {
    module: "kube-network-policies",
    package: "sigs.k8s.io/kube-network-policies/cmd",
    version: "v0.8.0",
  },
} as const satisfies Record<string, Tool>;

export type ToolName = keyof typeof TOOLS;

/** Names of the programs that are built when none is named. @param pulled whether the servers' images are pulled */
export function defaultTools(pulled = false): ToolName[] {
  return (Object.keys(TOOLS) as ToolName[]).filter((name) => {
    const { for: purpose }: Tool = TOOLS[name];
    return purpose === undefined || (purpose === "images" && !pulled);
  });
}
