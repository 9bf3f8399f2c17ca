import { spawn, type ChildProcess } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { obtainProgram, type ProgramName } from "../../../tools/testbed/programs";
import { endedWithin, endsWithUs } from "../ending";
import { untilTrue } from "../wait";

/**
 * Servers as plain processes, each on a loopback address of its own: they keep the ports that the stack gives them, so
 * that the rendered configuration needs other names and folders only. For what needs more replicas than a small node has
 * room for.
 */
export class Processes {
  readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "topologies-"));
  private readonly running = new Map<string, ChildProcess>();

  /** The address of a process, by the number that its check gives it. */
  static address(number: number): string {
    return `127.0.21.${number}`;
  }

  /** A folder of a process, which outlives it as a volume would. */
  volume(name: string): string {
    const folder = path.join(this.folder, name);
    fs.mkdirSync(folder, { recursive: true });
    return folder;
  }

  write(name: string, text: string): string {
    const file = path.join(this.folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
    return file;
  }

  /**
   * Starts a server, and waits until it is ready.
   * @param ready URL that answers 200 then, or who asks it
   * @param seconds that it may take
   * @param hosts addresses of names that it looks up, each of one or of several
   */
  async start(
    name: string,
    tool: ProgramName,
    args: readonly string[],
    ready: string | (() => Promise<boolean>),
    seconds = 120,
    hosts: Readonly<Record<string, readonly string[]>> = {},
  ): Promise<void> {
    const program = await obtainProgram(tool);
    const lines = Object.entries(hosts).flatMap(([host, addresses]) => addresses.map((each) => `${each} ${host}\n`));
    // A view of its own on the file system, in which the names stand: nobody else sees it, and it goes with the process.
    const [command, ...rest] =
      lines.length === 0
        ? [program, ...args]
        : ["unshare", "--mount", "sh", "-ec", own, this.write(`${name}.hosts`, lines.join("")), program, ...args];
    const log = fs.openSync(path.join(this.folder, `${name}.log`), "a");
    const child = spawn(command ?? program, rest, {
      stdio: ["ignore", log, log],
      env: { ...process.env, ...s3Environment },
    });
    fs.closeSync(log);
    endsWithUs(child);
    this.running.set(name, child);
    await untilTrue(`${name} (${this.folder}/${name}.log)`, seconds, async () => {
      if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}: ${this.lastLines(name)}`);
      return typeof ready === "string" ? (await fetch(ready)).ok : ready();
    });
  }

  /** Ends a process: `SIGKILL` as a lost node does, `SIGTERM` as Kubernetes does when it takes a replica away. */
  async end(name: string, signal: "SIGKILL" | "SIGTERM", seconds = 120): Promise<void> {
    const child = this.running.get(name);
    if (child === undefined) return;
    this.running.delete(name);
    child.kill(signal);
    await untilTrue(`end of ${name}`, seconds, () =>
      Promise.resolve(child.exitCode !== null || child.signalCode !== null),
    );
  }

  /** Ends a process as Kubernetes does, by force after so many seconds. @returns seconds that it took */
  async endIn(name: string, seconds: number): Promise<number> {
    const child = this.running.get(name);
    this.running.delete(name);
    return child === undefined ? 0 : endedWithin(child, seconds);
  }

  /** Ends everything that still runs, and takes its files away. */
  async clear(): Promise<void> {
    await Promise.all([...this.running.keys()].map((name) => this.end(name, "SIGKILL")));
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  private lastLines(name: string): string {
    return fs
      .readFileSync(path.join(this.folder, `${name}.log`), "utf8")
      .split("\n")
      .slice(-4)
      .join(" ");
  }
}

/** Puts a file in the place of the machine's names, and becomes the program. */
const own = 'mount --bind "$0" /etc/hosts; exec "$@"';

/** Keys of the S3 server of this check, which ends with it. */
const s3Environment = {
  AWS_ACCESS_KEY_ID: "topologies",
  AWS_SECRET_ACCESS_KEY: "topologies-secret",
  ROOT_ACCESS_KEY: "topologies",
  ROOT_SECRET_KEY: "topologies-secret",
};
