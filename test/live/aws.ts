import { spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { awsFiles, planStorage } from "../../stacks/storage/plan";
import { withLock } from "../../tools/testbed/lock";
import { cacheRoot } from "../../tools/testbed/paths";
import { withoutProxies } from "../../tools/testbed/processes";
import { attempt, KitError, runAsync, tail, waitUntil, type Progress } from "../../tools/testbed/shell";
import { endsWithUs } from "./ending";
import { freePort } from "../../tools/free-port";
import { dev, prod } from "../storage/environments";

/**
 * AWS without an account: what is rendered for dev and prod is applied to a moto server (S3, IAM and STS), read back and
 * compared; the roles are tried with permission checks on; every IAM document passes parliament, a linter that knows the
 * actions, resources and condition keys of AWS. AWS itself is not asked: not verified are the conditions of the
 * documents, which moto does not evaluate, and Pod Identity associations, which are held against the API's model.
 */

/** Exact, so that a new release can't change what the check means. setuptools: parliament reads its tables with it. */
const versions = { moto: "5.2.5", parliament: "1.6.4" } as const;
const requirements = [
  `moto[s3]==${versions.moto}`,
  "flask==3.1.3",
  "flask-cors==6.0.5",
  "boto3==1.44.5",
  `parliament==${versions.parliament}`,
  "setuptools==80.9.0",
];

/** The environments of the check. The third lies in a bucket of somebody else, which only the linter can judge. */
const environments = {
  dev: { environment: dev(), applied: true },
  prod: { environment: prod(), applied: true },
  existing: { environment: prod({ storage: { existingBuckets: { logs: "company-logs" } } }), applied: false },
} as const;

interface Result {
  readonly checks: number;
  readonly faults: readonly string[];
}

/**
 * Runs the whole check; takes about 25 s the first time, when it installs 150 MB, and 7 s afterwards.
 * @throws KitError when Python, the packages or the server can't be had
 */
export async function checkAws(progress: Progress = () => undefined): Promise<{ ok: boolean; figure: string }> {
  const python = await withLock("python", progress, () => virtualEnvironment(progress));
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "observability-aws-"));
  try {
    const results: Result[] = [];
    for (const [name, { environment, applied }] of Object.entries(environments)) {
      const files = path.join(folder, name);
      const { aws } = planStorage(environment);
      if (aws === undefined) throw new KitError(`environment ${name} has no plan for AWS`);
      fs.mkdirSync(files);
      for (const [file, content] of Object.entries(awsFiles(aws))) {
        fs.writeFileSync(path.join(files, file), JSON.stringify(content));
      }
      progress(`${name}: ${applied ? "applying, reading back, trying the roles, linting" : "linting"}`);
      // A server of its own for each: both environments have the account and the region in common.
      const check = (target: string) => judge(python, target, files);
      results.push(applied ? await withMoto(python, path.join(folder, `${name}.log`), check) : await check("lint"));
    }
    const faults = results.flatMap((result) => result.faults);
    const checks = results.reduce((sum, result) => sum + result.checks, 0);
    if (faults.length > 0) return { ok: false, figure: `${faults.length} of ${checks} checks: ${faults.join("; ")}` };
    return { ok: true, figure: `${checks} checks on moto ${versions.moto} and parliament ${versions.parliament}` };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Python with the pinned packages, made once; its path. */
async function virtualEnvironment(progress: Progress): Promise<string> {
  const version = attempt("python3", ["--version"]);
  if (version.code !== 0) throw new KitError("python3 is missing; the AWS check needs Python 3.9 or later");
  const key = createHash("sha256")
    .update([version.stdout, ...requirements].join("\n"))
    .digest("hex")
    .slice(0, 12);
  const folder = path.join(cacheRoot(), "python", `aws-${key}`);
  const python = path.join(folder, "bin", "python");
  // Written last: an environment that was interrupted half way is made again.
  const complete = path.join(folder, "complete");
  if (fs.existsSync(complete)) return python;

  progress(`installing ${requirements.join(", ")}`);
  fs.rmSync(folder, { recursive: true, force: true });
  const made = await runAsync("python3", ["-m", "venv", folder], { timeout: 120_000 });
  if (made.code !== 0) {
    const said = (made.stdout + made.stderr).trim();
    throw new KitError(`python3 -m venv fails; on Debian and Ubuntu it is the package python3-venv:\n${said}`);
  }
  const options = ["--quiet", "--disable-pip-version-check", "--no-input"];
  const install = ["-m", "pip", "install", ...options, ...requirements];
  const installed = await runAsync(python, install, { timeout: 300_000 });
  if (installed.code !== 0)
    throw new KitError(`pip cannot install the packages of the AWS check:\n${installed.stderr.trim()}`);
  fs.writeFileSync(complete, "");
  return python;
}

/** Python and the AWS client see no proxy, no profile and no credentials of the person who runs this. */
function isolated(): NodeJS.ProcessEnv {
  const clean = Object.entries(withoutProxies(process.env)).filter(([name]) => !/^(AWS_|BOTO|PYTHON|MOTO_)/.test(name));
  return {
    ...Object.fromEntries(clean),
    AWS_CONFIG_FILE: os.devNull,
    AWS_SHARED_CREDENTIALS_FILE: os.devNull,
    AWS_EC2_METADATA_DISABLED: "true",
    // parliament 1.6.4 still reads its tables through pkg_resources, which says at each start that it will go away.
    PYTHONWARNINGS: "ignore",
  };
}

/** Runs `work` against a fresh moto server, which ends with it, whatever happens. */
async function withMoto<T>(python: string, log: string, work: (endpoint: string) => Promise<T>): Promise<T> {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const output = fs.openSync(log, "a");
  const args = ["-m", "moto.server", "-H", "127.0.0.1", "-p", String(port)];
  const server = spawn(python, args, { env: isolated(), stdio: ["ignore", output, output] });
  endsWithUs(server);
  try {
    const answers = () =>
      fetch(`${endpoint}/moto-api/data.json`).then(
        ({ ok }) => ok,
        () => false,
      );
    const ready = () => {
      if (server.exitCode !== null) throw new KitError(`the moto server ended by itself:\n${tail(log)}`);
      return answers();
    };
    await waitUntil("the moto server answers", 60, ready, () => tail(log));
    return await work(endpoint);
  } finally {
    await ended(server);
    fs.closeSync(output);
  }
}

function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null || server.pid === undefined) return Promise.resolve();
  return new Promise((resolve) => {
    const insist = setTimeout(() => server.kill("SIGKILL"), 5_000);
    server.once("exit", () => {
      clearTimeout(insist);
      resolve();
    });
    server.kill("SIGTERM");
  });
}

async function judge(python: string, target: string, folder: string): Promise<Result> {
  const script = path.join(__dirname, "aws.py");
  const outcome = await runAsync(python, [script, target, folder], { env: isolated(), timeout: 120_000 });
  if (outcome.code !== 0) throw new KitError(`aws.py failed (${outcome.code}):\n${outcome.stderr.trim()}`);
  return JSON.parse(outcome.stdout) as Result;
}

if (require.main === module) {
  checkAws((line) => process.stderr.write(`${line}\n`)).then(
    ({ ok, figure }) => {
      process.stdout.write(`${ok ? "ok" : "FAILED"}: ${figure}\n`);
      process.exitCode = ok ? 0 : 1;
    },
    (error: unknown) => {
      process.stderr.write(`${error instanceof KitError ? error.message : String((error as Error).stack)}\n`);
      process.exitCode = 1;
    },
  );
}
