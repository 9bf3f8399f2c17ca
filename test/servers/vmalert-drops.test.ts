import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { programHere } from "../../tools/testbed/programs";
import { freePort } from "../../tools/free-port";
import { until } from "../alerts/support/until";
import { testWith } from "../support/programs";

/** When the real vmalert counts what it records as lost, on which `VmalertDropsRows` pages. */

let folder: string;
const running: ChildProcess[] = [];
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "vmalert-drops-"))));
afterEach(async () => {
  for (const server of running.splice(0)) if (server.kill("SIGKILL")) await once(server, "exit");
  rmSync(folder, { recursive: true });
});

const rules = "groups: [{ name: one, interval: 1s, rules: [{ record: one, expr: vector(1) }] }]";
/** Its own 30 s, shortened. */
const patience = 2;

/** vmalert on a store that may be asked, and one that nobody is at to write to. @returns a reader of its counters */
async function vmalert(program: string, store: string): Promise<(name: string) => Promise<number>> {
  const file = join(folder, "rules.yaml");
  writeFileSync(file, rules);
  const url = `http://127.0.0.1:${await freePort()}`;
  const args = [
    `-rule=${file}`,
    `-httpListenAddr=${url.slice("http://".length)}`,
    `-datasource.url=${store}`,
    `-remoteWrite.url=http://127.0.0.1:${await freePort()}`,
    `-remoteWrite.retryMaxTime=${patience}s`,
    "-remoteWrite.flushInterval=500ms",
    "-notifier.blackhole",
  ];
  running.push(spawn(program, args, { stdio: "ignore" }));
  const metrics = async () => (await fetch(`${url}/metrics`)).text();
  await until("vmalert", 30, () => metrics().catch(() => undefined));
  return async (name) =>
    (await metrics())
      .split("\n")
      .filter((line) => line.startsWith(name))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))), 0);
}

testWith(
  "vmalert",
  "a store that answers and takes nothing: what is recorded is lost, and counted",
  async (program) => {
    const path = programHere("victoria-metrics");
    if (path === undefined) throw new Error("victoria-metrics is built with vmalert");
    const store = `127.0.0.1:${await freePort()}`;
    running.push(
      spawn(path, [`-httpListenAddr=${store}`, `-storageDataPath=${join(folder, "data")}`], { stdio: "ignore" }),
    );
    await until("store", 30, async () => ((await fetch(`http://${store}/health`)).ok ? true : undefined));
    const read = await vmalert(program, `http://${store}`);
    await until("a lost row", 30, async () =>
      (await read("vmalert_remotewrite_dropped_rows_total")) > 0 ? true : undefined,
    );
  },
);

testWith("vmalert", "no store at all: nothing is evaluated, so nothing is lost on the way", async (program) => {
  const read = await vmalert(program, `http://127.0.0.1:${await freePort()}`);
  await until("a failed rule", 30, async () =>
    (await read("vmalert_recording_rules_errors_total")) > patience * 3 ? true : undefined,
  );
  await pause(patience * 1000);
  expect(await read("vmalert_remotewrite_dropped_rows_total")).toBe(0);
});
