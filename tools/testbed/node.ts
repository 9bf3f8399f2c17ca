import * as fs from "node:fs";

import { API_URL, CONTEXT_NAME, DNS_ADDRESS, NODE_ADDRESS, NODE_NAME } from "./addresses";
import { startKubelet, startProxy } from "./agents";
import { apiAnswers, apiApply, apiGet } from "./api";
import { buildTools } from "./build";
import { cleanNode, markerFile } from "./cleanup";
import { PAUSE_IMAGE, startContainerd } from "./containerd";
import { startApiServer, startControllers, startEtcd, type TracingOptions } from "./control-plane";
import { createCredentials } from "./credentials";
import { COREDNS_IMAGE, deployDns, dnsIsReady } from "./dns";
import { checkHost, installHostPackages } from "./host";
import { importImages } from "./images";
import { withLock } from "./lock";
import { shareRoot } from "./mounts";
import { assertNoOtherCluster, createNetwork } from "./network";
import { kubeconfigPath, nodeRoot } from "./paths";
import { POLICY_ENGINE, startPolicyEngine } from "./policy-engine";
import { assertRunning, logFile, recordedProcesses, runningProcess } from "./processes";
import { tail, waitUntil, type Progress } from "./shell";
import { startSystemd } from "./systemd";
import type { ToolName } from "./tools";
import { startVolumes } from "./volumes";

export interface NodeOptions {
  /** What the API server traces of itself, and where to. */
  tracing?: TracingOptions;
  /** @default silent */
  progress?: Progress;
}

/** How to reach the node. */
export interface NodeInfo {
  kubeconfig: string;
  context: string;
  nodeName: string;
  /** The node's own address: host ports, and the metrics of etcd, controller manager, scheduler and kube-proxy. */
  address: string;
  apiServer: string;
  dnsAddress: string;
  /** From the call until node and name server were ready; 0 when it ran already. */
  seconds: number;
}

export interface NodeStatus {
  /** All processes run and the node is ready. */
  ready: boolean;
  processes: Record<string, "running" | "ended">;
  kubeconfig: string;
  context: string;
}

const NODE_TOOLS = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubelet",
  "kube-proxy",
  "kube-network-policies",
] as const satisfies ToolName[];
const PROCESSES = [
  "etcd",
  "containerd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubelet",
  "kube-proxy",
  POLICY_ENGINE,
  "provisioner",
];

/**
 * Boots a Kubernetes node on this machine: a new, empty cluster each time. One that runs already with the same
 * settings is left as it is; what an earlier run left behind, after a crash too, is cleaned away first.
 */
export async function startNode(options: NodeOptions = {}): Promise<NodeInfo> {
  const started = Date.now();
  const progress = options.progress ?? (() => undefined);
  checkHost();
  await installHostPackages(progress);
  const binaries = (await buildTools(NODE_TOOLS, progress)) as Record<ToolName, string>;
  // The images of the node's own pods are built before the clock of the boot starts to matter.
  await buildTools(["pause", "coredns"], progress);
  return withLock("node", progress, async () => {
    const settings = JSON.stringify({ tracing: options.tracing ?? {}, binaries });
    if (fs.existsSync(markerFile()) && fs.readFileSync(markerFile(), "utf8") === settings && (await isReady())) {
      progress("the node runs already");
      return nodeInfo(0);
    }
    if (fs.existsSync(markerFile())) {
      progress("cleaning up after an earlier start");
      await cleanNode();
    }
    assertNoOtherCluster();
    fs.mkdirSync(nodeRoot(), { recursive: true });
    fs.writeFileSync(markerFile(), settings);
    await boot(binaries, options.tracing ?? {}, progress);
    return nodeInfo((Date.now() - started) / 1000);
  });
}

async function boot(binaries: Record<ToolName, string>, tracing: TracingOptions, progress: Progress): Promise<void> {
  createNetwork();
  shareRoot();
  await startSystemd();
  createCredentials();
  progress("starting etcd, API server, containerd");
  startEtcd(binaries);
  await Promise.all([startApiServer(binaries, tracing), startRuntime(progress)]);
  progress("starting controllers, scheduler, kubelet, kube-proxy");
  startControllers(binaries);
  startKubelet(binaries.kubelet);
  startProxy(binaries["kube-proxy"]);
  await Promise.all([deployDns(), startVolumes(), startPolicyEngine(binaries["kube-network-policies"])]);
  await waitUntil(
    "the node is ready",
    60,
    () => {
      assertRunning(PROCESSES);
      return isReady();
    },
    () => `The end of ${logFile("kubelet")}:\n${tail(logFile("kubelet"))}`,
  );
  await markControlPlane();
}

/** Says that the control plane runs on this node, as kubeadm does: that is how its metrics are found. */
async function markControlPlane(): Promise<void> {
  const labels = { "node-role.kubernetes.io/control-plane": "" };
  await apiApply("/api/v1/nodes", { apiVersion: "v1", kind: "Node", metadata: { name: NODE_NAME, labels } });
}

async function startRuntime(progress: Progress): Promise<void> {
  await startContainerd();
  await importImages({ pause: PAUSE_IMAGE, coredns: COREDNS_IMAGE }, progress);
}

interface NodeObject {
  status?: { conditions?: { type: string; status: string }[] };
}

/** Never throws: an API server that is just coming or going is not ready. */
async function isReady(): Promise<boolean> {
  if (PROCESSES.some((name) => runningProcess(name) === undefined)) return false;
  try {
    return (await apiAnswers("/readyz")) && (await nodeAndDnsAreReady());
  } catch {
    return false;
  }
}

async function nodeAndDnsAreReady(): Promise<boolean> {
  const node = await apiGet<NodeObject>(`/api/v1/nodes/${NODE_NAME}`);
  const ready = node?.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True");
  return ready === true && (await dnsIsReady());
}

function nodeInfo(seconds: number): NodeInfo {
  return {
    kubeconfig: kubeconfigPath(),
    context: CONTEXT_NAME,
    nodeName: NODE_NAME,
    address: NODE_ADDRESS,
    apiServer: API_URL,
    dnsAddress: DNS_ADDRESS,
    seconds,
  };
}

/** Ends the node and removes what it put on this machine. Nothing happens where none was started. */
export async function stopNode(progress: Progress = () => undefined): Promise<void> {
  if (!fs.existsSync(markerFile())) return;
  checkHost();
  await withLock("node", progress, async () => {
    if (!fs.existsSync(markerFile())) return;
    progress("ending processes, mounts, network devices and control groups");
    await cleanNode();
  });
}

/** What runs of the node now. */
export async function nodeStatus(): Promise<NodeStatus> {
  const names = fs.existsSync(markerFile()) ? new Set([...PROCESSES, ...recordedProcesses()]) : new Set<string>();
  const state = (name: string) => [name, runningProcess(name) ? "running" : "ended"] as const;
  return {
    ready: names.size > 0 && (await isReady()),
    processes: Object.fromEntries([...names].map(state)),
    kubeconfig: kubeconfigPath(),
    context: CONTEXT_NAME,
  };
}
