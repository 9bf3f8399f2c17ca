import { setTimeout as pause } from "node:timers/promises";
import { parse } from "yaml";
import { Duration, metricsStores, storeName, type Environment, type MetricsStore } from "../../../environment";
import { planStack } from "../../../stacks";
import { flags } from "../../../stacks/system";
import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "../report";
import { untilTrue } from "../wait";
import { freePort } from "../../../tools/free-port";
import { LocalServers } from "./servers";
import { parseEnvironment } from "../../../stacks/environment";

const day = 86_400;
const scrape = 15;

/** The stores of `dev` with vmagent before them, started with the very flags that the manifests carry. */
class Tiers {
  readonly environment = devEnvironment();
  private constructor(
    readonly servers: LocalServers,
    readonly stores: ReadonlyMap<string, { readonly store: MetricsStore; readonly url: string }>,
    readonly vmagent: string,
  ) {}

  static async start(servers: LocalServers): Promise<Tiers> {
    const environment = devEnvironment();
    const config = (system: string): Readonly<Record<string, string>> =>
      planStack(environment).systems.find(({ name }) => name === system)?.config ?? {};
    const stores = new Map<string, { store: MetricsStore; url: string }>();
    for (const store of metricsStores(environment)) {
      const port = await freePort();
      const file = store.component === "server" ? "flags.yaml" : `flags-${store.name}.yaml`;
      const values = {
        ...(parse(config("victoriametrics")[file] ?? "") as object),
        storageDataPath: servers.room(storeName(store)),
        httpListenAddr: `127.0.0.1:${port}`,
        "storage.minFreeDiskSpaceBytes": 1,
      };
      const url = `http://127.0.0.1:${port}`;
      await servers.start("victoria-metrics", flags(values, "-"), `${url}/health`);
      stores.set(store.name, { store, url });
    }
    const port = await freePort();
    const sent = parse(config("vmagent")["flags.yaml"] ?? "") as Record<string, unknown>;
    const relabeling = servers.room("relabeling");
    fs.writeFileSync(path.join(relabeling, "only-alerts.yaml"), config("vmagent")["only-alerts.yaml"] ?? "");
    const values = {
      ...sent,
      httpListenAddr: `127.0.0.1:${port}`,
      "remoteWrite.url": [...stores.values()].map(({ url }) => `${url}/api/v1/write`),
      "remoteWrite.urlRelabelConfig": (sent["remoteWrite.urlRelabelConfig"] as string[]).map((file) =>
        file.replace("/etc/vmagent", relabeling),
      ),
      "remoteWrite.tmpDataPath": servers.room("queue"),
    };
    const vmagent = `http://127.0.0.1:${port}`;
    await servers.start("vmagent", flags(values, "-"), `${vmagent}/health`);
    return new Tiers(servers, stores, vmagent);
  }

  /** Sends samples as they would come from Prometheus after an outage: all at once, with their own times. */
  async send(series: string, times: readonly number[]): Promise<void> {
    for (let from = 0; from < times.length; from += 20_000) {
      const body = times.slice(from, from + 20_000).map((time, index) => `${series} ${from + index} ${time * 1000}`);
      const answer = await fetch(`${this.vmagent}/api/v1/import/prometheus`, { method: "POST", body: body.join("\n") });
      expect(answer.ok, `vmagent answers ${answer.status}`);
    }
  }

  /** Seconds of every sample of a series that a store answers with. */
  async times(store: string, series: string): Promise<number[]> {
    const { url } = this.of(store);
    await fetch(`${url}/internal/force_flush`);
    const query = new URLSearchParams({ "match[]": series, start: "0", reduce_mem_usage: "0" });
    const text = await (await fetch(`${url}/api/v1/export?${query.toString()}`)).text();
    return text
      .split("\n")
      .filter(Boolean)
      .flatMap((line) => (JSON.parse(line) as { timestamps: number[] }).timestamps.map((time) => time / 1000))
      .sort((one, other) => one - other);
  }

  /** Lets a store merge its parts, as it does by itself from time to time. */
  async merge(store: string): Promise<void> {
    await fetch(`${this.of(store).url}/internal/force_merge`);
  }

  of(name: string) {
    const found = this.stores.get(name);
    if (found === undefined) throw new Error(`there is no store ${name}`);
    return found;
  }
}

