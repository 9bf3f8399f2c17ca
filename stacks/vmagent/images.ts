import type { Image } from "../../environment";

/** What its workloads run. */
export const images = {
  vmagent: { repository: "docker.io/victoriametrics/vmagent", tag: "v1.150.0" },
} as const satisfies Readonly<Record<string, Image>>;

declare module "../../environment/composition" {
  interface SystemImages {
    readonly vmagent: typeof images;
  }
}
