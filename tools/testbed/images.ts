import { spawn } from "node:child_process";
import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { buildTools } from "./build";
import { ctrArguments } from "./containerd";
import { IMAGES, type ImageName, type ImageSpec } from "./image-table";
import { isGiven } from "./given";
import { cacheRoot } from "./paths";
import { runningProcess } from "./processes";
import { obtainProgram } from "./programs";
import { KitError, run, type Progress } from "./shell";
import { digestOf, fileContent, tarContent, tarStream, textContent, type TarContent, type TarEntry } from "./tar";

const CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt";
const USERS = ["root:x:0:0:root:/:", "node:x:1000:1000:node:/app:", "loki:x:10001:10001:loki:/:"]
  .concat("nobody:x:65534:65534:nobody:/:", "nonroot:x:65532:65532:nonroot:/:")
  .map((line) => `${line}/sbin/nologin\n`);
const GROUPS = ["root:x:0:", "node:x:1000:", "loki:x:10001:", "nobody:x:65534:", "nonroot:x:65532:"];

/** A made image: everything but the layer is small enough to hold. */
interface Image {
  layer: TarContent;
  layerDigest: string;
  config: string;
  manifest: string;
  manifestDigest: string;
}

/**
 * Makes the named images and puts them into the node's containerd under exactly these references. One that is there
 * already with the same content costs nothing. Returns the references that were imported.
 */
export async function importImages(
  references: Partial<Record<ImageName, string>>,
  progress: Progress = () => undefined,
): Promise<string[]> {
  const wanted = Object.entries(references) as [ImageName, string][];
  for (const [name, reference] of wanted) checkReference(name, reference);
  if (runningProcess("containerd") === undefined) {
    throw new KitError(
      "The node does not run, so there is nothing to import images into: `npm run kit -- up` starts it.",
    );
  }
  // All at once, so that those of one machine-wide queue are built side by side; each is then found built.
  const needed = wanted
    .flatMap(([name]) => [IMAGES[name].tool, ...Object.values(besideOf(IMAGES[name]))])
    .filter((tool) => tool !== "node");
  await buildTools(
    needed.filter((tool) => !isGiven(tool)),
    progress,
  );
  const present = presentImages();
  const imported: string[] = [];
  for (const [name, reference] of wanted) {
    const spec: ImageSpec = IMAGES[name];
    const program = spec.tool === "node" ? process.execPath : await obtainProgram(spec.tool);
    const image = await makeImage(spec, program, await buildTools(Object.values(besideOf(spec)), progress));
    if (present.get(reference) === image.manifestDigest) continue;
    await importImage(reference, image);
    progress(`imported ${reference}`);
    imported.push(reference);
  }
  return imported;
}

const besideOf = ({ beside = {} }: ImageSpec) => beside;

function checkReference(name: string, reference: string): void {
  if (!(name in IMAGES)) {
    throw new KitError(`unknown image "${name}"; known: ${Object.keys(IMAGES).join(", ")}`);
  }
  const host = reference.split("/")[0] ?? "";
  const complete = reference.includes("/") && (/[.:]/.test(host) || host === "localhost");
  if (!complete || !/:[\w.-]+$/.test(reference) || reference.includes("@")) {
    throw new KitError(
      `image ${name}: "${reference}" must be a full reference with host and tag and without digest, ` +
        `for example "docker.io/prom/prometheus:v3.15.0": containerd finds images by their whole name`,
    );
  }
}

/** Digest of the manifest by reference, for all images of the node. */
export function presentImages(): Map<string, string> {
  const present = new Map<string, string>();
  for (const line of run("ctr", ctrArguments("images", "ls")).split("\n").slice(1)) {
    const [reference, , digest] = line.split(/\s+/);
    if (reference && digest) present.set(reference, digest);
  }
  return present;
}

async function makeImage(spec: ImageSpec, program: string, built: Readonly<Record<string, string>>): Promise<Image> {
  const beside = Object.entries(besideOf(spec)).map(([target, tool]) => [target, built[tool] ?? ""] as const);
  const layer = tarContent(layerEntries(spec, program, beside));
  const layerDigest = await rememberedDigest(spec, [program, ...beside.map(([, file]) => file)], layer);
  const config = JSON.stringify({
    created: "1970-01-01T00:00:00Z",
    architecture: "amd64",
    os: "linux",
    config: {
      Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
      Entrypoint: [spec.program, ...(spec.entryArguments ?? [])],
      ...(spec.command ? { Cmd: spec.command } : {}),
      ...(spec.user ? { User: spec.user } : {}),
      WorkingDir: spec.workingDirectory ?? "/",
    },
    rootfs: { type: "layers", diff_ids: [layerDigest] },
    history: [{ created: "1970-01-01T00:00:00Z" }],
  });
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: {
      mediaType: "application/vnd.oci.image.config.v1+json",
      digest: await digestOf(textContent(config)),
      size: Buffer.byteLength(config),
    },
    layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar", digest: layerDigest, size: layer.size }],
  });
  return { layer, layerDigest, config, manifest, manifestDigest: await digestOf(textContent(manifest)) };
}

