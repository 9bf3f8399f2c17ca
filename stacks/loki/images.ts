import type { Image } from "../../environment";

/** What its workloads run. */
export const images = {
  loki: { repository: "docker.io/grafana/loki", tag: "3.7.6" },
  /** Caches where its parts run apart. */
  memcached: { repository: "docker.io/library/memcached", tag: "1.6.39-alpine" },
} as const satisfies Readonly<Record<string, Image>>;

declare module "../../environment/composition" {
  interface SystemImages {
    readonly loki: typeof images;
  }
}
