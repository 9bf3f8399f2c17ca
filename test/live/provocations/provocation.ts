import type { StatefulSet } from "kubernetes-types/apps/v1";
import type { ConfigMap } from "kubernetes-types/core/v1";
import type { Live } from "../context";

/** Something that is broken on purpose, and the critical alerts that must tell of it. */
export interface Provocation {
  /** What is done, as a sentence goes on after "because". */
  readonly what: string;
  /** Alerts that must arrive, each with labels that say it is about this. */
  readonly alerts: readonly Readonly<{ alertname: string } & Record<string, string>>[];
  /** Breaks it. @returns what mends it */
  readonly begin: (live: Live) => Promise<() => Promise<unknown>>;
}

/** Takes the pods of a StatefulSet away. */
export async function withoutPods(live: Live, name: string): Promise<() => Promise<unknown>> {
  const path = `/apis/apps/v1/namespaces/${live.environment.namespace}/statefulsets/${name}`;
  const { spec } = await live.cluster.get<StatefulSet>(path);
  const scale = (replicas: number) => live.cluster.patch<StatefulSet>(path, { spec: { replicas } });
  await scale(0);
  return () => scale(spec?.replicas ?? 1);
}

/** Has the demo application fail, for longer than any alert waits. */
export async function faulty(live: Live, faults: object): Promise<() => Promise<unknown>> {
  await live.faults({ ...faults, for: "1h" });
  return () => live.faults({});
}

/** Does something again and again, every so many seconds, and at once. */
export async function again(seconds: number, work: () => Promise<unknown>): Promise<() => Promise<unknown>> {
  await work();
  // What fails once is tried again: what must arrive is the alert.
  const timer = setInterval(() => void work().catch(() => undefined), seconds * 1000);
  return () => Promise.resolve(clearInterval(timer));
}

/** Gives the first container of a StatefulSet's pods a variable. */
export async function withVariable(
  live: Live,
  name: string,
  variable: string,
  value: string,
): Promise<() => Promise<unknown>> {
  const path = `/apis/apps/v1/namespaces/${live.environment.namespace}/statefulsets/${name}`;
  const { spec } = await live.cluster.get<StatefulSet>(path);
  const [first, ...others] = spec?.template.spec?.containers ?? [];
  if (first === undefined) throw new Error(`${name} has no container`);
  const write = (containers: readonly object[]) =>
    live.cluster.patch<StatefulSet>(path, { spec: { template: { spec: { containers } } } });
  await write([{ ...first, env: [...(first.env ?? []), { name: variable, value }] }, ...others]);
  return () => write([first, ...others]);
}

/** Adds a key to a ConfigMap that a server reloads, or replaces one. */
export async function withKey(live: Live, name: string, key: string, value: string): Promise<() => Promise<unknown>> {
  const path = `/api/v1/namespaces/${live.environment.namespace}/configmaps/${name}`;
  const before = (await live.cluster.get<ConfigMap>(path)).data?.[key];
  const write = (content: string | null) => live.cluster.patch<ConfigMap>(path, { data: { [key]: content } });
  await write(value);
  return () => write(before ?? null);
}