/**
 * The one layer: the program, its libraries if it has any, users, certificates and folders.
 * @param beside further programs: their path in the image, and the file here
 */
export function layerEntries(
  spec: ImageSpec,
  program: string,
  beside: readonly (readonly [target: string, file: string])[] = [],
): TarEntry[] {
  const files = new Map<string, TarEntry>();
  const add = (target: string, mode: number, content: TarContent) =>
    files.set(target, { path: target.slice(1), mode, content });
  add("/etc/passwd", 0o644, textContent(USERS.join("")));
  add("/etc/group", 0o644, textContent(GROUPS.map((line) => `${line}\n`).join("")));
  add("/etc/nsswitch.conf", 0o644, textContent("hosts: files dns\n"));
  if (fs.existsSync(CERTIFICATES)) add(CERTIFICATES, 0o644, fileContent(CERTIFICATES));
  for (const [target, file] of [[spec.program, program] as const, ...beside]) add(target, 0o755, fileContent(file));
  if (spec.tool === "node") {
    for (const library of sharedLibraries(program)) add(library, 0o755, fileContent(fs.realpathSync(library)));
  }
  const folders = new Map<string, TarEntry>();
  const addFolder = (target: string, uid: number, mode: number) => {
    if (target === "/") return;
    if (!folders.has(path.dirname(target))) addFolder(path.dirname(target), 0, 0o755);
    folders.set(target, { path: target.slice(1), mode, uid });
  };
  for (const target of files.keys()) addFolder(path.dirname(target), 0, 0o755);
  addFolder("/tmp", 0, 0o1777);
  for (const [target, uid] of Object.entries(spec.folders ?? {})) addFolder(target, uid, 0o755);
  const byPath = (a: TarEntry, b: TarEntry) => (a.path < b.path ? -1 : 1);
  return [...[...folders.values()].sort(byPath), ...[...files.values()].sort(byPath)];
}

function sharedLibraries(program: string): string[] {
  const listed = run("ldd", [program]);
  return [...listed.matchAll(/(\/\S+) \(0x/g)].map((match) => match[1] ?? "");
}

/** Reading a large binary only to find it unchanged would be most of a warm start. */
async function rememberedDigest(spec: ImageSpec, programs: readonly string[], layer: TarContent): Promise<string> {
  const stamps = [...programs, CERTIFICATES].map((file) => {
    const stat = fs.statSync(file, { throwIfNoEntry: false });
    return [file, stat?.size, stat?.mtimeMs];
  });
  const key = crypto.createHash("sha256").update(JSON.stringify([spec, stamps, USERS, GROUPS, layer.size]));
  const file = path.join(cacheRoot(), "images", key.digest("hex").slice(0, 24));
  if (fs.existsSync(file)) return fs.readFileSync(file, "utf8");
  const digest = await digestOf(layer);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(`${file}.${process.pid}`, digest);
  fs.renameSync(`${file}.${process.pid}`, file);
  return digest;
}

/** Streams an image to containerd in the OCI layout: no archive is kept on disk. */
async function importImage(reference: string, image: Image): Promise<void> {
  const descriptor = {
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    digest: image.manifestDigest,
    size: Buffer.byteLength(image.manifest),
    platform: { os: "linux", architecture: "amd64" },
    annotations: { "io.containerd.image.name": reference },
  };
  const index = JSON.stringify({ schemaVersion: 2, manifests: [descriptor] });
  const blob = async (content: TarContent, digest?: string): Promise<TarEntry> => ({
    path: `blobs/sha256/${(digest ?? (await digestOf(content))).slice("sha256:".length)}`,
    mode: 0o644,
    content,
  });
  const archive = [
    { path: "oci-layout", mode: 0o644, content: textContent(JSON.stringify({ imageLayoutVersion: "1.0.0" })) },
    await blob(image.layer, image.layerDigest),
    await blob(textContent(image.config)),
    await blob(textContent(image.manifest)),
    { path: "index.json", mode: 0o644, content: textContent(index) },
  ];
  const child = spawn("ctr", ctrArguments("images", "import", "-"), { stdio: ["pipe", "pipe", "pipe"] });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<number>((resolve) => {
    child.on("error", () => resolve(127));
    child.on("close", (code) => resolve(code ?? 1));
  });
  // A refused import closes the pipe early; what ctr says about it is the better message.
  await pipeline(Readable.from(tarStream(archive)), child.stdin).catch(() => undefined);
  if ((await ended) !== 0) throw new KitError(`importing ${reference} failed: ${said.trim()}`);
}
