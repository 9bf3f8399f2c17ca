import * as fs from "node:fs";
import { stringify } from "yaml";

import { API_PORT, ETCD_PEER_URL, ETCD_URL, NODE_ADDRESS, NODE_NAME, POD_RANGE, SERVICE_RANGE } from "./addresses";
import { apiAnswers } from "./api";
import { memberKubeconfig, pki } from "./credentials";
import { nodeRoot } from "./paths";
import { assertRunning, logFile, startProcess } from "./processes";
import { tail, waitUntil } from "./shell";
import type { ToolName } from "./tools";

export interface TracingOptions {
  /** Where the API server sends its spans (OTLP over gRPC). @default 10.243.0.1:4317, a host port of the node */
  endpoint?: string;
  /** Requests of a million whose spans are kept. @default 10000 */
  samplingRatePerMillion?: number;
}

type Binaries = Record<ToolName, string>;

/** Flags from pairs; a list is joined by commas. */
function flags(values: Record<string, string | number | boolean>): string[] {
  return Object.entries(values).map(([name, value]) => `--${name}=${value}`);
}

/** Starts etcd on an empty folder: each start of the node is a new cluster. */
export function startEtcd(binaries: Binaries): void {
  const data = nodeRoot("etcd");
  fs.rmSync(data, { recursive: true, force: true });
  fs.mkdirSync(data, { recursive: true, mode: 0o700 });
  startProcess(
    "etcd",
    binaries.etcd,
    flags({
      name: NODE_NAME,
      "data-dir": data,
      "listen-client-urls": ETCD_URL,
      "advertise-client-urls": ETCD_URL,
      "listen-peer-urls": ETCD_PEER_URL,
      "initial-advertise-peer-urls": ETCD_PEER_URL,
      "initial-cluster": `${NODE_NAME}=${ETCD_PEER_URL}`,
      "listen-metrics-urls": `http://${NODE_ADDRESS}:2381`,
      // The data lives as long as the processes: waiting for the disk would only cost time.
      "unsafe-no-fsync": true,
    }),
  );
}

/** Starts the API server and waits until it is ready to serve. */
export async function startApiServer(binaries: Binaries, tracing: TracingOptions): Promise<void> {
  fs.writeFileSync(nodeRoot("tracing.yaml"), tracingConfiguration(tracing));
  startProcess(
    "kube-apiserver",
    binaries["kube-apiserver"],
    flags({
      "etcd-servers": ETCD_URL,
      "bind-address": NODE_ADDRESS,
      "advertise-address": NODE_ADDRESS,
      "secure-port": API_PORT,
      "service-cluster-ip-range": SERVICE_RANGE,
      "authorization-mode": "Node,RBAC",
      "enable-admission-plugins": "NodeRestriction",
      "token-auth-file": pki("tokens.csv"),
      "client-ca-file": pki("ca.crt"),
      // No aggregated API exists here; controllers only complain every second while this authority is missing.
      "requestheader-client-ca-file": pki("ca.crt"),
      "requestheader-allowed-names": "front-proxy-client",
      "requestheader-username-headers": "X-Remote-User",
      "requestheader-group-headers": "X-Remote-Group",
      "requestheader-extra-headers-prefix": "X-Remote-Extra-",
      "tls-cert-file": pki("apiserver.crt"),
      "tls-private-key-file": pki("apiserver.key"),
      "kubelet-client-certificate": pki("kubelet-client.crt"),
      "kubelet-client-key": pki("kubelet-client.key"),
      // The node's name is in no name server, so logs and exec go to its address.
      "kubelet-preferred-address-types": "InternalIP",
      "service-account-issuer": "https://kubernetes.default.svc",
      "service-account-key-file": pki("service-account.pub"),
      "service-account-signing-key-file": pki("service-account.key"),
      "tracing-config-file": nodeRoot("tracing.yaml"),
      "shutdown-delay-duration": "0s",
    }),
  );
  await waitUntil(
    "the API server is ready",
    60,
    () => {
      assertRunning(["etcd", "kube-apiserver"]);
      return apiAnswers("/readyz");
    },
    () => tail(logFile("kube-apiserver")),
  );
}

/** What the API server reads as its tracing configuration. */
export function tracingConfiguration(tracing: TracingOptions): string {
  return stringify({
    apiVersion: "apiserver.config.k8s.io/v1beta1",
    kind: "TracingConfiguration",
    endpoint: tracing.endpoint ?? `${NODE_ADDRESS}:4317`,
    samplingRatePerMillion: tracing.samplingRatePerMillion ?? 10_000,
  });
}

/** Starts controller manager and scheduler; both serve their metrics on the node's address to whoever RBAC lets. */
export function startControllers(binaries: Binaries): void {
  const common = (member: "controller-manager" | "scheduler") => ({
    kubeconfig: memberKubeconfig(member),
    "authentication-kubeconfig": memberKubeconfig(member),
    "authorization-kubeconfig": memberKubeconfig(member),
    "bind-address": NODE_ADDRESS,
    // There is one of each: an election would only delay the start.
    "leader-elect": false,
  });
  startProcess(
    "kube-controller-manager",
    binaries["kube-controller-manager"],
    flags({
      ...common("controller-manager"),
      "cluster-cidr": POD_RANGE,
      "service-cluster-ip-range": SERVICE_RANGE,
      "service-account-private-key-file": pki("service-account.key"),
      "root-ca-file": pki("ca.crt"),
      "use-service-account-credentials": true,
      "kube-api-qps": 100,
      "kube-api-burst": 200,
    }),
  );
  startProcess("kube-scheduler", binaries["kube-scheduler"], flags(common("scheduler")));
}
