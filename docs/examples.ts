import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { parse } from "yaml";
import { EnvironmentError, project } from "../environment";
import { stackEnvironment } from "../stacks";

/**
 * What is wrong in a page: examples of `Pulumi.<env>.yaml` that the schema refuses, `npm run` commands that do not exist,
 * links to files that are not there.
 */
export function faultsOf(root: string, page: string): string[] {
  const text = readFileSync(page, "utf8");
  const faults = [...brokenExamples(text), ...unknownScripts(root, text), ...brokenLinks(dirname(page), text)];
  return faults.map((fault) => `${relative(root, page)}: ${fault}`);
}

/** A stack file that a page shows. */
export interface StackExample {
  readonly env: string;
  readonly block: string;
}

/** Blocks of YAML that begin by naming their stack file. */
export const stackExamples = (text: string): readonly StackExample[] =>
  [...text.matchAll(/```yaml\n(# Pulumi\.(\w+)\.yaml[^\n]*\n[\s\S]*?)```/g)].map(([, block = "", env = ""]) => ({
    env,
    block,
  }));

function brokenExamples(text: string): string[] {
  return stackExamples(text).flatMap(({ env, block }) => {
    const { config } = parse(block) as { config: Record<string, unknown> };
    const values = Object.entries(config).map(([key, value]) => [key.replace(`${project}:`, ""), value]);
    try {
      stackEnvironment(env, Object.fromEntries(values) as Record<string, unknown>);
      return [];
    } catch (error) {
      if (error instanceof EnvironmentError) return [`an example is refused: ${error.message}`];
      throw error;
    }
  });
}

function unknownScripts(root: string, text: string): string[] {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: object };
  const named = new Set([...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = ""]) => name));
  return [...named].filter((name) => !Object.hasOwn(scripts, name)).map((name) => `there is no npm run ${name}`);
}

function brokenLinks(folder: string, text: string): string[] {
  const targets = [...text.matchAll(/\]\(([^)#]+)\)/g)].map(([, target = ""]) => target);
  return targets
    .filter((target) => !/^\w+:/.test(target) && !existsSync(join(folder, target)))
    .map((target) => `there is no ${target}`);
}
