import type { Image } from "../../environment";

/** What its workloads run. */
export const images = {
  "node-exporter": { repository: "quay.io/prometheus/node-exporter", tag: "v1.12.1" },
} as const satisfies Readonly<Record<string, Image>>;

declare module "../../environment/composition" {
  interface SystemImages {
    readonly "node-exporter": typeof images;
  }
}
