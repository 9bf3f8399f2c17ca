import type { Image } from "../../environment";
import { nodeImage } from "../shared";

/** What its workloads run. */
export const images = {
  collector: { repository: "docker.io/otel/opentelemetry-collector-contrib", tag: "0.160.0" },
  /** Runs the forwarder of Kubernetes events, a single file in a ConfigMap. */
  node: nodeImage,
} as const satisfies Readonly<Record<string, Image>>;

declare module "../../environment/composition" {
  interface SystemImages {
    readonly collector: typeof images;
  }
}
