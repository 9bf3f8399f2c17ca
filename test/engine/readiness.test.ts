import type { Event, Pod } from "kubernetes-types/core/v1";
import { accessLines, serviceOf } from "../../tools/engine/access";
import { Cluster } from "../../tools/engine/cluster";
import { CancelledError } from "../../tools/engine/errors";
import { isReady, podReasons, stackNamespaces, unready, waitUntilReady } from "../../tools/engine/readiness";
import { ageOf, statusRows, summarize } from "../../tools/engine/systems";
import { cleanUp, kubeconfig, rejection, server } from "./support";

afterAll(cleanUp);

const readyIs = (status: "True" | "False") => ({ type: "Ready", status });

function pod(name: string, status: object, metadata: object = {}, spec: object = {}): Pod {
  return { metadata: { name, namespace: "obs", ...metadata }, status, spec } as Pod;
}

const container = (state: object, more: object = {}) => ({
  name: "loki",
  ready: false,
  restartCount: 0,
  state,
  ...more,
});

describe("why a pod is not ready", () => {
  const event = (message: string, lastTimestamp: string) => ({ reason: "R", message, lastTimestamp }) as Event;

  test.each([
    [
      "an image that cannot be pulled",
      {
        phase: "Pending",
        containerStatuses: [container({ waiting: { reason: "ErrImagePull", message: "not found" } })],
      },
      "loki: waiting, ErrImagePull: not found",
    ],
    [
      "a crash loop, with the exit before",
      {
        containerStatuses: [
          container(
            { waiting: { reason: "CrashLoopBackOff" } },
            { restartCount: 3, lastState: { terminated: { reason: "OOMKilled", exitCode: 137 } } },
          ),
        ],
      },
      "loki: waiting, CrashLoopBackOff (3 restarts, OOMKilled 137)",
    ],
    [
      "no node that fits",
      { phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", message: "0/1 nodes are available" }] },
      "not scheduled: 0/1 nodes are available",
    ],
    [
      "a probe that fails",
      { phase: "Running", containerStatuses: [container({ running: {} })] },
      "loki: runs and is not ready",
    ],
    ["nothing known yet", { phase: "Pending" }, "Pending"],
  ])("%s", (_, status, reason) => {
    expect(podReasons(pod("loki-0", status), [])).toEqual([reason]);
  });

  test("a finished init container is no reason; the newest event is told", () => {
    const status = {
      initContainerStatuses: [container({ terminated: { exitCode: 0 } }, { name: "init" })],
      containerStatuses: [container({ running: {} })],
    };
    const events = [event("old", "2026-01-01T00:00:00Z"), event("new\n", "2026-01-02T00:00:00Z")];
    expect(podReasons(pod("loki-0", status), events)).toEqual(["loki: runs and is not ready", "last event: R: new"]);
  });

  test("a pod on its way out is not ready even while it still answers; a finished job is", () => {
    const ready = { conditions: [readyIs("True")] };
    expect(isReady(pod("a", ready))).toBe(true);
    expect(isReady(pod("a", ready, { deletionTimestamp: "2026-01-01T00:00:00Z" }))).toBe(false);
    expect(isReady(pod("a", { phase: "Succeeded", conditions: [readyIs("False")] }))).toBe(true);
  });
});

describe("waiting", () => {
  async function clusterWith(answers: Record<string, object[] | (() => object[])>) {
    const { url } = await server(({ url: asked }) => {
      const [path = ""] = asked.split("?");
      const found = answers[path.split("/").pop() ?? ""] ?? [];
      return { body: { items: typeof found === "function" ? found() : found } };
    });
    return Cluster.of("a", kubeconfig({ a: { cluster: { server: url } } }));
  }

  const waiting = pod("loki-0", {
    phase: "Pending",
    containerStatuses: [container({ waiting: { reason: "ErrImagePull" } })],
  });
  const deployment = (updatedReplicas: number, observedGeneration = 2) => ({
    metadata: { name: "ksm", namespace: "obs", generation: 2 },
    spec: { replicas: 2 },
    status: { updatedReplicas, observedGeneration },
  });

  test("ends when the last pod is ready, and reports each change once", async () => {
    let asked = 0;
    const pods = () => (asked++ < 1 ? [waiting] : [pod("loki-0", { conditions: [readyIs("True")] })]);
    const cluster = await clusterWith({ pods, deployments: [deployment(2)] });
    const seen: string[][] = [];
    const seconds = await waitUntilReady(cluster, ["obs"], {
      onChange: (all) => seen.push(all.map(({ what }) => what)),
    });
    expect(seen).toEqual([["obs/loki-0"]]);
    expect(seconds).toBeGreaterThanOrEqual(1);
  });

  test("names everything that is not ready when time is over, a rollout that stands still included", async () => {
    const cluster = await clusterWith({
      pods: [waiting],
      deployments: [deployment(1)],
      daemonsets: [deployment(2, 1)],
    });
    expect(await rejection(waitUntilReady(cluster, ["obs"], { seconds: 0.01 }))).toBe(
      [
        "not everything is ready after 0.01 s",
        "  reason: obs/loki-0: loki: waiting, ErrImagePull",
        "    Deployment obs/ksm: 1 of 2 pods are of the newest version",
        "    DaemonSet obs/ksm: its controller has not seen it yet",
        "  fix: kubectl describe pod and kubectl logs say more; a mended setting is deployed by the same command",
      ].join("\n"),
    );
  });

  test("pods that are never made are explained by what their owner could not do", async () => {
    const forbidden = {
      reason: "FailedCreate",
      message: "violates PodSecurity",
      lastTimestamp: "2026-01-01T00:00:00Z",
    };
    const failed = {
      ...deployment(0).status,
      conditions: [{ type: "ReplicaFailure", status: "True", message: "exceeded quota" }],
    };
    const cluster = await clusterWith({
      deployments: [{ ...deployment(0), status: failed }],
      statefulsets: [deployment(0)],
      events: [forbidden],
    });
    expect(await unready(cluster, ["obs"])).toEqual([
      {
        what: "Deployment obs/ksm",
        why: "0 of 2 pods are of the newest version; exceeded quota; last event: FailedCreate: violates PodSecurity",
      },
      {
        what: "StatefulSet obs/ksm",
        why: "0 of 2 pods are of the newest version; last event: FailedCreate: violates PodSecurity",
      },
    ]);
  });

  test("can be cancelled", async () => {
    const cluster = await clusterWith({ pods: [waiting] });
    await expect(waitUntilReady(cluster, ["obs"], { cancelled: () => true })).rejects.toBeInstanceOf(CancelledError);
  });

  test("namespaces beside the stack's own are those of its name and label", async () => {
    const namespaces = ["obs-agents", "obs", "observatory"].map((name) => ({ metadata: { name } }));
    expect(await stackNamespaces(await clusterWith({ namespaces }), "obs")).toEqual(["obs", "obs-agents"]);
  });
});

describe("status", () => {
  const labels = (component: string) => ({
    labels: { "app.kubernetes.io/name": "loki", "app.kubernetes.io/component": component },
    creationTimestamp: "2026-01-01T00:00:00Z",
  });
  const spec = (image: string, claimName: string) => ({
    containers: [{ name: "loki", image }],
    volumes: [
      { name: "data", persistentVolumeClaim: { claimName } },
      { name: "tmp", emptyDir: {} },
    ],
  });
  const status = (ready: "True" | "False", restartCount: number) => ({
    conditions: [readyIs(ready)],
    containerStatuses: [container({}, { restartCount })],
  });

  test("pods of one component are one row: ready, restarts, versions, volumes", () => {
    const pods = [
      pod("loki-0", status("True", 2), labels("server"), spec("docker.io/grafana/loki:3.7.8", "data-loki-0")),
      pod("loki-1", status("False", 1), labels("server"), spec("docker.io/grafana/loki:3.7.9", "data-loki-1")),
      pod("x", status("True", 0), labels("canary"), spec("host:5000/canary:v1.0.0", "")),
      pod("done", { phase: "Succeeded" }, labels("job"), spec("a:1", "")),
    ];
    const claim = (name: string) => ({ metadata: { name }, spec: { resources: { requests: { storage: "20Gi" } } } });
    const rows = statusRows(
      summarize(pods, [claim("data-loki-0"), claim("data-loki-1")], Date.parse("2026-01-01T03:00:00Z")),
    );
    expect(rows).toEqual([
      ["SYSTEM", "NAMESPACE", "READY", "RESTARTS", "AGE", "VERSION", "VOLUME"],
      ["loki", "obs", "1/2", "3", "3h", "3.7.8, 3.7.9", "2 x 20Gi"],
      ["loki-canary", "obs", "1/1", "0", "3h", "1.0.0", "-"],
    ]);
  });

  test.each([
    [45, "45s"],
    [600, "10m"],
    [7200, "2h"],
    [432_000, "5d"],
  ])("an age of %d s reads %s", (seconds, text) => expect(ageOf(seconds)).toBe(text));
});

describe("access", () => {
  const target = { kind: "context", context: "work", kubeconfig: "/k" } as const;

  test("addresses inside the cluster come with the port-forward that reaches them", () => {
    const outputs = {
      grafanaUrl: "http://grafana.obs.svc:3000",
      otlpGrpcEndpoint: "collector-gateway.obs.svc.cluster.local:4317",
      otlpHttpEndpoint: "http://collector-gateway.obs.svc.cluster.local:4318",
    };
    expect(accessLines(target, "obs", outputs)).toEqual([
      "Grafana       http://localhost:3000 after:",
      "                kubectl --context work -n obs port-forward service/grafana 3000:3000",
      "OTLP/gRPC     collector-gateway.obs.svc.cluster.local:4317 (from pods)",
      "OTLP/HTTP     http://collector-gateway.obs.svc.cluster.local:4318 (from pods)",
      "              from this machine, at localhost:",
      "                kubectl --context work -n obs port-forward service/collector-gateway 4317:4317 4318:4318",
    ]);
  });

  test("public addresses are shown as they are, a missing Grafana is said", () => {
    expect(accessLines(target, "obs", { otlpHttpEndpoint: "https://otlp.example.com" })).toEqual([
      "Grafana       is not deployed",
      "OTLP/HTTP     https://otlp.example.com",
    ]);
  });

  test("the hermetic node's own kubeconfig is part of the command", () => {
    const [, line] = accessLines({ ...target, kind: "hermetic" }, "obs", { grafanaUrl: "http://grafana:80" });
    expect(line).toBe(
      "                kubectl --kubeconfig /k --context work -n obs port-forward service/grafana 80:80",
    );
    expect(serviceOf("https://grafana.example.com", "obs")).toBeUndefined();
  });
});
