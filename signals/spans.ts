/** Attributes of spans (E8): OpenTelemetry's semantic conventions where they have a name, ours for the rest. */

type Scope = "resource" | "span";

/** One attribute. */
export interface SpanAttribute {
  readonly scope: Scope;
  readonly type: "string" | "number" | "boolean";
  readonly help: string;
}

const attribute = <const S extends Scope, const T extends SpanAttribute["type"]>(scope: S, type: T, help: string) => ({
  scope,
  type,
  help,
});

export const spanAttributes = {
  "service.name": attribute("resource", "string", "Name of the service"),
  "service.namespace": attribute("resource", "string", "What groups services, e.g. the product"),
  "service.version": attribute("resource", "string", "Version of the service"),
  "service.instance.id": attribute("resource", "string", "One process of the service"),
  "deployment.environment.name": attribute("resource", "string", "The environment"),
  "k8s.cluster.name": attribute("resource", "string", "The cluster"),
  "k8s.namespace.name": attribute("resource", "string", "Kubernetes namespace"),
  "k8s.pod.name": attribute("resource", "string", "Pod"),
  "k8s.container.name": attribute("resource", "string", "Container"),
  "k8s.node.name": attribute("resource", "string", "Node"),
  "http.request.method": attribute("span", "string", "HTTP method"),
  "http.route": attribute("span", "string", "Route as a pattern, e.g. /tasks/{id}"),
  "http.response.status_code": attribute("span", "number", "HTTP status"),
  "url.path": attribute("span", "string", "Path of the URL"),
  "server.address": attribute("span", "string", "Who is called"),
  "peer.service": attribute("span", "string", "Service that is called, where that one traces nothing itself"),
  "db.system.name": attribute("span", "string", "Kind of database"),
  "db.operation.name": attribute("span", "string", "Operation on a database"),
  "messaging.destination.name": attribute("span", "string", "Queue or topic"),
  "error.type": attribute("span", "string", "Type of the error"),
  environment: attribute("span", "string", "The environment, as the requirements name it"),
  version: attribute("span", "string", "Version of the service, as the requirements name it"),
  correlation_id: attribute("span", "string", "The same for everything that one outer request caused"),
  request_id: attribute("span", "string", "The request that was served"),
  user_id: attribute("span", "string", "Who asked"),
  plan_id: attribute("span", "string", "The plan that was worked on"),
  task_id: attribute("span", "string", "The task that was worked on"),
  agent: attribute("span", "string", "The agent that was called"),
} as const satisfies Record<string, SpanAttribute>;

export type SpanAttributeName = keyof typeof spanAttributes;
