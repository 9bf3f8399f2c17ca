import { newId } from "./clients/otlp";
import { Service } from "./clients/service";
import type { Live } from "./context";
import { demoNamespace } from "./demo";
import { expect } from "./report";

/** Real mishaps, small ones: what some panels are about shows only after them. */

/** A month: beyond what Loki takes (`reject_old_samples_max_age`). */
const TOO_OLD = 30 * 86_400_000;

/** Sends a line from a month ago, which Loki discards and counts. */
export async function lineTooOld(live: Live): Promise<void> {
  const { service } = live.loki;
  const values = [[`${Date.now() - TOO_OLD}000000`, "from a month ago"]];
  const { status } = await live.cluster.request("POST", `${service.path}/loki/api/v1/push`, {
    headers: { "X-Scope-OrgID": live.environment.tenant },
    body: { streams: [{ stream: { service_name: "e2e" }, values }] },
  });
  expect(status === 400, `Loki answered ${status} to a line from a month ago`);
}

/** Sends a span whose id is all zero to Tempo itself, which discards and counts it. */
export async function spanWithoutId(live: Live): Promise<void> {
  const end = BigInt(Date.now()) * 1_000_000n;
  const span = {
    traceId: newId(16),
    spanId: "0".repeat(16),
    name: "nobody",
    startTimeUnixNano: String(end - 1_000_000n),
    endTimeUnixNano: String(end),
  };
  const tempo = new Service(live.cluster, live.namespaces[0], "tempo", 4318);
  const { status } = await live.cluster.request("POST", `${tempo.path}/v1/traces`, {
    body: { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] },
  });
  expect(status === 400, `Tempo answered ${status} to a span without an id`);
}

/** Has Loki write its chunks now: by itself it does when they are full, or after half an hour. */
export async function flushedChunks(live: Live): Promise<void> {
  const { status } = await live.cluster.request("POST", `${live.loki.service.path}/flush`, {});
  expect(status === 204, `Loki answered ${status} to a flush`);
}

/** Ends a pod of the suite's own: another one starts, and the kubelet says how long that took. */
export async function podThatStarts(live: Live): Promise<void> {
  const pods = `/api/v1/namespaces/${demoNamespace}/pods`;
  await live.cluster.delete(pods, { query: { labelSelector: "app.kubernetes.io/name=numbered" } });
}

/** A scrape target that does not answer, of which an alert tells; it is to be ended. */
export async function targetDown(live: Live): Promise<() => Promise<void>> {
  const target = live.app("target");
  await target.text("POST", "/stop");
  return async () => void (await target.text("POST", "/resume"));
}

const waitingPod = "waits-for-its-image";

/** A pod whose image there isn't: it waits, and the kubelet's pulls fail. It is to be ended. */
export async function podWithoutImage(live: Live): Promise<() => Promise<void>> {
  const path = `/api/v1/namespaces/${demoNamespace}/pods/${waitingPod}`;
  await live.cluster.apply(path, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: waitingPod, namespace: demoNamespace },
    spec: {
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 0,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: "app",
          image: "localhost:1/no-such-image:1",
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        },
      ],
    },
  });
  return async () => void (await live.cluster.delete(path));
}
