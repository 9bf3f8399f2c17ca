import { ApiError, type Cluster, type ServerVersion } from "./cluster";
import { EngineError, messageOf } from "./errors";

/** The oldest minor version whose API has all that the manifests use (pod security, retention of claims: 1.27). */
const minimumKubernetes = { major: 1, minor: 29 } as const;

/** What is known of a cluster before anything is done to it. */
export interface Reached {
  readonly cluster: Cluster;
  readonly version: string;
  /** Tells a cluster from one that had the same context before: the uid of kube-system. */
  readonly identity: string;
}

type SocketFault = readonly [reason: string, fix: string];

const untrusted: SocketFault = [
  "its certificate is signed by nobody the kubeconfig trusts",
  "fetch the kubeconfig again",
];

/** Why a connection failed, in words, and what usually helps. */
const socketFaults: Readonly<Record<string, SocketFault>> = {
  ECONNREFUSED: ["nothing listens there", "start the cluster, or correct the server's address in the kubeconfig"],
  ENOTFOUND: ["the host name is not known", "correct the server's address, or connect to the network that knows it"],
  EAI_AGAIN: ["the name server does not answer", "check this machine's network"],
  ETIMEDOUT: ["no answer", "a private cluster is reached through its VPN or bastion only"],
  ECONNRESET: ["the connection was cut", "check that the port is the API server's"],
  EHOSTUNREACH: ["no route to the host", "a private cluster is reached through its VPN or bastion only"],
  ENETUNREACH: ["no route to its network", "a private cluster is reached through its VPN or bastion only"],
  CERT_HAS_EXPIRED: ["the API server's certificate has expired", "renew it (kubeadm certs renew apiserver)"],
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  ERR_TLS_CERT_ALTNAME_INVALID: [
    "its certificate is for another name",
    "use the name in the certificate, or tls-server-name",
  ],
};

/** Reaches a cluster, and asks for its version and its identity. @throws EngineError that says what to do */
export async function reach(cluster: Cluster, seconds = 10): Promise<Reached> {
  let version: ServerVersion;
  try {
    version = await cluster.version(seconds);
  } catch (error) {
    throw unreachable(cluster, error);
  }
  checkVersion(cluster.context, version);
  const system = await cluster
    .find<{ metadata: { uid: string } }>("/api/v1/namespaces/kube-system")
    .catch((error: unknown) => {
      throw error instanceof ApiError && error.status === 401 ? unreachable(cluster, error) : error;
    });
  return { cluster, version: version.gitVersion, identity: system?.metadata.uid ?? cluster.server.host };
}

function unreachable(cluster: Cluster, error: unknown): unknown {
  const summary = `cannot reach the cluster of kube context "${cluster.context}" at ${cluster.server.origin}`;
  if (error instanceof ApiError) {
    const refused = error.status === 401 || error.status === 403;
    return new EngineError(
      refused ? `kube context "${cluster.context}" is not let in at ${cluster.server.origin}` : summary,
      {
        reason: refused ? `its credentials were refused (${error.status})` : `GET /version answered ${error.status}`,
        fix: refused
          ? "log in again, or write this context anew with your cloud's command"
          : "check that this is a Kubernetes API server",
      },
    );
  }
  if (error instanceof EngineError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? "";
  const known = socketFaults[code];
  const proxy = process.env["HTTPS_PROXY"] ?? process.env["https_proxy"];
  return new EngineError(summary, {
    reason: known ? `${known[0]} (${code})` : messageOf(error),
    fix:
      known?.[1] ??
      (proxy
        ? "this command does not use HTTPS_PROXY; reach the cluster directly"
        : "start it, or connect to its network"),
  });
}

/** @throws EngineError when the API server is older than {@link minimumKubernetes} or says no version */
export function checkVersion(context: string, { major, minor, gitVersion }: ServerVersion): void {
  const [majorNumber, minorNumber] = [Number.parseInt(major, 10), Number.parseInt(minor, 10)];
  const minimum = `${minimumKubernetes.major}.${minimumKubernetes.minor}`;
  if (Number.isNaN(majorNumber) || Number.isNaN(minorNumber)) {
    throw new EngineError(`what answers for kube context "${context}" is no Kubernetes API server`, {
      reason: "its /version names none",
      fix: "correct the server's address in the kubeconfig",
    });
  }
  const { major: oldestMajor, minor: oldestMinor } = minimumKubernetes;
  if (majorNumber > oldestMajor || (majorNumber === oldestMajor && minorNumber >= oldestMinor)) return;
  throw new EngineError(`the cluster of kube context "${context}" is too old: Kubernetes ${gitVersion}`, {
    reason: `the stack needs ${minimum} or newer`,
    fix: `upgrade the cluster to ${minimum} or newer`,
  });
}
