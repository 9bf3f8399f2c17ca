import { Cluster, type Answer } from "../engine/cluster";
import { CONTEXT_NAME } from "./addresses";
import { memberKubeconfig } from "./credentials";
import { KitError, waitUntil } from "./shell";

/** The part of an object's description that every kind has. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    uid?: string;
    annotations?: Record<string, string>;
    labels?: Record<string, string>;
  };
  spec?: unknown;
  status?: unknown;
}

let admin: Cluster | undefined;

/** One request to the node's API server as its administrator; the answer whatever its status. */
export async function apiRequest(
  method: string,
  path: string,
  body?: unknown,
  contentType = "application/json",
): Promise<Answer> {
  admin ??= Cluster.of(CONTEXT_NAME, memberKubeconfig("admin"));
  return admin.request(method, path, { body, contentType, seconds: 10 });
}

/** Reads one object or list; `undefined` when it does not exist. */
export async function apiGet<T>(path: string): Promise<T | undefined> {
  const answer = await apiRequest("GET", path);
  if (answer.status === 404) return undefined;
  if (answer.status !== 200) throw new KitError(`GET ${path} answered ${answer.status}: ${answer.text}`);
  return JSON.parse(answer.text) as T;
}

/**
 * Creates the object or changes it to what is given (server-side apply). A new API server makes its own namespaces a
 * moment after it says that it is ready, hence the patience.
 */
export async function apiApply(collection: string, object: KubeObject): Promise<void> {
  const path = `${collection}/${object.metadata.name}?fieldManager=observability-kit&force=true`;
  let answer: Answer = { status: 0, text: "" };
  const applied = async (): Promise<boolean> => {
    answer = await apiRequest("PATCH", path, object, "application/apply-patch+yaml");
    return answer.status < 300;
  };
  await waitUntil(
    `applying ${object.kind} ${object.metadata.name}`,
    15,
    applied,
    () => `${answer.status}: ${answer.text}`,
  );
}

/** Whether a path answers 200; false too while nobody listens. */
export async function apiAnswers(path: string): Promise<boolean> {
  try {
    return (await apiRequest("GET", path)).status === 200;
  } catch {
    return false;
  }
}
