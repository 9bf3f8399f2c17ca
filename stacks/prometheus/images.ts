import type { Image } from "../../environment";

/** What its workloads run. */
export const images = {
  prometheus: { repository: "quay.io/prometheus/prometheus", tag: "v3.16.0" },
} as const satisfies Readonly<Record<string, Image>>;

declare module "../../environment/composition" {
  interface SystemImages {
    readonly prometheus: typeof images;
  }
}
