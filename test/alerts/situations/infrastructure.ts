import { counter, gauge, growing, steady, written } from "../support/proof";
import { target, type Situation } from "./situation";

const api = 'cluster="local", job="apiserver", instance="a"';
const etcd = (member: string) => `cluster="local", job="etcd", instance="${member}"`;
const members = ["a", "b", "c"];
const dns = target("coredns", "a", "kube-system");
const disk = 'cluster="local", job="node-exporter", instance="n", device="/dev/sda", mountpoint="/", fstype="ext4"';

/** The cluster itself can't be changed, resolves no names, or is lost within hours. */
export const infrastructure: readonly Situation[] = [
  {
    what: "etcd has no leader",
    series: members.map((member) => [gauge(`etcd_server_has_leader{${etcd(member)}}`, 1), 0]),
    within: 5,
  },
  {
    what: "two of three members of etcd are down",
    series: members.map((member) => [gauge(`up{${etcd(member)}}`, 1), member === "a" ? 1 : 0]),
    within: 10,
  },
  {
    what: "the database of etcd is nearly full",
    series: members.flatMap((member) => [
      [gauge(`etcd_mvcc_db_total_size_in_bytes{${etcd(member)}}`, 1e9), 2.05e9],
      [steady(`etcd_server_quota_backend_bytes{${etcd(member)}}`, 2.1e9)],
    ]),
    within: 20,
  },
  {
    what: "the API server fails a third of its requests",
    series: [
      [counter(`apiserver_request_total{${api}, verb="GET", code="500"}`, 0), 300],
      [growing(`apiserver_request_total{${api}, verb="GET", code="200"}`, 600)],
    ],
    within: 40,
  },
  {
    what: "names in the cluster are not resolved: every third answer is SERVFAIL",
    series: [
      [counter(`coredns_dns_responses_total{${dns}, rcode="SERVFAIL"}`, 0), 300],
      [growing(`coredns_dns_responses_total{${dns}, rcode="NOERROR"}`, 600)],
    ],
    within: 20,
  },
  {
    what: "a kubelet's certificate ends within hours",
    series: [
      [
        gauge(
          'kubelet_certificate_manager_client_ttl_seconds{cluster="local", job="kubelet", node="n", instance="n"}',
          2e6,
        ),
        36_000,
      ],
    ],
    within: 5,
  },
  {
    what: "a node's disk is full within four hours",
    series: [
      [steady(`node_filesystem_size_bytes{${disk}}`, 1e11)],
      [steady(`node_filesystem_readonly{${disk}}`, 0)],
      // 15 GB left, half a gigabyte less each minute.
      [written(`node_filesystem_avail_bytes{${disk}}`, "15e9x70 15e9-100000000x190", "15e9x260")],
      [written(`node_filesystem_free_bytes{${disk}}`, "15e9x70 15e9-100000000x190", "15e9x260")],
    ],
    within: 100,
  },
  {
    what: "a node's disk has no inodes left within four hours",
    series: [
      [steady(`node_filesystem_files{${disk}}`, 1_000_000)],
      [steady(`node_filesystem_readonly{${disk}}`, 0)],
      [written(`node_filesystem_files_free{${disk}}`, "150000x70 150000-1000x190", "150000x260")],
    ],
    within: 100,
  },
];
