import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { obtainProgram, programHere } from "../../tools/testbed/programs";
import { attempt } from "../../tools/testbed/shell";
import type { Target } from "../../tools/engine/target";

/** A command may follow logs, or wait for a forwarded port. */
const SECONDS = 60;

/** What came of a command: whether all of it that says so went well, and what it printed. */
export interface Outcome {
  /** Each program of it that failed, with its exit code and the end of what it said. */
  readonly faults: readonly string[];
  /** What it asks for and this cluster does not have, as sentences: a program of a node, a container that restarted. */
  readonly absent: readonly string[];
  readonly output: string;
}

/**
 * Somebody with a shell, `kubectl` and the administrator's kubeconfig. Pipes hide exit codes, and `grep` ends with 1
 * where it finds nothing: so `kubectl` and `curl` write down for themselves how they ended.
 */
export class Engineer {
  private readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "engineer-"));
  private readonly record = path.join(this.folder, "record");

  private constructor(
    private readonly target: Target,
    kubectl: string,
    curl: string,
  ) {
    const common = `#!/bin/bash\nrecord=${this.record}\n`;
    this.script("kubectl", `${common}kubectl=${kubectl}\n${kubectlScript}`);
    this.script("curl", `${common}curl=${curl}\n${curlScript}`);
  }

  /** @throws KitError when kubectl can't be had */
  static async at(target: Target): Promise<Engineer> {
    const installed = (name: string) => attempt("sh", ["-c", `command -v ${name}`]).stdout.trim();
    const kubectl = programHere("kubectl") ?? (installed("kubectl") || (await obtainProgram("kubectl")));
    return new Engineer(target, kubectl, installed("curl"));
  }

  /** Runs one line as bash does. */
  async run(command: string): Promise<Outcome> {
    fs.writeFileSync(this.record, "");
    // A group of its own: whatever the line leaves in the background ends with it.
    const child = spawn("bash", ["-c", command], {
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        PATH: `${this.folder}:${process.env["PATH"] ?? ""}`,
        KUBECONFIG: this.target.kubeconfig,
      },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (data: Buffer) => {
        if (output.length < 200_000) output += data.toString();
      });
    }
    const end = () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      } catch {
        // Nothing of it is left.
      }
    };
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      end();
    }, SECONDS * 1000);
    await new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", resolve);
    });
    clearTimeout(timer);
    end();
    const lines = fs.readFileSync(this.record, "utf8").split("\n");
    const said = (kind: string) => lines.flatMap((line) => (line.startsWith(`${kind} `) ? [line.slice(7)] : []));
    const unknown = [...output.matchAll(/: (\S+): command not found/g)].map(([, name]) => `${name} is not here`);
    return {
      faults: [...said("failed"), ...unknown, ...(late ? [`not ended after ${SECONDS} s`] : [])],
      absent: said("absent"),
      output,
    };
  }

  remove(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  private script(name: string, text: string): void {
    fs.writeFileSync(path.join(this.folder, name), text, { mode: 0o755 });
  }
}

/**
 * What a debug pod would run on the node runs here, where this machine is the node: no image with a shell can be pulled.
 * A forwarded port is ended by its process id, which must be kubectl's own.
 */
const kubectlScript = String.raw`
said=$(mktemp)
trap 'rm -f "$said"' EXIT
case " $* " in
  *" port-forward "*) rm -f "$said"; exec "$kubectl" "$@" ;;
  *" debug node/"*)
    while [ "$1" != -- ]; do shift; done
    shift
    [ "$1" = chroot ] && shift 2
    if ! command -v "$1" >/dev/null; then echo "absent $1 is not on this node" >>"$record"; exit 0; fi
    exec "$@" ;;
esac
"$kubectl" "$@" 2>"$said"
code=$?
cat "$said" >&2
# A container that never ended has no former log: kubectl says so and fails.
if grep -q 'previous terminated container .* not found' "$said"; then echo "absent nothing restarted" >>"$record"; exit 0; fi
# Cut off by head, or by what it was piped into.
[ $code = 0 ] || [ $code = 141 ] || echo "failed kubectl ended with $code: $(tail -c 300 "$said" | tr '\n' ' ')" >>"$record"
exit $code
`;

const curlScript = String.raw`
"$curl" --fail --max-time 20 "$@"
code=$?
[ $code = 0 ] || [ $code = 23 ] || echo "failed curl ended with $code: $*" >>"$record"
exit $code
`;
