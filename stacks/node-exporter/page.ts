import { count, max, min, node, scrape } from "../../signals";
import { column, latest, page, query, row, stat, stateTimeline, table, timeSeries } from "../../dashboards/language";
import { cluster, folders, yesOrNo } from "../../dashboards/shared";
import { instancesOf, logsRow, processRow, targetsOf } from "../../dashboards/process";

const t = targetsOf("node-exporter");

/** node_exporter about itself; what it says about hosts is on System Performance (F11, A8). */
export const nodeExporterPage = page({
  uid: "node-exporter",
  title: "node_exporter",
  description: "Whether every host is measured, and what measuring costs.",
  folder: folders.stack,
  variables: [cluster, instancesOf("node-exporter")],
  rows: [
    row("Coverage", [
      stat("Hosts", "Hosts that are measured.", query(count(node.node_uname_info.where(t)), "hosts"), {
        width: "quarter",
      }),
      stat(
        "Failed collectors",
        "Collectors that fail somewhere. Anything but 0 leaves holes.",
        query(count(node.node_scrape_collector_success.where(t).equals(0)), "failed"),
        { width: "quarter" },
      ),
      stat(
        "Samples",
        "Samples of all hosts, each scrape.",
        query(max(scrape.scrape_samples_scraped.where(t)), "samples"),
        { width: "quarter" },
      ),
      stat(
        "Text files that can't be read",
        "1 when a textfile collector's file is broken.",
        query(max(node.node_textfile_scrape_error.where(t)), "errors"),
        { width: "quarter" },
      ),
      stateTimeline(
        "Collectors",
        "Which collectors failed, and when. Green is good.",
        query(min(node.node_scrape_collector_success.where(t)).by("collector"), "{{collector}}"),
        yesOrNo,
      ),
      timeSeries(
        "Time by collector",
        "How long each collector takes, on the slowest host. Bad when it nears the scrape timeout.",
        [query(max(node.node_scrape_collector_duration_seconds.where(t)).by("collector"), "{{collector}}")],
        {
          width: "half",
          links: [{ title: "System performance", to: "system-performance", keep: ["cluster", "instance"] }],
        },
      ),
      table("Hosts and versions", "System of each host.", [
        column(
          "Host",
          latest(query(max(node.node_uname_info.where(t)).by("instance", "nodename", "release", "machine"), "")),
        ),
      ]),
    ]),
    processRow("node-exporter"),
    logsRow("node-exporter"),
  ],
});
