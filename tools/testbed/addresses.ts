/** Name of the one node; pods and metrics carry it. */
export const NODE_NAME = "hermetic";
/** Context in the kubeconfig. */
export const CONTEXT_NAME = "observability-hermetic";

/** The node's own address: on a bridge without ports, since loopback is refused and the kernel may lack `dummy`. */
export const NODE_ADDRESS = "10.243.0.1";
export const NODE_BRIDGE = "hermetic0";

export const POD_RANGE = "10.244.0.0/24";
export const SERVICE_RANGE = "10.96.0.0/16";
export const API_SERVICE_ADDRESS = "10.96.0.1";
export const DNS_ADDRESS = "10.96.0.10";
export const CLUSTER_DOMAIN = "cluster.local";

export const API_PORT = 6443;
export const API_URL = `https://${NODE_ADDRESS}:${API_PORT}`;
/** etcd holds every secret of the cluster and asks nobody who they are: no pod may reach it. */
export const ETCD_URL = "http://127.0.0.1:12379";
export const ETCD_PEER_URL = "http://127.0.0.1:12380";
