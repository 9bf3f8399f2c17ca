import type { PodList } from "kubernetes-types/core/v1";
import {
  changes,
  type Placeholder,
  filledIn,
  parseClaim,
  placeholdersOf,
  runbooks,
  type Step,
} from "../../support/runbooks";
import { systemNames } from "../../../stacks/systems";
import type { Sample } from "../clients/metrics";
import type { Live, LiveCheck } from "../context";
import { demoNamespace } from "../demo";
import { Engineer } from "../engineer";
import { lookedAt, removeLookedAt } from "../looked-at";
import { expect } from "../report";
import { NotInTime, untilTrue } from "../wait";

/** What the checks before left in the windows of rates. */
const CALMS_WITHIN = 420;

type Values = Readonly<Partial<Record<Placeholder, string>>>;

interface Line extends Step {
  readonly page: string;
}

/** Whatever a page of docs/runbooks tells somebody to look at can be looked at, and is as it says (G9). */
export const followed: LiveCheck = {
  id: 29,
  what: "runbooks can be followed",
  smoke: false,
  async run(live) {
    const check = live.report.check(this.id);
    const pages = runbooks();
    const lines = (language: Step["language"]): Line[] =>
      pages.flatMap(({ name, check: steps }) =>
        steps.filter((step) => step.language === language).map((step) => ({ ...step, page: name })),
      );
    const queries = lines("promql");
    await check.step(`${queries.length} queries for metrics answer what the pages call healthy`, async () => {
      const faults = await healthy(live, queries);
      expect(faults.length === 0, faults.join("\n"));
      return `all of ${pages.length} pages`;
    });
    await check.step(`${lines("logql").length} queries for logs are taken`, () => taken(live, lines("logql")));
    await check.step(`${lines("sh").length} commands do what they say`, () => commands(live, lines("sh")));
  },
};

async function healthy(live: Live, queries: readonly Line[]): Promise<string[]> {
  let faults: string[] = [];
  try {
    await untilTrue(
      "health",
      CALMS_WITHIN,
      async () => {
        faults = [];
        // All at once would wait for each other, and be a fault of their own.
        for (const line of queries) faults.push(...(await unlike(live, line)));
        return faults.length === 0;
      },
      15,
    );
  } catch (error) {
    if (!(error instanceof NotInTime)) throw error;
  }
  return faults;
}

/** Pages about the machine itself, whose clock and load this suite does not choose: their queries need only answer. */
const aboutMachine: readonly string[] = [
  ...["HostClock", "HostCpuHigh", "SystemLoadHigh", "HostDisk"],
  // Volumes are folders of its disk.
  "VictoriaMetricsDisk",
];

/** How an answer differs from what the page says. */
async function unlike(live: Live, { page, text, healthy }: Line): Promise<string[]> {
  const claim = parseClaim(healthy === undefined || aboutMachine.includes(page) ? "varies or nothing" : healthy);
  const fault = (what: string) => [`${page}: ${text}: ${what}, the page says ${claim.text}`];
  try {
    const samples = await answer(live, text);
    if (samples.length === 0) return claim.orNothing ? [] : fault("nothing");
    const wrong = samples.filter(({ value }) => !claim.holds(value));
    const [first] = wrong;
    if (first === undefined) return [];
    return fault(`${wrong.length} of ${samples.length}, e.g. ${first.value} of ${JSON.stringify(first.labels)}`);
  } catch (error) {
    return fault(error instanceof Error ? error.message : String(error));
  }
}

/** What Prometheus answers, or else the store, which keeps what vmalert and Loki record. */
async function answer(live: Live, query: string): Promise<Sample[]> {
  const recent = await live.prometheus.query(query);
  return recent.length > 0 ? recent : live.victoriametrics.query(query);
}

async function taken(live: Live, queries: readonly Line[]): Promise<string> {
  const end = Date.now();
  const range = { start: `${end - 600_000}000000`, end: `${end}000000`, limit: "10" };
  for (const { text } of queries)
    await live.loki.service.text("GET", "/loki/api/v1/query_range", { query: text, ...range });
  return "by Loki";
}

/** A system that a command asks by the name of its service or pod, and that does not run here. */
function missing(live: Live, command: string): string | undefined {
  const deployed = live.plan.systems.map(({ name }) => name as string);
  return systemNames.find(
    (name) =>
      !deployed.includes(name) && new RegExp(`(svc|deploy|deployment|sts|ds)/${name}\\b|\\b${name}-0\\b`).test(command),
  );
}

/** Why a command has nothing to ask on this cluster. */
async function notHere(live: Live, command: string, values: Values): Promise<string | undefined> {
  const unknown = placeholdersOf(command).find((name) => values[name] === undefined);
  if (unknown !== undefined) return `no ${unknown} here`;
  const system = missing(live, command);
  if (system !== undefined) return `${system} does not run here`;
  // Of a control plane that runs in pods, as kubeadm sets it up.
  const [pod] = /\b(etcd|kube-[a-z-]+)-NODE\b/.exec(command) ?? [];
  if (pod === undefined) return undefined;
  const name = filledIn(pod, values);
  const { items } = await live.cluster.get<PodList>("/api/v1/namespaces/kube-system/pods");
  return items.some(({ metadata }) => metadata?.name === name) ? undefined : `no pod ${name} here`;
}

async function commands(live: Live, lines: readonly Line[]): Promise<string> {
  const faults: string[] = [];
  const left = new Map<string, number>();
  const leave = (why: string) => left.set(why, (left.get(why) ?? 0) + 1);
  const engineer = await Engineer.at(live.target);
  let ran = 0;
  try {
    const values = await lookedAt(live);
    for (const { page, text } of lines) {
      const changing = changes(text);
      if (changing !== undefined) {
        faults.push(`${page}: ${text}: not run, "${changing}" is more than looking`);
        continue;
      }
      const why = await notHere(live, text, values);
      if (why !== undefined) {
        leave(why);
        continue;
      }
      const own: Values = { ...values, NAMESPACE: namespaceFor(live, text) };
      const { faults: found, absent } = await engineer.run(filledIn(text, own));
      faults.push(...found.map((what) => `${page}: ${text}: ${what}`));
      for (const why of absent) leave(why);
      if (absent.length === 0) ran += 1;
    }
  } finally {
    engineer.remove();
    await removeLookedAt(live);
  }
  expect(faults.length === 0, faults.join("\n"));
  const notRun = [...left].map(([why, times]) => `${times} × ${why}`).join(", ");
  return `${ran} ran${notRun === "" ? "" : `; not run: ${notRun}`}`;
}

/** Where the thing is that a command speaks of. */
function namespaceFor(live: Live, command: string): string {
  const [servers, agents] = live.namespaces;
  const names = placeholdersOf(command);
  if (names.includes("JOB") || names.includes("CRONJOB")) return demoNamespace;
  return names.includes("DAEMONSET") ? agents : servers;
}
