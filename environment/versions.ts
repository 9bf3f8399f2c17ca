/**
 * Every image of the stack, in one place. Versions are those that the live suite ran wherever that is possible;
 * `docs/features.md` names the exceptions (Grafana and Tempo 3 have no build in the hermetic kit).
 */
export const images = {
  prometheus: { repository: "quay.io/prometheus/prometheus", tag: "v3.16.0" },
  alertmanager: { repository: "quay.io/prometheus/alertmanager", tag: "v0.35.0" },
  victoriametrics: { repository: "docker.io/victoriametrics/victoria-metrics", tag: "v1.150.0" },
  vmagent: { repository: "docker.io/victoriametrics/vmagent", tag: "v1.150.0" },
  vmalert: { repository: "docker.io/victoriametrics/vmalert", tag: "v1.150.0" },
  /** Stands in front of what has several doors, and sends each request to the right one. */
  vmauth: { repository: "docker.io/victoriametrics/vmauth", tag: "v1.150.0" },
  vminsert: { repository: "docker.io/victoriametrics/vminsert", tag: "v1.150.0-cluster" },
  vmselect: { repository: "docker.io/victoriametrics/vmselect", tag: "v1.150.0-cluster" },
  vmstorage: { repository: "docker.io/victoriametrics/vmstorage", tag: "v1.150.0-cluster" },
  loki: { repository: "docker.io/grafana/loki", tag: "3.7.6" },
  /** Caches of a distributed Loki. */
  memcached: { repository: "docker.io/library/memcached", tag: "1.6.39-alpine" },
  tempo: { repository: "docker.io/grafana/tempo", tag: "3.0.3" },
  /** The 2.x line: high availability without Kafka, chosen by `tempo.majorVersion: "2"`. */
  "tempo-2": { repository: "docker.io/grafana/tempo", tag: "2.10.8" },
  grafana: { repository: "docker.io/grafana/grafana", tag: "13.2.3" },
  /** Lays labelled ConfigMaps down as files: dashboards of other teams. */
  "k8s-sidecar": { repository: "quay.io/kiwigrid/k8s-sidecar", tag: "1.30.3" },
  collector: { repository: "docker.io/otel/opentelemetry-collector-contrib", tag: "0.160.0" },
  "node-exporter": { repository: "quay.io/prometheus/node-exporter", tag: "v1.12.1" },
  "kube-state-metrics": { repository: "registry.k8s.io/kube-state-metrics/kube-state-metrics", tag: "v2.20.0" },
  versitygw: { repository: "docker.io/versity/versitygw", tag: "v1.8.0" },
  /** Runs the forwarder of Kubernetes events, a single file in a ConfigMap. */
  node: { repository: "docker.io/library/node", tag: "24.11.1-alpine" },
} as const satisfies Record<string, { repository: string; tag: string }>;

export type ImageName = keyof typeof images;

/** The full reference of an image, its registry replaced when a mirror is set: `mirror/repository:tag`. */
export function imageReference(
  name: ImageName,
  mirror?: string,
  overrides: Partial<Record<ImageName, string>> = {},
): string {
  const override = overrides[name];
  if (override !== undefined) return override;
  const { repository, tag } = images[name];
  const path = mirror === undefined ? repository : `${mirror}/${repository.slice(repository.indexOf("/") + 1)}`;
  return `${path}:${tag}`;
}

/** The version part of an image reference, for labels and tables. */
export function imageVersion(reference: string): string {
  const tag = reference.slice(reference.lastIndexOf(":") + 1);
  return tag.replace(/^v/, "");
}
