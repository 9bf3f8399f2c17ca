import type { Image } from "../../environment";

/** What its workloads run. */
export const images = {
  grafana: { repository: "docker.io/grafana/grafana", tag: "13.2.3" },
  /** Lays labelled ConfigMaps down as files: dashboards of other teams. */
  "k8s-sidecar": { repository: "quay.io/kiwigrid/k8s-sidecar", tag: "1.30.3" },
} as const satisfies Readonly<Record<string, Image>>;

declare module "../../environment/composition" {
  interface SystemImages {
    readonly grafana: typeof images;
  }
}
