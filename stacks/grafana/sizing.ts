import { pod, sources, type SystemSizing } from "../../environment/sizing/choice";
import { cpuFor, GiB, memoryFor } from "../../environment/sizing/steps";

export const sizeGrafana: SystemSizing = ({ profile, load, setting }) => {
  const wanted = Math.max(load.samples.perSecond >= 1e6 ? 3 : 2, Math.ceil(load.queryUsers / 50));
  const shared = setting("grafana.database") !== undefined && profile === "prod";
  const users = load.queryUsers;
  const memory = { local: 0.1, dev: 0.2, prod: 0.4 }[profile] * GiB + users * 10 * 2 ** 20;
  const cores = { local: 0.05, dev: 0.1, prod: 0.15 }[profile] + users / 100;
  return [
    {
      key: "systems.grafana.replicas",
      value: shared ? wanted : 1,
      reason: shared
        ? `1 for 50 of ${users} users, at least 2; three from 1M samples/s`
        : "several would need a PostgreSQL (grafana.database)",
      source: sources.availability,
    },
    {
      key: "systems.grafana.resources",
      value: pod(cpuFor(cores), memoryFor(memory)),
      reason: `10 MiB and a hundredth of a CPU for each of ${users} users`,
      source: sources.derived,
    },
  ];
};
