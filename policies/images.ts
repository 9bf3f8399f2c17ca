import type { PolicyEnvironment, ResourcePolicy } from "./policy";
import { containersOf, podOf } from "./resources";

/**
 * Who may publish images, by the beginning of a reference: the projects themselves, whichever of them
 * systems name. On Docker Hub anyone can publish, so that a host name alone says nothing there.
 */
const publishers = [
  "docker.io/grafana/",
  "docker.io/library/",
  "docker.io/otel/",
  "docker.io/versity/",
  "docker.io/victoriametrics/",
  "quay.io/kiwigrid/",
  "quay.io/prometheus/",
  "registry.k8s.io/",
];

/** A version with at least two numbers: `v3.15.0`, `24.11.1-alpine`; `3` and `latest` move. */
const fullVersion = /^v?\d+\.\d+[\w.-]*$/;

export const imagesPinned: ResourcePolicy = {
  kind: "resource",
  name: "images-pinned",
  reason: "A tag that moves lets two pods of one workload run different code, and a restart become an upgrade.",
  fix: "name a full version (repository:v1.2.3) or a digest (repository@sha256:…)",
  severity: "mandatory",
  check(resource) {
    const pod = podOf(resource);
    if (pod === undefined) return [];
    return containersOf(pod).flatMap(({ name, image = "" }) => {
      const [, tag] = /^[^@]*?(?::([^/:@]+))?(?:@|$)/.exec(image) ?? [];
      if (/@sha256:[0-9a-f]{64}$/.test(image) || fullVersion.test(tag ?? "")) return [];
      return [{ subject: `container ${name}`, problem: `runs ${image || "no image"} in container ${name}` }];
    });
  },
};

export const imagesAllowed: ResourcePolicy = {
  kind: "resource",
  name: "images-from-known-publishers",
  reason: "Whoever publishes an image runs code in the cluster, with the rights of the workload.",
  fix: `take it from ${publishers.join(", ")} or the environment's images.mirror`,
  severity: "mandatory",
  check(resource, environment) {
    const pod = podOf(resource);
    if (pod === undefined) return [];
    return containersOf(pod).flatMap(({ name, image = "" }) =>
      allowed(environment).some((prefix) => image.startsWith(prefix))
        ? []
        : [{ subject: `container ${name}`, problem: `runs ${image || "no image"} in container ${name}` }],
    );
  },
};

/** With a mirror set, images come from nowhere else: an air-gapped cluster reaches nothing else. */
function allowed({ mirror }: PolicyEnvironment): readonly string[] {
  return mirror === undefined ? publishers : [`${mirror}/`];
}
