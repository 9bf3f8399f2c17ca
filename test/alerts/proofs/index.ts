import type { Proof } from "../support/proof";
import { applicationProofs } from "./application";
import { collectorProofs } from "./collector";
import { controlPlaneProofs } from "./control-plane";
import { deviceProofs } from "./devices";
import { hostProofs } from "./hosts";
import { kubernetesProofs } from "./kubernetes";
import { lokiProofs } from "./loki";
import { memberProofs } from "./members";
import { objectStoreProofs } from "./object-store";
import { prometheusProofs } from "./prometheus";
import { sloProofs } from "./slos";
import { stackProofs } from "./stack";
import { storeProofs } from "./stores";
import { tempoProofs } from "./tempo";
import { tempoPartProofs } from "./tempo-parts";
import { upkeepProofs } from "./upkeep";
import { victoriametricsProofs } from "./victoriametrics";
import { vmalertProofs } from "./vmalert";

/** Every alert, with series written by hand. */
export const proofs: readonly Proof[] = [
  ...stackProofs,
  ...hostProofs,
  ...deviceProofs,
  ...kubernetesProofs,
  ...controlPlaneProofs,
  ...memberProofs,
  ...applicationProofs,
  ...prometheusProofs,
  ...victoriametricsProofs,
  ...lokiProofs,
  ...tempoProofs,
  ...tempoPartProofs,
  ...storeProofs,
  ...upkeepProofs,
  ...objectStoreProofs,
  ...vmalertProofs,
  ...collectorProofs,
  ...sloProofs,
];
