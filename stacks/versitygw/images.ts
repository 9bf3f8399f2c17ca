import type { Image } from "../../environment";

/** What its workloads run. */
export const images = {
  versitygw: { repository: "docker.io/versity/versitygw", tag: "v1.8.0" },
} as const satisfies Readonly<Record<string, Image>>;

declare module "../../environment/composition" {
  interface SystemImages {
    readonly versitygw: typeof images;
  }
}
