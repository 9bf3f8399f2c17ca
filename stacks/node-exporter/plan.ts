import { agentsNamespace, deepMerge, type Environment } from "../../environment";
import type { WorkloadArgs } from "../kubernetes";
import { flags, image, yaml, type SystemPlan } from "../system";
import { httpPort } from "./settings";

/** node_exporter's flags: its default collectors without those that cost much and tell this stack nothing. */
function nodeExporterFlags(environment: Environment): Record<string, unknown> {
  const base = {
    "path.rootfs": "/host",
    "path.procfs": "/host/proc",
    "path.sysfs": "/host/sys",
    "path.udev.data": "/host/run/udev/data",
    "web.listen-address": `:${httpPort}`,
    "log.format": "json",
    "no-collector.wifi": true,
    "no-collector.hwmon": true,
    "no-collector.btrfs": true,
    "no-collector.zfs": true,
    "no-collector.nfs": true,
    "no-collector.nfsd": true,
    "no-collector.infiniband": true,
    "no-collector.fibrechannel": true,
    "no-collector.arp": true,
    // Mounts of containers are counted by the kubelet; here they would make a series each, new with every pod.
    "collector.filesystem.mount-points-exclude":
      "^/(dev|proc|sys|run/(k3s|containerd|observability-kit|user)/.+|var/lib/(docker|kubelet|containers)/.+|snap/.+)($|/)",
    "collector.filesystem.fs-types-exclude":
      "^(autofs|binfmt_misc|bpf|cgroup2?|configfs|debugfs|devpts|devtmpfs|fusectl|hugetlbfs|iso9660|mqueue|nsfs|overlay|proc|procfs|pstore|rpc_pipefs|securityfs|selinuxfs|squashfs|sysfs|tracefs|tmpfs)$",
    "collector.netclass.ignored-devices": "^(veth.*|cali.*|lxc.*|[a-f0-9]{15})$",
    "collector.netdev.device-exclude": "^(veth.*|cali.*|lxc.*|[a-f0-9]{15})$",
    // Units of systemd through its socket; nodes without systemd report the collector as failed and nothing else.
    "collector.systemd": true,
    "collector.systemd.unit-include": "^(kubelet|containerd|crio|docker|sshd?|systemd-.*|chronyd?)\\.service$",
    // A unit that ends and is started again is never "failed".
    "collector.systemd.enable-restarts-metrics": true,
  };
  return deepMerge(base, (environment.systems["node-exporter"].config as { flags?: object }).flags ?? {});
}

/** node_exporter on every node, tainted ones too. */
export function planNodeExporter(environment: Environment): SystemPlan {
  const { image: reference, version } = image(environment, "node-exporter");
  const settings = environment.systems["node-exporter"];
  const namespace = agentsNamespace(environment);
  const values = nodeExporterFlags(environment);
  const args: WorkloadArgs = {
    system: "node-exporter",
    component: "server",
    kind: "DaemonSet",
    namespace,
    image: reference,
    version,
    args: flags(values),
    env: [{ name: "DBUS_SYSTEM_BUS_ADDRESS", value: "unix:path=/host/run/dbus/system_bus_socket" }],
    ports: { http: { port: httpPort } },
    readiness: { path: "/", port: "http" },
    replicas: 1,
    resources: settings.resources,
    user: 65534,
    tolerations: [{ operator: "Exists" }],
    host: {
      reason: "measures the node itself: its network and processes, its file systems read-only",
      network: true,
      pid: true,
      paths: [{ name: "root", path: "/", mountPath: "/host", propagation: "HostToContainer" }],
    },
    gracePeriod: 10,
  };
  return {
    name: "node-exporter",
    version,
    workloads: [args],
    objects: [],
    secrets: [],
    config: { "flags.yaml": yaml(values) },
    flows: [],
    scrapeJobs: [
      {
        job: "node-exporter",
        namespace,
        system: "node-exporter",
        component: "server",
        port: "http",
        number: httpPort,
        hostNetwork: true,
      },
    ],
  };
}
