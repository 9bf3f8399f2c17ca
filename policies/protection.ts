import type { StatefulSetSpec } from "kubernetes-types/apps/v1";
import type { Flaw, ResourcePolicy } from "./policy";
import { isAws, isKubernetes, kindOf, specOf } from "./resources";

export const dataProtected: ResourcePolicy = {
  kind: "resource",
  name: "data-protected",
  reason: "One destroy in the wrong shell, one renamed key, and months of history are gone.",
  fix: "set observability:storage.protect to true (protect, forceDestroy: false); keep claims when a StatefulSet goes",
  severity: "mandatory",
  check(resource, { profile }) {
    if (profile !== "prod") return [];
    const { inputs, protect } = resource;
    const kind = kindOf(resource);
    // Volumes go with their namespace, objects with their bucket: these two decide about data.
    const holdsData = (isAws(resource) && kind === "Bucket") || (isKubernetes(resource) && kind === "Namespace");
    const flaws: Flaw[] = [];
    if (holdsData && protect === false) flaws.push({ subject: "protect", problem: "holds data and is not protected" });
    if (isAws(resource) && kind === "Bucket" && inputs["forceDestroy"] === true) {
      flaws.push({ subject: "forceDestroy", problem: "takes its objects with it when it is deleted" });
    }
    if (isKubernetes(resource) && kind === "StatefulSet") {
      const { persistentVolumeClaimRetentionPolicy: kept } = specOf<StatefulSetSpec>(resource);
      const lost = (["whenDeleted", "whenScaled"] as const).filter((when) => kept?.[when] === "Delete");
      flaws.push(...lost.map((when) => ({ subject: when, problem: `deletes its volumes (${when}: Delete)` })));
    }
    return flaws;
  },
};
