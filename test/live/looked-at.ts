import type { PersistentVolumeClaimList } from "kubernetes-types/core/v1";
import type { NodeList } from "kubernetes-types/core/v1";
import { imageReference } from "../../environment";
import type { Placeholder } from "../support/runbooks";
import type { Live } from "./context";
import { demoNamespace } from "./demo";
import { untilTrue } from "./wait";

/** A Job and a CronJob for whom a page tells to look at one: the stack itself has none. */
const name = "looked-at";
const jobs = `/apis/batch/v1/namespaces/${demoNamespace}/jobs`;
const cronJobs = `/apis/batch/v1/namespaces/${demoNamespace}/cronjobs`;

/** A case for each placeholder that has one here: NAMESPACE is the servers'. */
export async function lookedAt(live: Live): Promise<Partial<Record<Placeholder, string>>> {
  const { namespace } = live.environment;
  const nodes = await live.cluster.get<NodeList>("/api/v1/nodes");
  const claims = await live.cluster.get<PersistentVolumeClaimList>(
    `/api/v1/namespaces/${namespace}/persistentvolumeclaims`,
  );
  await makeJobs(live);
  const first = (items: readonly { metadata?: { name?: string } }[]) => items[0]?.metadata?.name;
  const [node, claim] = [first(nodes.items), first(claims.items)];
  return {
    NAMESPACE: namespace,
    POD: "prometheus-0",
    CONTAINER: "prometheus",
    STATEFULSET: "prometheus",
    DEPLOYMENT: "kube-state-metrics",
    DAEMONSET: "node-exporter",
    JOB: name,
    CRONJOB: name,
    SERVICE: "loki",
    UNIT: "containerd.service",
    DEVICE: "lo",
    ...(node === undefined ? {} : { NODE: node }),
    ...(claim === undefined ? {} : { PVC: claim }),
  };
}

async function makeJobs(live: Live): Promise<void> {
  const spec = {
    template: {
      spec: {
        restartPolicy: "Never",
        securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
        containers: [
          {
            name: "main",
            image: imageReference(live.environment, "node"),
            args: ["-e", "console.log('done')"],
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
          },
        ],
      },
    },
  };
  const metadata = { name, namespace: demoNamespace };
  await live.cluster.apply(`${jobs}/${name}`, { apiVersion: "batch/v1", kind: "Job", metadata, spec });
  await live.cluster.apply(`${cronJobs}/${name}`, {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata,
    spec: { schedule: "0 0 1 1 *", suspend: true, jobTemplate: { spec } },
  });
  await untilTrue("end of the job", 60, async () => {
    const { status } = await live.cluster.get<{ status?: { succeeded?: number } }>(`${jobs}/${name}`);
    return status?.succeeded === 1;
  });
}

/** Deletes what {@link lookedAt} made. */
export async function removeLookedAt(live: Live): Promise<void> {
  await live.cluster.delete(`${cronJobs}/${name}`);
  await live.cluster.delete(`${jobs}/${name}?propagationPolicy=Background`);
}
