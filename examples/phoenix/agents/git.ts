import { createHash } from "node:crypto";
import type { Parts, Running } from "../role";
import { elsewhere, startAgent, textOf } from "./agent";

/** Files of a repository by path, and what they were at the last diff. */
interface Repository {
  readonly files: Map<string, string>;
  tree: ReadonlyMap<string, string>;
}

const FILES = 60;

/** The id of a blob as Git computes it. */
const blobId = (content: string): string =>
  createHash("sha1")
    .update(`blob ${Buffer.byteLength(content)}\0${content}`)
    .digest("hex");

const treeOf = (files: ReadonlyMap<string, string>) =>
  new Map([...files].map(([path, content]) => [path, blobId(content)]));

/** Paths whose blobs differ. */
function changed(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((path) => before.get(path) !== after.get(path))
    .sort();
}

/** The Git agent: keeps working trees, and says what changed in them. */
export function startGit(parts: Parts): Promise<Running> {
  const { meters } = parts.telemetry;
  const repositories = new Map<string, Repository>();
  const measured = async <T>(operation: string, run: () => Promise<T>): Promise<T> => {
    try {
      const result = await run();
      meters.git_operations_total.add(1, { agent: "git", operation, outcome: "succeeded" });
      return result;
    } catch (error) {
      meters.git_operations_total.add(1, { agent: "git", operation, outcome: "failed" });
      throw error;
    }
  };
  const open = (name: string) =>
    measured("clone", async (): Promise<Repository> => {
      await elsewhere(60);
      const files = new Map(
        Array.from({ length: FILES }, (_, index) => [`src/${index}.ts`, `${name} ${index}\n`.repeat(40)]),
      );
      return { files, tree: treeOf(files) };
    });
  /** Somebody always works on it. */
  const edit = ({ files }: Repository) => {
    const path = `src/${Math.floor(Math.random() * FILES)}.ts`;
    files.set(path, `${Date.now()}\n${(files.get(path) ?? "").slice(0, 4000)}`);
  };

  return startAgent(
    "git",
    {
      diff: async (input) => {
        const name = textOf(input, "repository");
        const repository = repositories.get(name) ?? (await open(name));
        repositories.set(name, repository);
        return measured("diff", async () => {
          await elsewhere(15);
          edit(repository);
          const tree = treeOf(repository.files);
          const paths = changed(repository.tree, tree);
          repository.tree = tree;
          return { repository: name, changed: paths };
        });
      },
    },
    parts,
  );
}
