import type { Image } from "../../environment";

/** What its workloads run. */
export const images = {
  tempo: { repository: "docker.io/grafana/tempo", tag: "3.0.3" },
  /** The 2.x line: high availability without Kafka, chosen by `tempo.majorVersion: "2"`. */
  "tempo-2": { repository: "docker.io/grafana/tempo", tag: "2.10.8" },
} as const satisfies Readonly<Record<string, Image>>;

declare module "../../environment/composition" {
  interface SystemImages {
    readonly tempo: typeof images;
  }
}
