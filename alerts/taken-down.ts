import {
  count,
  kube,
  labelReplace,
  max,
  min,
  on,
  otlp,
  present,
  quantity,
  scrape,
  type Instant,
  type InstantVector,
} from "../signals";
import { perService, takenDownSeries, usualTraffic } from "./language";
import type { RuleGroup } from "./rule";

const perWorkload = ["cluster", "namespace", "workload", "workload_type"] as const;
const perLink = [...perService, "namespace", "workload", "workload_type"] as const;
const wantedSeries = "slo:workload_wanted:replicas";
const linkSeries = "slo:service_workload:timestamp";

/** The replicas that a workload is to have, by one name for its three kinds. */
const wantedOf = <L extends string>(
  replicas: InstantVector<L | "cluster" | "namespace">,
  name: NoInfer<L>,
  kind: string,
) => max(named(replicas, name, kind)).by(...perWorkload);

/** Sets `workload` and `workload_type`. */
const named = <L extends string>(of: InstantVector<L>, name: NoInfer<L>, kind: string) =>
  labelReplace(labelReplace(of, "workload", "$1", name, "(.+)"), "workload_type", kind, name, ".+") as Instant<string>;

const wanted = [
  wantedOf(kube.kube_deployment_spec_replicas, "deployment", "Deployment"),
  wantedOf(kube.kube_statefulset_replicas, "statefulset", "StatefulSet"),
  wantedOf(kube.kube_daemonset_status_desired_number_scheduled, "daemonset", "DaemonSet"),
];

/** Which workload sends as which service: the Collector's gateway adds the one to what says the other. */
const links = (["deployment", "statefulset", "daemonset"] as const).map((kind, index) => {
  const label = `k8s_${kind}_name` as const;
  const type = ["Deployment", "StatefulSet", "DaemonSet"][index] ?? "";
  const sent = named(otlp.target_info.where({ [label]: present } as object), label, type);
  return count(labelReplace(sent, "namespace", "$1", "k8s_namespace_name", "(.+)")).by(...perLink);
});

const or = (all: readonly Instant[]) => all.map(({ text }) => text).join(" or ");
const ofWorkload = on(...perWorkload);

/**
 * What was taken down on purpose is not missed: services whose workloads, all that sent as them in the last week, are scaled
 * to 0 or deleted. A link is remembered, since nothing of a service that is gone says where it ran; only one to a workload
 * that kube-state-metrics knows, so that other kinds, such as rollouts, are never taken for deleted. While kube-state-metrics
 * doesn't answer nothing counts as taken down. What is scraped, or sends no `k8s.*.name`, has no link.
 */
export const takenDownRules: RuleGroup = {
  name: "slo-taken-down",
  interval: "1m",
  rules: [
    { record: wantedSeries, expr: or(wanted) },
    {
      record: linkSeries,
      expr:
        `0 * ((${or(links)}) and ${ofWorkload} ${wantedSeries}) + time() ` +
        `or last_over_time(${linkSeries}[${usualTraffic.memory}]) > time() - ${usualTraffic.missed.seconds}`,
    },
    {
      record: takenDownSeries,
      expr:
        `(count by (${perService.join(", ")}) (${linkSeries}) unless ` +
        `count by (${perService.join(", ")}) (${linkSeries} and ${ofWorkload} (${wantedSeries} > 0))) * 0 + 1 and on (cluster) ` +
        min(scrape.up.where({ job: "kube-state-metrics" }))
          .by("cluster")
          .equals(quantity(1, "state")).text,
    },
  ],
};
