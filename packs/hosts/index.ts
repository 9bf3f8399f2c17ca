import { deviceAlerts, unitAlerts } from "../../alerts/devices";
import { diskAlerts } from "../../alerts/disks";
import { hostAlerts } from "../../alerts/hosts";
import { systemPerformance } from "../../dashboards/system-performance";
import type { Pack } from "../../environment";
import { hostRules, hosts, hostShares, hostThresholds, node, ownLevels, type Thresholds } from "../../signals";

const own = (thresholds: Thresholds) => ownLevels(hostThresholds, thresholds);

/** The machines that everything runs on, as node_exporter measures them. */
export const hostsPack: Pack = {
  name: "hosts",
  metrics: [node, hosts, hostShares],
  recorded: hostRules,
  thresholds: hostThresholds,
  pages: [{ page: () => systemPerformance, needs: ["node-exporter"] }],
  alerts: [
    {
      name: "hosts",
      needs: ["node-exporter"],
      alerts: (_, thresholds) => [
        ...hostAlerts(own(thresholds)),
        ...diskAlerts(own(thresholds)),
        ...deviceAlerts(),
        ...unitAlerts(),
      ],
    },
  ],
};
