import { readdirSync } from "node:fs";
import type { Telemetry } from "./telemetry";

/** What a process uses (C1). Read at each collection, so that nothing is measured that nobody collects. */
export function observeProcess({ meters }: Telemetry): void {
  let before = { cpu: process.cpuUsage(), time: performance.now() };
  meters.memory_usage_bytes.observe((set) => set(process.memoryUsage.rss()));
  meters.cpu_usage_percent.observe((set) => {
    const now = { cpu: process.cpuUsage(), time: performance.now() };
    const used = now.cpu.user + now.cpu.system - before.cpu.user - before.cpu.system; // microseconds
    const passed = (now.time - before.time) * 1000;
    if (passed > 0) set((100 * used) / passed);
    before = now;
  });
  // Node.js has no goroutines: what keeps its event loop busy is the nearest thing.
  meters.goroutines_total.observe((set) => set(process.getActiveResourcesInfo().length));
  meters.file_descriptors.observe((set) => {
    const open = openFiles();
    if (open !== undefined) set(open);
  });
}

/** Only Linux tells. */
function openFiles(): number | undefined {
  try {
    return readdirSync("/proc/self/fd").length;
  } catch {
    return undefined;
  }
}
