import { increase, max, quantity, rate, sum } from "../../signals";
import { alert, type Alert } from "../../alerts/language";
import { vmagent as va } from "./metrics";

const component = "vmagent";
const dashboard = "vmagent";
const runbook = "Vmagent";
const one = ["cluster", "namespace", "pod"] as const;

/** What may wait for a store without anybody noticing: some seconds of a large stack, minutes of a small one. */
const longQueue = quantity(100_000_000, "bytes");

/** vmagent, on whose queues each store of metrics depends. */
export const vmagentAlerts = (): Alert[] => [
  alert({
    name: "VmagentStoreFails",
    component,
    dashboard,
    runbook,
    severity: "warning",
    when: sum(rate(va.vmagent_remotewrite_retries_count_total.over("5m")))
      .by(...one, "url")
      .above(quantity(0, "count per second")),
    for: "15m",
    summary: ({ pod, url }) => `${pod} can't write to ${url}.`,
    description: ({ pod, url }, value) => `${pod} has to send ${value} blocks once more to ${url}.`,
  }),
  alert({
    name: "VmagentQueueLong",
    component,
    dashboard,
    runbook,
    severity: "warning",
    when: max(va.vmagent_remotewrite_pending_data_bytes)
      .by(...one, "url")
      .above(longQueue),
    for: "15m",
    summary: ({ url }) => `Samples wait for ${url}.`,
    description: ({ url }, value) => `${value} wait for ${url}: what it answers is that much behind.`,
  }),
  alert({
    name: "VmagentLosesSamples",
    component,
    dashboard,
    runbook,
    severity: "critical",
    pages: "data",
    when: sum(increase(va.vm_persistentqueue_bytes_dropped_total.over("10m")))
      .by(...one)
      .as("number")
      .plus(
        sum(increase(va.vmagent_remotewrite_packets_dropped_total.over("10m")))
          .by(...one)
          .as("number"),
      )
      .above(quantity(0, "number")),
    for: "0s",
    summary: ({ pod }) => `${pod} loses samples.`,
    description: ({ pod }) => `${pod} dropped samples: a queue was full, or a store refused them.`,
  }),
];
