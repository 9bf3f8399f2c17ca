import type { Proof } from "../support/proof";
import { applicationProofs } from "./application";
import { controlPlaneProofs } from "./control-plane";
import { hostProofs } from "./hosts";
import { kubernetesProofs } from "./kubernetes";
import { prometheusProofs } from "./prometheus";
import { stackProofs } from "./stack";

/** Every alert, with series written by hand. */
export const proofs: readonly Proof[] = [
  ...stackProofs,
  ...hostProofs,
  ...kubernetesProofs,
  ...controlPlaneProofs,
  ...applicationProofs,
  ...prometheusProofs,
];
