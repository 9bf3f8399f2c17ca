import { application, kube, node, scrape } from "../signals";
import { selected, variable } from "./language";
import type { Words } from "./language/panels";

/** Folders of the pages. */
export const folders = {
  product: "Applications",
  infrastructure: "Infrastructure",
  stack: "Observability stack",
} as const;

/** Every page looks at the chosen clusters. */
export const cluster = variable("cluster", scrape.up, "cluster");
export const here = { cluster: selected("cluster") } as const;

/** Services that serve requests. */
export const service = variable("service", application.requests_total.where(here), "service_name");
export const ofService = { ...here, service_name: selected("service") } as const;

/** Hosts, by the address that is scraped. */
export const instance = variable("instance", node.node_uname_info.where({ ...here, job: "node-exporter" }), "instance");
export const ofHost = { ...here, instance: selected("instance") } as const;

export const namespace = variable("namespace", kube.kube_pod_info.where(here), "namespace");
export const ofNamespace = { ...here, namespace: selected("namespace") } as const;

export const upOrDown: Words = { 1: ["up", "green"], 0: ["down", "red"] };
export const yesOrNo: Words = { 1: ["yes", "green"], 0: ["no", "red"] };
