import { deriv, increase, quantity, rate, sum } from "../../signals";
import { alert, levels, type Alert } from "../../alerts/language";
import { vmagent as va } from "./metrics";

const component = "vmagent";
const dashboard = "vmagent";
const runbook = "Vmagent";
const one = ["cluster", "namespace", "pod"] as const;
const perQueue = [...one, "path"] as const;
const perStore = [...one, "url"] as const;

/** Levels of vmagent's own alerts: hours until a queue is full, share of its time that a worker may be sending. */
const untilFull = quantity(43_200, "seconds");
const busy = quantity(0.9, "ratio");

/** vmagent's queues, before samples are lost. */
export const queueAlerts = (): Alert[] => [
  levels({
    name: "VmagentQueueFullInHours",
    component,
    dashboard,
    runbook,
    value: sum(va.vm_persistentqueue_free_disk_space_bytes)
      .by(...perQueue)
      .dividedBy(
        sum(deriv(va.vm_persistentqueue_bytes_pending.over("15m")))
          .by(...perQueue)
          .above(quantity(0, "bytes per second")),
      ),
    below: { warning: untilFull },
    for: "10m",
    summary: ({ pod, path }) => `Queue ${path} of ${pod} is full within hours.`,
    description: ({ path }, value) => `At the present pace ${path} is full in ${value}; then samples are dropped.`,
  }),
  levels({
    name: "VmagentConnectionBusy",
    component,
    dashboard,
    runbook,
    value: sum(rate(va.vmagent_remotewrite_send_duration_seconds_total.over("5m")))
      .by(...perStore)
      .dividedBy(sum(va.vmagent_remotewrite_queues).by(...perStore))
      .as("ratio"),
    above: { warning: busy },
    for: "15m",
    summary: ({ pod, url }) => `${pod} can hardly send more to ${url}.`,
    description: ({ url }, value) =>
      `Its workers are sending to ${url} for ${value} of the time: more needs more of them.`,
  }),
  alert({
    name: "VmagentRequestErrors",
    component,
    dashboard,
    runbook,
    severity: "warning",
    when: sum(increase(va.vmagent_http_request_errors_total.over("5m")))
      .by(...one, "path")
      .above(quantity(0, "requests")),
    for: "15m",
    summary: ({ pod, path }) => `${pod} refuses what is written to ${path}.`,
    description: ({ path }, value) =>
      `${value} to ${path} failed in five minutes: Prometheus tries again, or loses samples.`,
  }),
];