function devEnvironment(): Environment {
  const aws = { region: "us-west-2", account: "123456789012", identity: { kind: "pod-identity" } };
  return parseEnvironment("dev", { cluster: "dev", aws });
}

const range = (from: number, to: number, step: number) =>
  Array.from({ length: Math.floor((to - from) / step) }, (_, index) => from + index * step);

/** The commonest distance between samples that follow each other, in seconds. */
function distance(times: readonly number[]): number {
  const counts = new Map<number, number>();
  times.slice(1).forEach((time, index) => {
    const apart = Math.round(time - (times[index] ?? 0));
    counts.set(apart, (counts.get(apart) ?? 0) + 1);
  });
  return [...counts].sort((one, other) => other[1] - one[1])[0]?.[0] ?? 0;
}

/**
 * Forty days of one series, and a hundred of the history of alerts, through the real vmagent into the real stores.
 * @returns what was seen, by step
 */
export async function checkTiers(step: (what: string, work: () => Promise<string>) => Promise<unknown>): Promise<void> {
  const servers = new LocalServers();
  try {
    const tiers = await Tiers.start(servers);
    const now = Math.floor(Date.now() / 1000 / 300) * 300;
    await step(
      "the same series at 15 s, 1 min and 5 min, each for its own time, though all of it came at once",
      async () => {
        await tiers.send("tier_probe", range(now - 40 * day, now, scrape));
        await tiers.send('ALERTS{alertname="Old",alertstate="firing"}', range(now - 100 * day, now, 3600));
        const seen: string[] = [];
        for (const [name, { store }] of tiers.stores) {
          if (store.holds === "alerts") continue;
          const wanted = store.resolution?.seconds ?? scrape;
          const samples = Math.floor(store.keep.seconds / wanted);
          await untilTrue(`${samples} samples in ${name}`, 60, async () => {
            const times = await tiers.times(name, "tier_probe");
            return Math.abs(times.length - samples) <= 2 + 300 / wanted;
          });
          const times = await tiers.times(name, "tier_probe");
          expect(distance(times) === wanted, `${name}: a sample each ${distance(times)} s, not ${wanted} s`);
          const oldest = now - (times[0] ?? 0);
          expect(oldest <= store.keep.seconds + 300, `${name} has samples of ${Duration.seconds(oldest).toString()}`);
          seen.push(
            `${name}: ${times.length} samples, one each ${distance(times)} s, ${(oldest / day).toFixed(2)} d back`,
          );
        }
        return seen.join("; ");
      },
    );
    await step("alerts can be asked for 90 days back, and nothing else stands with them", async () => {
      const times = await tiers.times("alerts", "ALERTS");
      const oldest = (now - (times[0] ?? now)) / day;
      expect(oldest > 89 && oldest <= 90.01, `the oldest is of ${oldest.toFixed(2)} d`);
      const others = await tiers.times("alerts", "tier_probe");
      expect(others.length === 0, `${others.length} samples of another series`);
      return `${times.length} samples, ${oldest.toFixed(2)} d back; longest tier of metrics 30 d`;
    });
    await step("what is just inside a limit is there, and gone once the limit has passed it", async () => {
      const seconds = 25;
      const names = [...tiers.stores.keys()];
      const begin = Math.floor(Date.now() / 1000);
      for (const name of names) {
        const edge = begin - tiers.of(name).store.keep.seconds;
        // Only the history of alerts takes no other name.
        const series = name === "alerts" ? "ALERTS_FOR_STATE" : `edge_${name}`;
        await tiers.send(series, [edge + seconds - 10, edge + seconds - 5, edge + seconds]);
      }
      const count = async (name: string) =>
        (await tiers.times(name, name === "alerts" ? "ALERTS_FOR_STATE" : `edge_${name}`)).length;
      for (const name of names) await untilTrue(`edge in ${name}`, 15, async () => (await count(name)) > 0);
      await pause((begin + seconds + 6) * 1000 - Date.now());
      for (const name of names) {
        await untilTrue(`end of the edge in ${name}`, 60, async () => {
          await tiers.merge(name);
          return (await count(name)) === 0;
        });
      }
      return `${names.join(", ")}: there at first, gone at the merge after their time`;
    });
  } finally {
    await servers.stop();
  }
}
