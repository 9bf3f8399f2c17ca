import type { Proof } from "../../support/proof";
import { kubeletProofs } from "./kubelets";
import { nodeProofs } from "./nodes";
import { podProofs } from "./pods";
import { rolloutProofs } from "./rollouts";
import { volumeProofs } from "./volumes";
import { workloadProofs } from "./workloads";

export const kubernetesProofs: readonly Proof[] = [
  ...nodeProofs,
  ...kubeletProofs,
  ...podProofs,
  ...workloadProofs,
  ...rolloutProofs,
  ...volumeProofs,
];
