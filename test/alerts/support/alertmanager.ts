import { spawn } from "node:child_process";
import { freePort } from "../../../tools/free-port";
import { until } from "./until";

/** A real Alertmanager that a test talks to. */
export interface RunningAlertmanager {
  readonly url: string;
  /** What it has written to its log so far. */
  readonly log: readonly string[];
  readonly stop: () => void;
}

/**
 * Starts Alertmanager alone, with the parser of labels that is deployed.
 * @param file its configuration
 * @param folder where it keeps its data
 * @param env beyond this process' own
 * @throws Error when it is not ready within a minute
 */
export async function startAlertmanager(
  binary: string,
  file: string,
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<RunningAlertmanager> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = spawn(
    binary,
    [
      `--config.file=${file}`,
      `--storage.path=${folder}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--cluster.listen-address=",
      "--enable-feature=utf8-strict-mode",
    ],
    { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, ...env } },
  );
  const log: string[] = [];
  server.stderr.on("data", (chunk: Buffer) => log.push(chunk.toString()));
  await until("Alertmanager is ready", 60, async () => ((await fetch(`${url}/-/ready`)).ok ? true : undefined));
  return { url, log, stop: () => void server.kill("SIGKILL") };
}
