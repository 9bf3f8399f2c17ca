import { logger, type Logger } from "../../emission";
import { startGit } from "./agents/git";
import { startLlmRouter } from "./agents/llm-router";
import { startObsidian } from "./agents/obsidian";
import { startApi } from "./api";
import { Cache } from "./cache/client";
import { serveCache } from "./cache/server";
import { startLoad } from "./load";
import { observeProcess } from "./process";
import { SharedFaults, type Parts, type Running } from "./role";
import type { Role } from "./roles";
import { close, serve } from "./server";
import type { Settings } from "./settings";
import { logContext, startTelemetry, type Exporters } from "./telemetry";
import { startWorker } from "./worker";

/** The cache has nobody to ask for faults but itself; its port speaks RESP, so a second one says that it lives. */
async function startCache({ settings, telemetry, log, faults }: Parts): Promise<Running> {
  const cache = await serveCache(settings.port("cache"), telemetry, () => faults.current);
  const health = await serve(settings.healthPort("cache"), {}, telemetry, log).catch(async (error: unknown) => {
    await cache.stop();
    throw error;
  });
  return {
    stop: async () => {
      await Promise.all([close(health), cache.stop()]);
    },
  };
}

const starters: Readonly<Record<Role, (parts: Parts) => Promise<Running>>> = {
  api: startApi,
  worker: startWorker,
  git: startGit,
  "llm-router": startLlmRouter,
  obsidian: startObsidian,
  cache: startCache,
  load: startLoad,
};

/** Starts one role. @param write takes its log lines; stdout without */
export async function startRole(
  role: Role,
  settings: Settings,
  exporters: Exporters,
  write?: (line: string) => void,
): Promise<Running> {
  const telemetry = startTelemetry(role, settings, exporters);
  const { environment, version } = settings;
  const log: Logger = logger(
    { component: role, environment, version },
    { context: logContext, ...(write === undefined ? {} : { write }) },
  );
  const faults = new SharedFaults(settings.faults, log);
  const cache = new Cache(telemetry, settings);
  observeProcess(telemetry);
  const running = await starters[role]({ settings, telemetry, log, faults, cache });
  faults.follow(cache);
  log.info(`${role} runs`, { metadata: { port: settings.port(role) } });
  return {
    stop: async () => {
      log.info(`${role} ends`);
      faults.stop();
      await running.stop();
      cache.close();
      await telemetry.shutdown();
    },
  };
}
