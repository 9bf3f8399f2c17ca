import type { ProgramName } from "./programs";
import type { ToolName } from "./tools";

/** How the official image of a server looks from outside: what a manifest can depend on. */
export interface ImageSpec {
  /** What the image's program is made from; the runtime image takes this machine's `node`. */
  tool: ProgramName | "node";
  /** Where the program stands in the image. */
  program: string;
  /** Programs that the official image has beside it and that people are told to run there, by their path. */
  beside?: Record<string, ToolName>;
  /**
   * As the official image declares it. A name instead of a number is kept: Kubernetes then demands `runAsUser` from a
   * pod that must not run as root, here as everywhere.
   */
  user?: string;
  /** Arguments that belong to the entry point. */
  entryArguments?: string[];
  command?: string[];
  workingDirectory?: string;
  /** Folders that the server writes to, with their owner. */
  folders?: Record<string, number>;
}

const NOBODY = 65534;

const tempo = { program: "/tempo", user: "10001:10001", folders: { "/var/tempo": 10001 } };

/** The images that the kit can make, by the product's name for the server. */
export const IMAGES = {
  prometheus: {
    tool: "prometheus",
    program: "/bin/prometheus",
    beside: { "/bin/promtool": "promtool" },
    user: "nobody",
    command: ["--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus"],
    workingDirectory: "/prometheus",
    folders: { "/prometheus": NOBODY, "/etc/prometheus": NOBODY },
  },
  alertmanager: {
    tool: "alertmanager",
    program: "/bin/alertmanager",
    beside: { "/bin/amtool": "amtool" },
    user: "nobody",
    command: ["--config.file=/etc/alertmanager/alertmanager.yml", "--storage.path=/alertmanager"],
    workingDirectory: "/alertmanager",
    folders: { "/alertmanager": NOBODY, "/etc/alertmanager": NOBODY },
  },
  victoriametrics: { tool: "victoria-metrics", program: "/victoria-metrics-prod" },
  vmagent: { tool: "vmagent", program: "/vmagent-prod" },
  vmalert: { tool: "vmalert", program: "/vmalert-prod" },
  vmauth: { tool: "vmauth", program: "/vmauth-prod" },
  vminsert: { tool: "vminsert", program: "/vminsert-prod" },
  vmselect: { tool: "vmselect", program: "/vmselect-prod" },
  vmstorage: { tool: "vmstorage", program: "/vmstorage-prod" },
  loki: {
    tool: "loki",
    program: "/usr/bin/loki",
    user: "10001",
    command: ["-config.file=/etc/loki/local-config.yaml"],
    folders: { "/loki": 10001, "/etc/loki": 0 },
  },
  tempo: { tool: "tempo-3", ...tempo },
  "tempo-2": { tool: "tempo-2", ...tempo },
  collector: {
    tool: "otelcol-contrib",
    program: "/otelcol-contrib",
    user: "10001:10001",
    command: ["--config", "/etc/otelcol-contrib/config.yaml"],
    folders: { "/etc/otelcol-contrib": 0 },
  },
  "node-exporter": { tool: "node_exporter", program: "/bin/node_exporter", user: "nobody" },
  "kube-state-metrics": {
    tool: "kube-state-metrics",
    program: "/kube-state-metrics",
    user: "nobody",
    entryArguments: ["--port=8080", "--telemetry-port=8081"],
  },
  // The official entry point is a shell script around the same program; there is no shell here.
  versitygw: { tool: "versitygw", program: "/usr/local/bin/versitygw" },
  node: { tool: "node", program: "/usr/local/bin/node", user: "1000", folders: { "/app": 1000 } },
  coredns: { tool: "coredns", program: "/coredns", user: "nonroot:nonroot" },
  pause: { tool: "pause", program: "/pause", user: "65535:65535" },
} as const satisfies Record<string, ImageSpec>;

export type ImageName = keyof typeof IMAGES;
