import { quantity } from "../units";

/** Where "too much" begins in Kubernetes and its control plane, beyond what they share with others. */
export const kubernetesThresholds = {
  /** Restarts of a container in a quarter of an hour. */
  restarts: { warning: quantity(1, "count"), critical: quantity(5, "count") },
  /** A volume of a pod, used so far, is full before anybody comes to work (kubernetes-mixin: 97 %). */
  volumeFull: { critical: quantity(97, "percent") },
  /** Throttled enforcement periods of a container (kubernetes-mixin: 25 percent). */
  throttling: { warning: quantity(0.1, "ratio"), critical: quantity(0.25, "ratio") },
  /** A container's memory against its limit, above which it is killed. */
  memoryOfLimit: { warning: quantity(0.9, "ratio") },
  /** Pods on a node against what it takes (kubernetes-mixin: 95 %). */
  podsOnNode: { warning: quantity(0.95, "ratio") },
  /** p99 of the kubelet's relist (kubernetes-mixin: 10 s). */
  relist: { warning: quantity(10, "seconds") },
  /** What is left of a certificate (kubernetes-mixin: 7 d and 1 d). */
  certificate: { warning: quantity(604_800, "seconds"), critical: quantity(86_400, "seconds") },
  /** How long a job may run, and a scheduled one be late (kubernetes-mixin: 12 h). */
  jobAge: { warning: quantity(43_200, "seconds") },
  cronDelay: { warning: quantity(3_600, "seconds") },
  /** Response time of the API server that kubernetes-mixin's SLO takes for objects. */
  apiserverLatency: { warning: quantity(1, "seconds"), critical: quantity(5, "seconds") },
  /** Requests that the API server ends to protect itself (kubernetes-mixin: 20 %). */
  terminations: { warning: quantity(0.2, "ratio") },
  /** p99 of etcd's writes (etcd's own mixin: 500 ms and 1 s; 250 ms for commits). */
  etcdFsync: { warning: quantity(0.5, "seconds"), critical: quantity(1, "seconds") },
  etcdCommit: { warning: quantity(0.25, "seconds") },
  etcdQuota: { warning: quantity(0.8, "ratio"), critical: quantity(0.95, "ratio") },
  /** p99 of a DNS answer (coredns-mixin: 4 s). */
  dnsLatency: { critical: quantity(4, "seconds") },
} as const;
