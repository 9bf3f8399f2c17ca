import { vmagentRules, vmalertRules, vmauthRules } from "../../../docs/coverage/victoriametrics";
import type { Scenarios } from "./scenario";
import { at, rising } from "./victoriametrics";

const agent = at("vmagent");
const queue = `${agent}, name="1:secret-url", path="/queue/a"`;
const url = `${agent}, url="1:http://store"`;
const lost = (bytes: string | number, packets: string | number) => ({
  [`vm_persistentqueue_bytes_dropped_total{${queue}}`]: bytes,
  [`vmagent_remotewrite_packets_dropped_total{${url}}`]: packets,
});
/** A queue that grows by so many bytes a second, of which so many hours are left. */
const full = (hours: number) => ({
  [`vm_persistentqueue_free_disk_space_bytes{${queue}}`]: 1_000 * hours * 3_600,
  [`vm_persistentqueue_bytes_pending{${queue}}`]: "0+15000x400",
  [`vmagent_remotewrite_pending_data_bytes{${agent}, path="/queue/a", url="1:http://store"}`]: "0+15000x400",
});

export const vmagentScenarios: Scenarios = {
  set: vmagentRules,
  scenarios: [
    {
      of: "PersistentQueueIsDroppingData critical",
      series: lost("+100", 0),
      at: 20,
      fires: ["VmagentLosesSamples"],
    },
    {
      of: "RejectedRemoteWriteDataBlocksAreDropped warning",
      series: lost(0, "+0.25"),
      at: 25,
      fires: ["VmagentLosesSamples"],
    },
    {
      of: "TooManyWriteErrors warning",
      series: {
        [`vmagent_http_request_errors_total{${agent}, path="/api/v1/write", protocol="promremotewrite"}`]: "+0.25",
        [`vm_ingestserver_request_errors_total{${agent}, type="graphite", name="write", net="tcp"}`]: 0,
      },
      at: 25,
      fires: ["VmagentRequestErrors"],
    },
    {
      of: "TooManyRemoteWriteErrors warning",
      series: rising("vmagent_remotewrite_retries_count_total", url),
      at: 25,
      fires: ["VmagentStoreFails"],
    },
    {
      of: "RemoteWriteConnectionIsSaturated warning",
      series: {
        // 4.55 of 5 workers.
        [`vmagent_remotewrite_send_duration_seconds_total{${url}}`]: "+273",
        [`vmagent_remotewrite_queues{${url}}`]: 5,
      },
      at: 25,
      fires: ["VmagentConnectionBusy"],
    },
    {
      of: "PersistentQueueRunsOutOfSpaceIn12Hours warning",
      series: full(11.5),
      step: "15s",
      at: 40,
      fires: ["VmagentQueueFullInHours"],
    },
    {
      of: "PersistentQueueRunsOutOfSpaceIn4Hours critical",
      series: full(3.8),
      step: "15s",
      at: 40,
      fires: ["VmagentQueueFullInHours"],
    },
  ],
};

const alerter = at("vmalert");
const rule = `${alerter}, group="g", file="f", id="1"`;

export const vmalertScenarios: Scenarios = {
  set: vmalertRules,
  scenarios: [
    {
      of: "ConfigurationReloadFailure warning",
      series: { [`vmalert_config_last_reload_successful{${alerter}}`]: 0 },
      at: 20,
      fires: ["VmalertBadConfig"],
    },
    {
      of: "AlertingRulesError warning",
      series: rising("vmalert_alerting_rules_errors_total", `${rule}, alertname="a"`),
      at: 25,
      fires: ["VmalertAlertRulesFail"],
    },
    {
      of: "RecordingRulesError warning",
      series: rising("vmalert_recording_rules_errors_total", `${rule}, recording="r"`),
      at: 25,
      fires: ["VmalertRecordingRulesFail"],
    },
    {
      of: "RecordingRulesNoData info",
      series: { [`vmalert_recording_rules_last_evaluation_samples{${rule}, recording="r"}`]: 0 },
      at: 65,
      fires: ["VmalertRecordsNothing"],
    },
    {
      of: "TooManyMissedIterations warning",
      series: rising("vmalert_iteration_missed_total", `${alerter}, group="g", file="f"`),
      at: 25,
      fires: ["VmalertEvaluationsMissed"],
    },
    {
      of: "RemoteWriteErrors warning",
      series: rising("vmalert_remotewrite_errors_total", alerter),
      at: 25,
      fires: ["VmalertWriteFails"],
    },
    {
      of: "RemoteWriteDroppingData critical",
      series: rising("vmalert_remotewrite_dropped_rows_total", alerter),
      at: 25,
      fires: ["VmalertDropsRows"],
    },
    {
      of: "AlertmanagerErrors warning",
      series: rising("vmalert_alerts_send_errors_total", `${alerter}, addr="a"`, "+5.1"),
      beside: { [`vmalert_alerts_sent_total{${alerter}, addr="a"}`]: "+100" },
      at: 25,
      fires: ["VmalertAlertsNotSent"],
    },
  ],
};

const door = at("vmauth", "vmauth");

export const vmauthScenarios: Scenarios = {
  set: vmauthRules,
  scenarios: [
    {
      of: "ConcurrentRequestsLimitReached warning",
      series: {
        [`vmauth_concurrent_requests_limit_reached_total{${door}}`]: "+1",
        [`vmauth_unauthorized_user_concurrent_requests_limit_reached_total{${door}}`]: 0,
      },
      step: "15s",
      at: 20,
      fires: ["VmauthBusy"],
    },
    {
      of: "UnauthorizedUserConcurrentRequestsLimitReached warning",
      series: {
        [`vmauth_concurrent_requests_limit_reached_total{${door}}`]: 0,
        [`vmauth_unauthorized_user_concurrent_requests_limit_reached_total{${door}}`]: "+1",
      },
      step: "15s",
      at: 20,
      fires: ["VmauthBusy"],
    },
    {
      of: "UnauthorizedUserRequestErrors warning",
      series: rising("vmauth_unauthorized_user_request_errors_total", door),
      at: 25,
      fires: ["VmauthRequestErrors"],
    },
  ],
};
