import * as path from "node:path";
import type { Secret } from "kubernetes-types/core/v1";
import { deepMerge } from "../../../environment/merge";
import { givenProgram } from "../../../tools/testbed/given";
import { assignments, OrdinaryProject } from "../cli";
import type { Live, LiveCheck } from "../context";
import { expect } from "../report";
import { secondsSince, untilTrue } from "../wait";

const STACK = "local";
const SECRET = "https://hooks.example.com/a-secret-of-this-run";

/** A channel whose address is a secret; the rest of what a person would set stands in the target's settings. */
const channel = {
  alerting: { receivers: [{ kind: "slack", name: "chat", channel: "#alerts", urlSecret: "slackUrl" }] },
};

/** The way of somebody who knows Pulumi and nothing of `npm run up`, before anything else is deployed. */
export const ordinaryCli: LiveCheck = {
  id: 24,
  what: "the ordinary pulumi command, from a fresh clone",
  smoke: false,
  async run(live) {
    const check = live.report.check(this.id);
    const host = givenProgram("pulumi-language-nodejs");
    if (live.hermetic && host === undefined) {
      return check.skip(this.what, "pulumi-language-nodejs is not given (npm run kit -- given)");
    }
    const project = new OrdinaryProject(live.target);
    try {
      if (live.target.toolFolder !== undefined) project.use(live.target.toolFolder);
      if (host !== undefined) project.use(path.dirname(host));
      await steps(live, project, check);
    } finally {
      project.remove();
    }
  },
};

type Check = ReturnType<Live["report"]["check"]>;

async function steps(live: Live, project: OrdinaryProject, check: Check): Promise<void> {
  const installed = await check.step("git clone, npm ci, pulumi stack init", async () => {
    const begin = Date.now();
    const { code, text } = await project.run(300, "npm", "ci", "--no-audit", "--no-fund");
    expect(code === 0, `npm ci: exit ${code}\n${text.slice(-2500)}`);
    await project.pulumi(60, "stack", "init", STACK);
    return `${secondsSince(begin).toFixed(1)} s`;
  });
  if (!installed) return;

  await check.step("pulumi config set: nested keys, and a secret that is nowhere in plain text", async () => {
    const all = assignments(deepMerge({ ...live.target.settings }, { ...channel, kubeContext: live.target.context }));
    await project.pulumi(60, "config", "set-all", "--path", ...all.flatMap((each) => ["--plaintext", each]));
    await project.pulumi(60, "config", "set", "--secret", "--path", "observability:secrets.slackUrl", SECRET);
    const file = project.read(`Pulumi.${STACK}.yaml`);
    expect(file.includes("secure: v1:"), `Pulumi.${STACK}.yaml has no encrypted value:\n${file}`);
    expect(!file.includes(SECRET), `Pulumi.${STACK}.yaml has the secret in plain text`);
    return `${all.length} values and a secret`;
  });

  await check.step("a wrong value is refused by name before anything is deployed", async () => {
    const key = "observability:retention.logs";
    await project.pulumi(60, "config", "set", "--path", key, "3 sausages");
    const { code, text } = await project.run(120, "pulumi", "preview", "--non-interactive");
    await project.pulumi(60, "config", "rm", "--path", key);
    expect(code !== 0 && text.includes(`${key} = "3 sausages"`), `exit ${code}\n${text.slice(-2500)}`);
    return firstLine(text, key);
  });

  await check.step("pulumi preview --policy-pack policies", async () => {
    const begin = Date.now();
    const text = await project.pulumi(180, "preview", "--policy-pack", "policies");
    expect(/\+ \d+ to create/.test(text), `nothing to create:\n${text.slice(-1500)}`);
    return `${firstLine(text, "to create")}, ${secondsSince(begin).toFixed(1)} s`;
  });

  await check.step("pulumi up: every pod Ready, the secret where Alertmanager reads it", async () => {
    const begin = Date.now();
    const text = await project.pulumi(600, "up", "--yes", "--skip-preview", "--policy-pack", "policies");
    await live.ready();
    const secrets = await live.cluster.list<Secret>(`/api/v1/namespaces/${live.environment.namespace}/secrets`);
    const held = secrets.some(({ data = {} }) =>
      Object.values(data).some((value) => Buffer.from(value, "base64").toString().includes(SECRET)),
    );
    expect(held, "no Secret of the stack has the address that was set");
    expect(!text.includes(SECRET), "pulumi up printed the secret");
    return `${firstLine(text, "created")}, ${secondsSince(begin).toFixed(1)} s`;
  });

  await check.step("a second preview and a refresh find nothing to change", async () => {
    const begin = Date.now();
    await project.pulumi(180, "preview", "--expect-no-changes");
    const preview = secondsSince(begin);
    const text = await project.pulumi(300, "refresh", "--yes", "--expect-no-changes");
    return `preview ${preview.toFixed(1)} s; refresh: ${firstLine(text, "unchanged")}`;
  });

  await check.step("pulumi stack output, pulumi destroy, pulumi stack rm", async () => {
    const outputs = JSON.parse((await project.run(60, "pulumi", "stack", "output", "--json")).text) as object;
    expect("otlpHttpEndpoint" in outputs, `outputs: ${JSON.stringify(outputs)}`);
    const begin = Date.now();
    const text = await project.pulumi(600, "destroy", "--yes", "--skip-preview");
    await untilTrue("end of the namespaces", 120, async () => {
      const left = await Promise.all(live.namespaces.map((name) => live.cluster.find(`/api/v1/namespaces/${name}`)));
      return left.every((each) => each === undefined);
    });
    const seconds = secondsSince(begin).toFixed(1);
    await project.pulumi(60, "stack", "rm", "--yes", STACK);
    return `${firstLine(text, "deleted")}, ${seconds} s`;
  });
}

/** The first line that has a text, without what surrounds it. */
const firstLine = (text: string, part: string): string =>
  text
    .split("\n")
    .find((line) => line.includes(part))
    ?.trim() ?? `nothing says "${part}"`;
