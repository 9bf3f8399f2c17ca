import type { Image } from "../../environment";
import { nodeImage } from "../shared";

/** What its workloads run. */
export const images = {
  /** Runs all roles: the program is one file in a ConfigMap. */
  node: nodeImage,
} as const satisfies Readonly<Record<string, Image>>;

declare module "../../environment/composition" {
  interface SystemImages {
    readonly phoenix: typeof images;
  }
}
