import * as fs from "node:fs";

import { NODE_NAME } from "./addresses";
import { apiGet, apiRequest, type KubeObject } from "./api";
import { nodeRoot } from "./paths";
import { sleep } from "./shell";
import { PROVISIONER, STORAGE_CLASS } from "./volumes";

/** Makes a volume of the requested size for every claim, and ends it with its claim. Runs until it is ended. */

interface Claim extends KubeObject {
  spec: {
    storageClassName?: string;
    volumeName?: string;
    resources: { requests: { storage: string } };
    accessModes: string[];
  };
}
interface Volume extends KubeObject {
  status: { phase?: string };
}

const SELECTED_NODE = "volume.kubernetes.io/selected-node";
const PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";
const VOLUMES = "/api/v1/persistentvolumes";

function folderOf(volume: string): string {
  return nodeRoot("volumes", volume);
}

async function provision(claim: Claim): Promise<void> {
  const { name, namespace, uid } = claim.metadata;
  const volume = `pvc-${uid}`;
  // As a cloud's volume would come: owned by root, so that a pod without fsGroup fails here as it does there.
  fs.mkdirSync(folderOf(volume), { recursive: true, mode: 0o755 });
  await request("POST", VOLUMES, {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: volume, annotations: { [PROVISIONED_BY]: PROVISIONER } },
    spec: {
      capacity: { storage: claim.spec.resources.requests.storage },
      accessModes: claim.spec.accessModes,
      volumeMode: "Filesystem",
      storageClassName: STORAGE_CLASS,
      persistentVolumeReclaimPolicy: "Delete",
      local: { path: folderOf(volume) },
      claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", name, namespace, uid },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: [NODE_NAME] }] },
          ],
        },
      },
    },
  });
  console.log(`made ${volume} for ${namespace}/${name}`);
}

async function reclaim(volume: Volume): Promise<void> {
  fs.rmSync(folderOf(volume.metadata.name), { recursive: true, force: true });
  await request("DELETE", `${VOLUMES}/${volume.metadata.name}`);
  console.log(`removed ${volume.metadata.name}`);
}

async function request(method: string, path: string, body?: unknown): Promise<void> {
  const answer = await apiRequest(method, path, body);
  // Made or removed before, by a round whose answer was lost: the goal is reached all the same.
  if (answer.status >= 300 && answer.status !== 404 && answer.status !== 409) {
    throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text}`);
  }
}

async function round(): Promise<void> {
  const claims = await apiGet<{ items: Claim[] }>("/api/v1/persistentvolumeclaims");
  for (const claim of claims?.items ?? []) {
    const selected = claim.metadata.annotations?.[SELECTED_NODE] !== undefined;
    if (claim.spec.storageClassName === STORAGE_CLASS && !claim.spec.volumeName && selected) await provision(claim);
  }
  const volumes = await apiGet<{ items: Volume[] }>(VOLUMES);
  for (const volume of volumes?.items ?? []) {
    const ours = volume.metadata.annotations?.[PROVISIONED_BY] === PROVISIONER;
    if (ours && volume.status.phase === "Released") await reclaim(volume);
  }
}

async function main(): Promise<void> {
  for (;;) {
    await round().catch((error: unknown) => console.error(error));
    await sleep(500);
  }
}

void main();
