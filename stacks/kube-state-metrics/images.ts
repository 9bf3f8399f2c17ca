import type { Image } from "../../environment";

/** What its workloads run. */
export const images = {
  "kube-state-metrics": { repository: "registry.k8s.io/kube-state-metrics/kube-state-metrics", tag: "v2.20.0" },
} as const satisfies Readonly<Record<string, Image>>;

declare module "../../environment/composition" {
  interface SystemImages {
    readonly "kube-state-metrics": typeof images;
  }
}
