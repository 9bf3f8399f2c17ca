import { imageReference, type ImageName } from "../../../environment";
import type { Settings } from "../../../tools/stack-file";
import type { Live, LiveCheck } from "../context";
import { expect, type Check } from "../report";
import { secondsSince } from "../wait";

/** Seconds that a rollout may take before it counts as failed, where failing is what is wanted. */
const SHORT_SECONDS = 20;

export const changes: LiveCheck = {
  id: 2,
  what: "a change does what it says and no more",
  smoke: true,
  async run(live) {
    const check = live.report.check(this.id);
    await check.step("second preview: 0 changes", async () => {
      // Check 1 has deployed already, unless only this one was asked for: then the stack may be of an older state.
      await live.engine("up");
      const { changed, seconds, changes } = await live.engine("preview");
      const list = changed.map(({ operation, kind, name }) => `${operation} ${kind} ${name}`);
      expect(changed.length === 0, `it would change ${list.join(", ")}`);
      const same = changes["same"] ?? 0;
      expect(same > 0, "the preview saw no resource at all");
      return `${same} same in ${seconds.toFixed(1)} s (${((seconds * 1000) / same).toFixed(0)} ms a resource)`;
    });
    await check.step("one changed limit of Loki rolls only Loki", async () => {
      const before = await podIds(live);
      const begin = Date.now();
      await live.engine("up", { systems: { loki: { config: { limits_config: { max_query_series: 499 } } } } });
      await live.ready();
      const seconds = secondsSince(begin);
      const config = await live.loki.service.text("GET", "/config");
      expect(/max_query_series: 499\b/.test(config), "Loki runs without the new limit");
      const rolled = workloadsOfNewPods(before, await podIds(live));
      expect(rolled.join() === "loki-server", `rolled: ${rolled.join(", ") || "nothing"}`);
      return `new pods of: ${rolled.join(", ")}; ${seconds.toFixed(1)} s`;
    });
    await recovery(check, live, "Deployment", "kube-state-metrics");
    await recovery(check, live, "StatefulSet", "alertmanager");
    await check.step("back to where it began: 0 changes left", async () => {
      await live.engine("up");
      await live.ready();
      const { changed } = await live.engine("preview");
      expect(changed.length === 0, `${changed.length} changes are left`);
      return "all as at first";
    });
  },
};

/** A rollout that can't succeed, and the good one after it, which must not need anybody's hand. */
async function recovery(check: Check, live: Live, kind: string, image: ImageName): Promise<void> {
  await check.step(`a broken image of a ${kind}, then a good one: recovers (${image})`, async () => {
    const broken = `${imageReference(live.environment, image)}-broken`;
    const settings: Settings = { images: { overrides: { [image]: broken } }, rolloutTimeout: `${SHORT_SECONDS}s` };
    // What `npm run up` does: the engine, whose provider does not wait for a StatefulSet's pods, and then a look of our own.
    const deployed = live.engine("up", settings).then(() => live.ready(SHORT_SECONDS));
    const failure = await deployed.then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    expect(failure !== undefined, "a rollout with an image that does not exist counted as a success");
    expect(failure.includes(image), `the message does not name ${image}: ${failure.slice(0, 300)}`);
    const begin = Date.now();
    await live.engine("up");
    await live.ready();
    return `failed as it must, good again ${secondsSince(begin).toFixed(1)} s after the next up`;
  });
}

/** Uid of every pod of the stack, with the workload it belongs to. */
async function podIds(live: Live): Promise<Map<string, string>> {
  const pods = (await Promise.all(live.namespaces.map((namespace) => live.cluster.pods(namespace)))).flat();
  const workload = (labels: Readonly<Record<string, string>> = {}) =>
    `${labels["app.kubernetes.io/name"]}-${labels["app.kubernetes.io/component"]}`;
  return new Map(pods.map(({ metadata }) => [metadata?.uid ?? "", workload(metadata?.labels)]));
}

function workloadsOfNewPods(before: Map<string, string>, after: Map<string, string>): string[] {
  const fresh = [...after].filter(([uid]) => !before.has(uid)).map(([, workload]) => workload);
  return [...new Set(fresh)].sort();
}
