import * as fs from "node:fs";
import * as path from "node:path";

import { API_PORT, NODE_ADDRESS, NODE_NAME, POD_RANGE } from "./addresses";
import { apiApply, apiRequest, type KubeObject } from "./api";
import { pki } from "./credentials";
import { nodeRoot } from "./paths";
import { assertRunning, logFile, startProcess } from "./processes";
import { attempt, KitError, run, tail, waitUntil } from "./shell";

/** Name of the process, of its account and its role. */
export const POLICY_ENGINE = "kube-network-policies";
/** Where the engine counts what it lets pass and what it drops. */
export const POLICY_ENGINE_METRICS = `http://${NODE_ADDRESS}:9080/metrics`;

/** The kernel asks here, and the engine answers. */
const QUEUE = 100;
/** It begins as Kubernetes' own chains do: what removes those removes this. */
const CHAIN = "KUBE-NETWORK-POLICIES";
const NAMESPACE = "kube-system";
/**
 * Bytes of packets that wait for the engine. By default 208 KiB: a server that opened three hundred connections at once lost
 * most of their first packets, and waited for seconds to send them again.
 */
const BUFFER = 16 * 2 ** 20;
const BUFFER_SETTING = "/proc/sys/net/core/rmem_default";
/** The API server's answer for a token lasts this long; a node lives for hours. In seconds. */
const TOKEN_LIFETIME = 365 * 24 * 3600;

/**
 * Starts the engine that enforces network policies, and sends it every new connection from or to a pod. The packets of
 * a refused one are dropped, so that its sender waits in vain; a connection that is open stays open.
 *
 * Not asked is a process of root on the node that speaks to a pod: kubelet's probes and the API server's proxy must
 * reach every pod, and Kubernetes says that they may. Any other user of the node is asked about.
 */
export async function startPolicyEngine(binary: string): Promise<void> {
  await createAccount();
  const root = nodeRoot("policy-engine");
  await writeCredentials(path.join(root, "secrets", "kubernetes.io", "serviceaccount"));
  // It reads its credentials below /var/run, as in a pod: it gets one of its own, which nobody else sees.
  const inRoot = [
    "--mount",
    "--propagation",
    "private",
    "sh",
    "-c",
    'mount -n --bind "$0" /var/run && exec "$@"',
    root,
  ];
  const address = [`KUBERNETES_SERVICE_HOST=${NODE_ADDRESS}`, `KUBERNETES_SERVICE_PORT=${API_PORT}`];
  const flags = [
    `-hostname-override=${NODE_NAME}`,
    `-nfqueue-id=${QUEUE}`,
    `-metrics-bind-address=${new URL(POLICY_ENGINE_METRICS).host}`,
  ];
  // The engine's socket takes the machine's default when it is opened, and the engine has no setting for it.
  const before = fs.readFileSync(BUFFER_SETTING, "utf8");
  fs.writeFileSync(BUFFER_SETTING, String(BUFFER));
  try {
    startProcess(POLICY_ENGINE, "unshare", [...inRoot, "env", ...address, binary, ...flags]);
    await waitUntil(
      "the engine of network policies listens",
      30,
      () => {
        assertRunning([POLICY_ENGINE]);
        return listens(fs.readFileSync("/proc/net/netfilter/nfnetlink_queue", "utf8"));
      },
      () => tail(logFile(POLICY_ENGINE)),
    );
  } finally {
    fs.writeFileSync(BUFFER_SETTING, before);
  }
  run("iptables-restore", ["--noflush"], queueRules());
}

/** Removes what the engine itself made; the chain that feeds it goes with those of Kubernetes. */
export function removePolicyEngine(): void {
  // Where the kernel has nftables' `queue` its own rules stand beside ours, and it removes them on SIGINT only.
  attempt("nft", ["delete", "table", "inet", POLICY_ENGINE]);
  fs.rmSync(nodeRoot("policy-engine"), { recursive: true, force: true });
}

/** Whether a program answers for the queue, from the text of /proc/net/netfilter/nfnetlink_queue. */
export function listens(queues: string): boolean {
  return queues.split("\n").some((line) => Number(line.trim().split(/\s+/)[0] || Number.NaN) === QUEUE);
}

/**
 * Text for iptables-restore. Forwarded packets are seen once, after service addresses have become pods' addresses and
 * before any source is rewritten; those for the node itself when they come in. Without `--queue-bypass`: when the engine
 * has ended nothing new passes.
 */
export function queueRules(): string {
  const queued = (direction: string) =>
    `-A ${CHAIN} ${direction} ${POD_RANGE} -m conntrack --ctstate NEW -j NFQUEUE --queue-num ${QUEUE}`;
  return `${[
    "*mangle",
    `:${CHAIN} - [0:0]`,
    queued("-s"),
    queued("-d"),
    `-A POSTROUTING -m owner ! --uid-owner 0 -j ${CHAIN}`,
    `-A INPUT ! -i lo -j ${CHAIN}`,
    "COMMIT",
  ].join("\n")}\n`;
}

/** The account with the rights that the project's own installation gives it. */
async function createAccount(): Promise<void> {
  const rbac = "/apis/rbac.authorization.k8s.io/v1";
  const read = (group: string, resources: string[]) => ({ apiGroups: [group], resources, verbs: ["list", "watch"] });
  const metadata = { name: POLICY_ENGINE, namespace: NAMESPACE };
  await apiApply(`/api/v1/namespaces/${NAMESPACE}/serviceaccounts`, {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata,
  });
  await apiApply(`${rbac}/clusterroles`, {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name: POLICY_ENGINE },
    rules: [read("", ["pods", "namespaces"]), read("networking.k8s.io", ["networkpolicies"])],
  } as KubeObject);
  await apiApply(`${rbac}/clusterrolebindings`, {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: POLICY_ENGINE },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: POLICY_ENGINE },
    subjects: [{ kind: "ServiceAccount", ...metadata }],
  } as KubeObject);
}

/** Writes what a pod would find: the account's token and the authority's certificate. */
async function writeCredentials(folder: string): Promise<void> {
  const spec = { expirationSeconds: TOKEN_LIFETIME };
  const request = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec };
  const resource = `/api/v1/namespaces/${NAMESPACE}/serviceaccounts/${POLICY_ENGINE}/token`;
  const { status, text } = await apiRequest("POST", resource, request);
  if (status !== 201) throw new KitError(`a token for ${POLICY_ENGINE} was refused (${status}): ${text}`);
  const { token } = (JSON.parse(text) as { status: { token: string } }).status;
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  fs.writeFileSync(path.join(folder, "token"), token, { mode: 0o600 });
  fs.copyFileSync(pki("ca.crt"), path.join(folder, "ca.crt"));
}
