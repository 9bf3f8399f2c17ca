import * as fs from "node:fs";
import * as https from "node:https";

import { API_PORT, NODE_ADDRESS } from "./addresses";
import { memberToken, pki } from "./credentials";
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

export interface ApiAnswer {
  status: number;
  text: string;
}

let agent: https.Agent | undefined;

/** One request to the node's API server as its administrator. */
export function apiRequest(
  method: string,
  path: string,
  body?: unknown,
  type = "application/json",
): Promise<ApiAnswer> {
  agent ??= new https.Agent({ keepAlive: true, ca: fs.readFileSync(pki("ca.crt")) });
  const headers = { authorization: `Bearer ${memberToken("admin")}`, accept: "application/json", "content-type": type };
  return new Promise((resolve, reject) => {
    const options = { agent, host: NODE_ADDRESS, port: API_PORT, method, path, headers, timeout: 10_000 };
    const request = https.request(options, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (text += chunk));
      response.on("error", reject);
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    request.on("error", reject);
    request.on("timeout", () => request.destroy(new Error("no answer within 10 s")));
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
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
  let answer: ApiAnswer = { status: 0, text: "" };
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
