import type { Proof } from "../../support/proof";
import { nodeProofs } from "./nodes";
import { podProofs } from "./pods";
import { volumeProofs } from "./volumes";
import { workloadProofs } from "./workloads";

export const kubernetesProofs: readonly Proof[] = [...nodeProofs, ...podProofs, ...workloadProofs, ...volumeProofs];
