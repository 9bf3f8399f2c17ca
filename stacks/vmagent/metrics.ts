import { counter, gauge, source } from "../../signals/source";

/** vmagent 1.150 about itself; it exposes no types and no help texts, those here come from its docs. */
export const vmagent = source(
  {
    name: "vmagent",
    jobs: ["vmagent"],
    targetLabels: ["cluster", "job", "instance", "namespace", "pod", "container", "node"],
  },
  {
    vmagent_rows_inserted_total: counter("samples", ["type"], "Samples that came in, by protocol"),
    vmagent_http_request_errors_total: counter("requests", ["path", "protocol"], "Requests that failed, by path"),
    vmagent_remotewrite_rows_pushed_after_relabel_total: counter(
      "samples",
      ["path", "url"],
      "Samples put into the queue",
    ),
    vmagent_remotewrite_bytes_sent_total: counter("bytes", ["url"], "Bytes sent to the store, compressed"),
    vmagent_remotewrite_requests_total: counter("requests", ["status_code", "url"], "Requests to the store, by answer"),
    vmagent_remotewrite_retries_count_total: counter("count", ["url"], "Blocks that had to be sent once more"),
    vmagent_remotewrite_packets_dropped_total: counter("count", ["url"], "Blocks that the store refused for good"),
    vmagent_remotewrite_samples_dropped_total: counter(
      "samples",
      ["path", "url"],
      "Samples that found no room in the queue",
    ),
    vmagent_remotewrite_pending_data_bytes: gauge(
      "bytes",
      ["path", "url"],
      "Bytes that wait for the store, in memory and on disk",
    ),
    vmagent_remotewrite_send_duration_seconds_total: counter(
      "seconds",
      ["url"],
      "Time that the queues' workers spent sending",
    ),
    vmagent_remotewrite_queues: gauge("count", ["url"], "Workers that send to the store at once"),
    vm_persistentqueue_bytes_dropped_total: counter(
      "bytes",
      ["name", "path"],
      "Bytes that fell out of a queue which was full",
    ),
    vm_persistentqueue_bytes_pending: gauge("bytes", ["name", "path"], "Bytes that wait on the disk"),
    vm_persistentqueue_free_disk_space_bytes: gauge(
      "bytes",
      ["name", "path"],
      "Bytes that the queue may still take, by its own limit and by the disk",
    ),
  },
);
