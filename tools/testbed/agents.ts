import * as fs from "node:fs";
import { stringify } from "yaml";

import { CLUSTER_DOMAIN, DNS_ADDRESS, NODE_ADDRESS, NODE_NAME, POD_RANGE } from "./addresses";
import { memberKubeconfig, pki } from "./credentials";
import { CONTAINERD_SOCKET, nodeRoot } from "./paths";
import { startProcess } from "./processes";

/** Where kubelet and containerd keep pods' logs, as on every cluster: log agents read them there. */
export const POD_LOGS = "/var/log/pods";
export const CONTAINER_LOGS = "/var/log/containers";

/** Kubelet's own folder: pods' volumes are mounted below it. */
export function kubeletRoot(): string {
  return nodeRoot("kubelet");
}

function kubeletConfiguration(): string {
  return stringify({
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    address: NODE_ADDRESS,
    port: 10250,
    readOnlyPort: 0,
    healthzBindAddress: NODE_ADDRESS,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: pki("ca.crt") },
    },
    authorization: { mode: "Webhook" },
    containerRuntimeEndpoint: `unix://${CONTAINERD_SOCKET}`,
    clusterDNS: [DNS_ADDRESS],
    clusterDomain: CLUSTER_DOMAIN,
    resolvConf: nodeRoot("resolv.conf"),
    cgroupDriver: "cgroupfs",
    failCgroupV1: false,
    failSwapOn: false,
    enforceNodeAllocatable: [],
    maxPods: 110,
    podLogsDir: POD_LOGS,
    // Images exist nowhere else, and a developer's disk is often nearly full: neither may cost a pod or an image.
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    evictionHard: {
      "memory.available": "100Mi",
      "nodefs.available": "1%",
      "nodefs.inodesFree": "1%",
      "imagefs.available": "1%",
    },
    shutdownGracePeriod: "0s",
  });
}

/** Starts the kubelet. */
export function startKubelet(kubelet: string): void {
  fs.mkdirSync(kubeletRoot(), { recursive: true });
  // Pods that ask for the node's resolver get the cluster's: no query leaves this machine.
  fs.writeFileSync(nodeRoot("resolv.conf"), `nameserver ${DNS_ADDRESS}\n`);
  fs.writeFileSync(nodeRoot("kubelet.yaml"), kubeletConfiguration());
  startProcess("kubelet", kubelet, [
    `--config=${nodeRoot("kubelet.yaml")}`,
    `--kubeconfig=${memberKubeconfig("node")}`,
    `--root-dir=${kubeletRoot()}`,
    `--cert-dir=${kubeletRoot()}/pki`,
    `--hostname-override=${NODE_NAME}`,
    `--node-ip=${NODE_ADDRESS}`,
    // cAdvisor looks for containerd by this flag alone; without it no container metric carries its pod's name.
    `--containerd=${CONTAINERD_SOCKET}`,
  ]);
}

function proxyConfiguration(): string {
  return stringify({
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    clientConnection: { kubeconfig: memberKubeconfig("proxy") },
    mode: "iptables",
    hostnameOverride: NODE_NAME,
    bindAddress: NODE_ADDRESS,
    clusterCIDR: POD_RANGE,
    metricsBindAddress: `${NODE_ADDRESS}:10249`,
    healthzBindAddress: `${NODE_ADDRESS}:10256`,
    // Node ports stay on the node's own address: nothing opens towards the outside.
    nodePortAddresses: [`${NODE_ADDRESS}/32`],
    conntrack: { maxPerCore: 0 },
    iptables: { localhostNodePorts: false, minSyncPeriod: "0s" },
  });
}

/** Starts kube-proxy. */
export function startProxy(proxy: string): void {
  fs.writeFileSync(nodeRoot("kube-proxy.yaml"), proxyConfiguration());
  startProcess("kube-proxy", proxy, [`--config=${nodeRoot("kube-proxy.yaml")}`]);
}
