import type { Pod, ResourceQuota } from "kubernetes-types/core/v1";
import { Cpu, type Environment } from "../../../environment";
import { deepMerge } from "../../../environment/merge";
import { planStack } from "../../../stacks/plan";
import { stackQuota } from "../../../stacks/quotas";
import { readEnvironment } from "../../../tools/stack-file";
import type { Live, LiveCheck } from "../context";
import { expect } from "../report";
import { secondsSince, until } from "../wait";

/** An application's namespace with a quota small enough to be met; the stack's own quota is as it was deployed. */
const NAMESPACE = "e2e-quota";
const ALERT = "KubeQuotaCpu";
/** kube-state-metrics, a scrape and an evaluation, with room. */
const SEEN_WITHIN = 120;

export const quota: LiveCheck = {
  id: 20,
  what: "a quota stops a pod, and its alert sees it coming",
  smoke: false,
  async run(live) {
    const check = live.report.check(this.id);
    await check.step("the stack fits the quota of its namespace", () => stackFits(live));
    try {
      await check.step("a pod over an application's quota is refused, one within is not", () => refuses(live));
      await check.step(`${ALERT} is pending for it`, () => alerts(live));
    } finally {
      await live.cluster.delete(`/api/v1/namespaces/${NAMESPACE}`);
    }
    check.skip(`${ALERT} fires`, "after a quarter of an hour; promtool shows it (test/alerts/proofs)");
  },
};

const quotaPath = (namespace: string) => `/api/v1/namespaces/${namespace}/resourcequotas/observability`;

async function stackFits(live: Live): Promise<string> {
  const [namespace] = live.namespaces;
  const { status } = await live.cluster.get<ResourceQuota>(quotaPath(namespace));
  const [used = "0", hard = "0"] = [status?.used?.["requests.cpu"], status?.hard?.["requests.cpu"]];
  const planned = stackQuota(
    live.environment,
    live.plan.systems.flatMap(({ workloads }) => workloads),
  );
  expect(
    Cpu.parse(hard).millis === planned.hard.cpuRequests,
    `the quota is ${hard}, planned is ${planned.hard.cpuRequests}m`,
  );
  expect(
    Cpu.parse(used).millis <= planned.sum.cpuRequests,
    `${used} is more than planned, ${planned.sum.cpuRequests}m`,
  );
  return `requests.cpu ${used} of ${hard}, requests.memory ${status?.used?.["requests.memory"]} of ${status?.hard?.["requests.memory"]}`;
}

/** The environment with a quota of one CPU for {@link NAMESPACE}. */
function withQuota({ target }: Live): Environment {
  const application = { cpu: { request: "1", limit: "4" } };
  const quotas = { applicationNamespaces: [NAMESPACE], application };
  return readEnvironment("local", deepMerge({ ...target.settings }, { quotas }));
}

/** A pod that no node takes: a quota counts it all the same, and it needs no image. */
const pod = (name: string, cpu?: string) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: NAMESPACE },
  spec: {
    nodeSelector: { "e2e.invalid/nowhere": "true" },
    containers: [
      {
        name,
        image: "docker.io/library/none:none",
        ...(cpu === undefined ? {} : { resources: { requests: { cpu }, limits: { cpu } } }),
      },
    ],
  },
});

async function refuses(live: Live): Promise<string> {
  const { cluster } = live;
  await cluster.apply(
    `/api/v1/namespaces/${NAMESPACE}`,
    {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: NAMESPACE },
    },
    { fieldManager: "e2e", force: true },
  );
  for (const object of planStack(withQuota(live)).namespaces) {
    if (object.metadata?.namespace !== NAMESPACE) continue;
    const plural = `${object.kind.toLowerCase()}s`;
    await cluster.apply(`/api/v1/namespaces/${NAMESPACE}/${plural}/observability`, object, {
      fieldManager: "e2e",
      force: true,
    });
  }
  await until("counted quota", 30, async () => (await cluster.get<ResourceQuota>(quotaPath(NAMESPACE))).status?.hard);
  const pods = `/api/v1/namespaces/${NAMESPACE}/pods`;
  // The account that a namespace gets comes a moment later than the namespace.
  await until("pod within the quota", 30, () => cluster.post<Pod>(pods, pod("within", "900m")));
  const over = await cluster.request("POST", pods, { body: pod("over", "200m"), query: { dryRun: "All" } });
  const { message = "" } = JSON.parse(over.text) as { message?: string };
  expect(over.status === 403 && message.includes("exceeded quota"), `${over.status}: ${message}`);
  const silent = await cluster.request("POST", pods, { body: pod("silent"), query: { dryRun: "All" } });
  expect(silent.status === 201, `a pod that states nothing: ${silent.status} ${silent.text}`);
  const requests = (JSON.parse(silent.text) as Pod).spec?.containers[0]?.resources?.requests;
  expect(requests?.["cpu"] === "100m", `a pod that states nothing got ${JSON.stringify(requests)}`);
  return "900m of 1 is taken; 200m more: 403, exceeded quota; a pod that states nothing gets 100m";
}

async function alerts(live: Live): Promise<string> {
  const begin = Date.now();
  const state = await until(`${ALERT} for ${NAMESPACE}`, SEEN_WITHIN, async () => {
    const all = await live.prometheus.alerts();
    return all.find(({ labels }) => labels["alertname"] === ALERT && labels["namespace"] === NAMESPACE)?.state;
  });
  return `${state} ${secondsSince(begin).toFixed(0)} s after the pod`;
}
