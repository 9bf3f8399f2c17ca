import type { Image } from "../../environment";

/** What its workloads run. */
export const images = {
  vmalert: { repository: "docker.io/victoriametrics/vmalert", tag: "v1.150.0" },
} as const satisfies Readonly<Record<string, Image>>;

declare module "../../environment/composition" {
  interface SystemImages {
    readonly vmalert: typeof images;
  }
}
