import { spawn, type ChildProcess } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { obtainProgram, type ProgramName } from "../../../tools/testbed/programs";
import { endedWithin, endsWithUs } from "../ending";
import { untilTrue } from "../wait";

/**
 * Real servers as plain processes of this machine, for what a deployed stack is too slow or too shared for: data of weeks,
 * limits of seconds. Each has a port of its own on the loopback address; all end with {@link LocalServers.stop}.
 */
export class LocalServers {
  readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "observability-local-"));
  private readonly running: ChildProcess[] = [];

  /**
   * Starts a server and waits until it answers.
   * @param ready URL that answers 2xx once it is ready
   * @throws Error with the end of its log when it ends first, or is not ready within a minute
   */
  async start(
    tool: ProgramName,
    args: readonly string[],
    ready: string,
    env: NodeJS.ProcessEnv = {},
  ): Promise<ChildProcess> {
    const program = await obtainProgram(tool);
    const log = path.join(this.folder, `${tool}-${this.running.length}.log`);
    const out = fs.openSync(log, "w");
    const server = spawn(program, args, {
      stdio: ["ignore", out, out],
      env: { ...process.env, ...env },
      cwd: this.folder,
    });
    endsWithUs(server);
    this.running.push(server);
    try {
      await untilTrue(`answer of ${tool}`, 60, async () => {
        if (server.exitCode !== null) return false;
        return (await fetch(ready)).ok;
      });
    } catch (error) {
      throw new Error(`${String(error)}\n${fs.readFileSync(log, "utf8").split("\n").slice(-8).join("\n")}`);
    }
    return server;
  }

  /** A folder of its own below {@link folder}. */
  room(name: string): string {
    const room = path.join(this.folder, name);
    fs.mkdirSync(room, { recursive: true });
    return room;
  }

  /** Ends one server as Kubernetes would, by force after half a minute, and waits for it. */
  async end(server: ChildProcess): Promise<void> {
    await endedWithin(server, 30);
  }

  async stop(): Promise<void> {
    await Promise.all(this.running.map((server) => this.end(server)));
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
