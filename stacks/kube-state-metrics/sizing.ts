import { pod, sources, type SystemSizing } from "../../environment/sizing/choice";
import { cpuFor, GiB, memoryFor } from "../../environment/sizing/steps";

/** kube-state-metrics follows the objects of the cluster, of which the load says nothing but the series. */
export const sizeKubeStateMetrics: SystemSizing = ({ load }) => {
  const share = load.activeSeries.count / 750_000;
  return [
    {
      key: "systems.kube-state-metrics.resources",
      value: pod(cpuFor(share * 0.1), memoryFor((share * GiB) / 4)),
      reason: `0.1 CPU and 250 MiB for each 750k of ${String(load.activeSeries)}`,
      source: sources.kubeStateMetrics,
    },
  ];
};
