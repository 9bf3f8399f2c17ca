import { kubePrometheus, kubernetesMixin, kubeStateMetricsMixin } from "../../../../docs/coverage/kubernetes";
import type { Scenarios } from "../scenario";
import { apiScenarios } from "./api";
import { nodeScenarios } from "./nodes";
import { resourceScenarios } from "./resources";
import { workloadScenarios } from "./workloads";

const telemetry = 'cluster="local", job="kube-state-metrics-telemetry", instance="k"';
export const kubernetesScenarios: Scenarios = {
  set: kubernetesMixin,
  scenarios: [...workloadScenarios, ...resourceScenarios, ...apiScenarios, ...nodeScenarios],
};

export const kubeStateMetricsScenarios: Scenarios = {
  set: kubeStateMetricsMixin,
  scenarios: (["List", "Watch"] as const).map((what) => {
    const name = `kube_state_metrics_${what.toLowerCase()}_total`;
    return {
      of: `KubeStateMetrics${what}Errors critical`,
      series: {
        [`${name}{${telemetry}, resource="*v1.Pod", result="error"}`]: "+1.1",
        [`${name}{${telemetry}, resource="*v1.Pod", result="success"}`]: "+98.9",
      },
      at: 25,
      fires: [`KubeStateMetrics${what}Errors`],
    };
  }),
};

export const kubePrometheusScenarios: Scenarios = {
  set: kubePrometheus,
  scenarios: [
    {
      of: "TargetDown warning",
      series: { 'up{cluster="local", job="loki", instance="i", namespace="o", pod="loki-0"}': 0 },
      at: 15,
      fires: ["TargetDown"],
    },
    { of: "Watchdog none", series: {}, at: 1, fires: ["Watchdog"] },
    {
      of: "InfoInhibitor none",
      series: {
        'ALERTS{cluster="local", namespace="shop", alertname="Some", alertstate="firing", severity="info"}': 1,
      },
      at: 2,
      fires: ["InfoInhibitor"],
    },
    {
      of: "NodeNetworkInterfaceFlapping warning",
      series: {
        'node_network_up{cluster="local", job="node-exporter", instance="n", device="eth0"}':
          "1x0 0x0 1x0 0x0 1x0 0x0 1x0 0x0 1x0 0x0 1x0 0x0 1x0 0x0 1x0 0x0 1x0 0x0 1x0 0x0 1x0 0x0 1x0 0x0 1x0 0x0 1x0 0x0",
      },
      step: "15s",
      at: 6,
      fires: ["HostInterfaceFlaps"],
    },
  ],
};
