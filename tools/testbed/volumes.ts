import * as path from "node:path";
import { pathToFileURL } from "node:url";

import { apiApply, type KubeObject } from "./api";
import { startProcess } from "./processes";

/** The node's default storage class: volumes come when a pod is scheduled and go with their claim. */
export const STORAGE_CLASS = "standard";
export const PROVISIONER = "observability.kit/local";

/** Starts the process that makes volumes, and tells the cluster about their class. */
export async function startVolumes(): Promise<void> {
  await apiApply("/apis/storage.k8s.io/v1/storageclasses", {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: STORAGE_CLASS, annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
    provisioner: PROVISIONER,
    reclaimPolicy: "Delete",
    volumeBindingMode: "WaitForFirstConsumer",
  } as KubeObject);
  // The loader by its full path: a detached process has no checkout to look for it in.
  const loader = pathToFileURL(require.resolve("tsx")).href;
  startProcess("provisioner", process.execPath, ["--import", loader, path.join(__dirname, "provisioner.ts")]);
}
