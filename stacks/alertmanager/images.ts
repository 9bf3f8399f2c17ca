import type { Image } from "../../environment";

/** What its workloads run. */
export const images = {
  alertmanager: { repository: "quay.io/prometheus/alertmanager", tag: "v0.35.0" },
} as const satisfies Readonly<Record<string, Image>>;

declare module "../../environment/composition" {
  interface SystemImages {
    readonly alertmanager: typeof images;
  }
}
