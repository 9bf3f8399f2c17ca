import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { writeWorkFolder } from "../../tools/engine/work-folder";
import { cleanUp, temporaryFolder } from "./support";

afterAll(cleanUp);

function checkout(stackFile = "config: {}\n"): string {
  const root = temporaryFolder();
  fs.writeFileSync(path.join(root, "Pulumi.yaml"), "name: observability\nruntime: {name: nodejs}\nmain: index.ts\n");
  fs.writeFileSync(path.join(root, "Pulumi.dev.yaml"), stackFile);
  return root;
}

const read = (folder: string, name: string) =>
  parse(fs.readFileSync(path.join(folder, name), "utf8")) as Record<string, unknown>;

describe("the engine's folder", () => {
  const stackFile =
    "encryptionsalt: v1:own\nconfig:\n  observability:tempo: {majorVersion: '3'}\n  observability:cluster: work\n";

  test("settings of the run lie over the person's, whose file stays as it is", () => {
    const root = checkout(stackFile);
    const folder = path.join(temporaryFolder(), "work");
    writeWorkFolder(
      folder,
      "dev",
      { kubeContext: "kind-a", tempo: { majorVersion: "2" }, images: { overrides: {} } },
      root,
    );
    expect(read(folder, "Pulumi.dev.yaml")).toEqual({
      encryptionsalt: "v1:own",
      config: {
        "observability:tempo": { majorVersion: "2" },
        "observability:cluster": "work",
        "observability:kubeContext": "kind-a",
        "observability:images": { overrides: {} },
      },
    });
    expect(fs.readFileSync(path.join(root, "Pulumi.dev.yaml"), "utf8")).toBe(stackFile);
  });

  test("a key without a namespace is the project's, and is replaced as such", () => {
    const folder = temporaryFolder();
    writeWorkFolder(
      folder,
      "dev",
      { tempo: { majorVersion: "2" } },
      checkout("config: {tempo: {majorVersion: '3'}, x:y: z}\n"),
    );
    expect(read(folder, "Pulumi.dev.yaml")).toEqual({
      config: { "observability:tempo": { majorVersion: "2" }, "x:y": "z" },
    });
  });

  test("the project file names no program: the copy has none", () => {
    const folder = temporaryFolder();
    writeWorkFolder(folder, "dev", {}, checkout());
    expect(read(folder, "Pulumi.yaml")).toEqual({ name: "observability", runtime: "nodejs" });
  });

  test("settings of an earlier run are gone, the salt that the CLI made for the state stays", () => {
    const folder = temporaryFolder();
    const root = checkout("config: {}\n");
    fs.writeFileSync(
      path.join(folder, "Pulumi.dev.yaml"),
      "encryptionsalt: v1:made\nconfig: {observability:kubeContext: old, observability:tenant: x}\n",
    );
    writeWorkFolder(folder, "dev", { kubeContext: "new" }, root);
    expect(read(folder, "Pulumi.dev.yaml")).toEqual({
      encryptionsalt: "v1:made",
      config: { "observability:kubeContext": "new" },
    });
  });

  test("only its owner reads it", () => {
    const folder = temporaryFolder();
    writeWorkFolder(folder, "dev", {}, checkout());
    expect(fs.statSync(path.join(folder, "Pulumi.dev.yaml")).mode & 0o777).toBe(0o600);
  });
});
