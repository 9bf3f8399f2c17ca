import { increase, rate, sum } from "../../signals";
import { page, query, row, stat, timeSeries } from "../../dashboards/language";
import { cluster, folders } from "../../dashboards/shared";
import { instancesOf, logsRow, processRow, targetsOf } from "../../dashboards/process";
import { vmagent as v } from "./metrics";

const t = targetsOf("vmagent");

/** vmagent about itself (F11): what waits for which store of metrics. */
export const vmagentPage = page({
  uid: "vmagent",
  title: "vmagent",
  description: "Samples on their way to the stores of long-term metrics.",
  folder: folders.stack,
  variables: [cluster, instancesOf("vmagent")],
  rows: [
    row("Now", [
      stat(
        "Samples",
        "Samples that come in each second.",
        query(sum(rate(v.vmagent_rows_inserted_total.where(t))), "in"),
        {
          width: "quarter",
        },
      ),
      stat(
        "Waiting",
        "Bytes that wait for all stores. Bad when it stays: some store is away or slow.",
        query(sum(v.vmagent_remotewrite_pending_data_bytes.where(t)), "bytes"),
        { width: "quarter" },
      ),
      stat(
        "Refused blocks",
        "Blocks that a store refused for good. Anything but 0 is data that got lost.",
        query(sum(increase(v.vmagent_remotewrite_packets_dropped_total.where(t))), "blocks"),
        { width: "quarter" },
      ),
      stat(
        "Fallen out",
        "Bytes that fell out of a queue which was full. Anything but 0 is data that got lost.",
        query(sum(increase(v.vm_persistentqueue_bytes_dropped_total.where(t))), "bytes"),
        { width: "quarter" },
      ),
    ]),
    row("Stores", [
      timeSeries("Samples for each store", "The history of alerts gets few, the others all.", [
        query(sum(rate(v.vmagent_remotewrite_rows_pushed_after_relabel_total.where(t))).by("url"), "{{url}}"),
      ]),
      timeSeries("Waiting for each store", "A queue that only grows is a store that is away, or too slow.", [
        query(sum(v.vmagent_remotewrite_pending_data_bytes.where(t)).by("url"), "{{url}}"),
      ]),
      timeSeries("Blocks sent once more", "By store. Bad when it stays above 0.", [
        query(increase(v.vmagent_remotewrite_retries_count_total.where(t)), "{{url}} {{instance}}"),
      ]),
      timeSeries("Answers", "By store and code. Anything but 2XX is bad.", [
        query(
          sum(rate(v.vmagent_remotewrite_requests_total.where(t))).by("url", "status_code"),
          "{{url}} {{status_code}}",
        ),
      ]),
      timeSeries(
        "Senders in use",
        "Share of a store's senders that are busy. Near 1 the store, or the way to it, is too slow.",
        [
          query(
            sum(rate(v.vmagent_remotewrite_send_duration_seconds_total.where(t)))
              .by("url")
              .as("number")
              .dividedBy(sum(v.vmagent_remotewrite_queues.where(t)).by("url").as("number")),
            "{{url}}",
          ),
        ],
        { max: 1 },
      ),
      timeSeries("Bytes to each store", "Compressed, as they go over the network.", [
        query(sum(rate(v.vmagent_remotewrite_bytes_sent_total.where(t))).by("url"), "{{url}}"),
      ]),
    ]),
    row("Samples in", [
      timeSeries("By protocol", "A drop means that somebody stopped writing.", [
        query(sum(rate(v.vmagent_rows_inserted_total.where(t))).by("type"), "{{type}}"),
      ]),
      timeSeries("Failed requests", "By path. Anything but 0 is bad.", [
        query(sum(rate(v.vmagent_http_request_errors_total.where(t))).by("path"), "{{path}}"),
      ]),
    ]),
    processRow("vmagent"),
    logsRow("vmagent"),
  ],
});
