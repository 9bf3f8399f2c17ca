import type { Environment } from "../../environment";
import { prod, type Values } from "../environment/support";

/** The three sizes of the servers' own sizing guides, as settings on top of prod. */

const database = { host: "db.example.com:5432", name: "grafana", user: "grafana", passwordSecret: "grafanaDatabase" };
const zones = ["us-west-2a", "us-west-2b", "us-west-2c"];

export const topologies: Readonly<Record<"small" | "medium" | "large", Values>> = {
  /** 50k samples/s, 1 MB/s of logs: everything in one piece, with a second one of what must not be missed. */
  small: { systems: { victoriametrics: { replicas: 2 } } },
  /** 300k samples/s, 10 MB/s of logs: Loki and Tempo 2.10 apart, two shards, Grafana's replicas with a database. */
  medium: {
    tempo: { majorVersion: "2" },
    secrets: ["grafanaDatabase"],
    grafana: { database },
    systems: {
      prometheus: { shards: 2 },
      victoriametrics: { replicas: 2 },
      loki: { mode: "distributed" },
      tempo: { mode: "distributed" },
      alertmanager: { replicas: 3 },
      grafana: { replicas: 2 },
    },
  },
  /** 1M samples/s, 100K lines/s, 10K spans/s: a cluster, three zones, Tempo 3 with Kafka, gateways as many as needed. */
  large: {
    zones,
    secrets: ["grafanaDatabase"],
    grafana: { database },
    tempo: { kafka: { address: "kafka.kafka.svc:9092", topic: "tempo-spans" } },
    systems: {
      prometheus: { shards: 6 },
      victoriametrics: {
        mode: "cluster",
        components: { vmstorage: { replicas: 10 }, vminsert: { replicas: 4 }, vmselect: { replicas: 4 } },
      },
      loki: {
        mode: "distributed",
        components: {
          ingester: { replicas: 9 },
          distributor: { replicas: 4 },
          querier: { replicas: 10 },
          "index-gateway": { replicas: 4 },
          compactor: {
            resources: { requests: { cpu: "6", memory: "20Gi" }, limits: { memory: "20Gi" } },
          },
        },
      },
      tempo: {
        mode: "distributed",
        components: { "live-store": { replicas: 6 }, "block-builder": { replicas: 3 }, distributor: { replicas: 3 } },
      },
      alertmanager: { replicas: 3 },
      grafana: { replicas: 3 },
      collector: { autoscaling: { minReplicas: 3, maxReplicas: 6 } },
    },
  },
};
export type Topology = keyof typeof topologies;

export const topology = (size: Topology, values: Values = {}): Environment => prod({ ...topologies[size], ...values });
