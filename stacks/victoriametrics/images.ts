import type { Image } from "../../environment";

/** What its workloads run. */
export const images = {
  victoriametrics: { repository: "docker.io/victoriametrics/victoria-metrics", tag: "v1.150.0" },
  /** Stands in front of what has several doors, and sends each request to the right one. */
  vmauth: { repository: "docker.io/victoriametrics/vmauth", tag: "v1.150.0" },
  vminsert: { repository: "docker.io/victoriametrics/vminsert", tag: "v1.150.0-cluster" },
  vmselect: { repository: "docker.io/victoriametrics/vmselect", tag: "v1.150.0-cluster" },
  vmstorage: { repository: "docker.io/victoriametrics/vmstorage", tag: "v1.150.0-cluster" },
} as const satisfies Readonly<Record<string, Image>>;

declare module "../../environment/composition" {
  interface SystemImages {
    readonly victoriametrics: typeof images;
  }
}
