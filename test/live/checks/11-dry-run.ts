import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import type { ResourceQuota } from "kubernetes-types/core/v1";
import { parseAllDocuments } from "yaml";
import { projectRoot } from "../../../tools/stack-file";
import { planStack } from "../../../stacks/plan";
import { topologies, topology, type Topology } from "../../stacks/topologies";
import type { Live, LiveCheck } from "../context";
import { expect } from "../report";
import { untilTrue } from "../wait";

/** An object of a rendered manifest. */
interface Rendered {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [key: string]: unknown };
  readonly subjects?: readonly { readonly namespace?: string }[];
  readonly spec?: {
    readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[];
    readonly template?: PodTemplate;
    readonly jobTemplate?: { readonly spec?: { readonly template?: PodTemplate } };
    readonly volumes?: readonly object[];
  };
}

interface PodTemplate {
  readonly metadata?: object;
  readonly spec: { readonly volumes?: readonly object[] };
}

/** Made in earnest, and deleted with their namespace: what judges the others must be there. */
const FOUNDATIONS = ["Namespace", "ServiceAccount", "ResourceQuota", "LimitRange"];

export const dryRun: LiveCheck = {
  id: 11,
  what: "dev, prod and the three topologies pass a real API server",
  smoke: true,
  async run(live) {
    const check = live.report.check(this.id);
    for (const name of ["dev", "prod"]) {
      await check.step(`${name}: every object, and a pod of every template, passes server-side dry-run`, () =>
        judge(live, name, renderedObjects(name)),
      );
    }
    for (const size of Object.keys(topologies) as Topology[]) {
      await check.step(`${size}: every object, and a pod of every template, passes server-side dry-run`, () =>
        judge(live, size, plannedObjects(size)),
      );
    }
  },
};

async function judge(live: Live, environment: string, objects: readonly Rendered[]): Promise<string> {
  const own = objects.filter(({ kind }) => kind === "Namespace").map(({ metadata }) => metadata.name);
  expect(own.length > 0, `${environment} renders no namespace`);
  // Other names than the stack's: it may be deployed beside.
  const moved = new Map(own.map((name) => [name, `e2e-${environment}-${name}`]));
  const all = objects.map((object) => move(object, moved));
  const paths = new Paths(live);
  const faults: string[] = [];
  /** What belongs to the whole cluster and was not there before. */
  const made: string[] = [];
  let pods = 0;
  let passed = 0;
  const submit = async (object: Rendered, query: Record<string, string>): Promise<boolean> => {
    const target = await paths.of(object);
    if (target === undefined) {
      faults.push(
        `${object.kind} ${object.metadata.name}: this API server knows no ${object.kind} of ${object.apiVersion}`,
      );
      return false;
    }
    const answer = await live.cluster.request("PATCH", target, {
      body: object,
      contentType: "application/apply-patch+yaml",
      query: { fieldManager: "e2e", force: true, fieldValidation: "Strict", ...query },
    });
    if (answer.status < 300) return true;
    const { message = answer.text } = JSON.parse(answer.text) as { message?: string };
    faults.push(`${object.kind} ${object.metadata.name}: ${message}`);
    return false;
  };
  try {
    for (const kind of FOUNDATIONS) {
      for (const object of all.filter((each) => each.kind === kind)) await submit(object, {});
    }
    for (const object of all.filter(({ kind }) => kind === "PriorityClass")) {
      const target = await paths.of(object);
      if (target === undefined || (await live.cluster.find(target)) !== undefined) continue;
      if (await submit(object, {})) made.push(target);
    }
    // Until its controller has counted once, a quota refuses every pod.
    for (const object of all.filter(({ kind }) => kind === "ResourceQuota")) {
      const target = (await paths.of(object)) ?? "";
      await untilTrue(`status of quota ${object.metadata.name}`, 30, async () => {
        const quota = await live.cluster.get<ResourceQuota>(target);
        return quota.status?.hard !== undefined;
      });
    }
    for (const object of all) {
      if (await submit(object, { dryRun: "All" })) passed += 1;
      const pod = podOf(object);
      if (pod === undefined) continue;
      pods += 1;
      await submit(pod, { dryRun: "All" });
    }
  } finally {
    for (const target of made) await live.cluster.delete(target);
    for (const name of moved.values()) await live.cluster.delete(`/api/v1/namespaces/${name}`);
    for (const name of moved.values()) {
      await untilTrue(
        `end of namespace ${name}`,
        60,
        async () => (await live.cluster.find(`/api/v1/namespaces/${name}`)) === undefined,
      );
    }
  }
  expect(faults.length === 0, [...new Set(faults)].join("\n"));
  const levels = all
    .filter(({ kind }) => kind === "Namespace")
    .map(
      ({ metadata }) =>
        (metadata["labels"] as Record<string, string> | undefined)?.["pod-security.kubernetes.io/enforce"] ?? "none",
    );
  const quotas = all.filter(({ kind }) => kind === "ResourceQuota").length;
  return `${passed} objects, ${pods} pods, levels ${levels.join(" and ")}, ${quotas} quotas`;
}

/** The objects of a topology; the values of its secrets are nobody's business here. */
function plannedObjects(size: Topology): Rendered[] {
  const plan = planStack(topology(size));
  const objects = [...plan.namespaces, ...plan.systems.flatMap(({ rendered }) => rendered), ...plan.exposure];
  return objects as unknown as Rendered[];
}

/** Renders an environment as `npm start` does, in a process of its own: rendering replaces Pulumi's engine. */
function renderedObjects(environment: string): Rendered[] {
  const loader = pathToFileURL(require.resolve("tsx")).href;
  const program = path.join(projectRoot, "tools", "start.ts");
  const result = spawnSync(process.execPath, ["--import", loader, program, "--env", environment], {
    cwd: projectRoot,
    encoding: "utf8",
    timeout: 120_000,
  });
  expect(result.status === 0, `npm start -- --env ${environment} failed:\n${result.stderr || result.stdout}`);
  const folder = path.join(projectRoot, "build", environment, "manifests");
  return fs
    .readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .sort()
    .flatMap((file) => parseAllDocuments(fs.readFileSync(path.join(folder, file), "utf8")))
    .map((document) => document.toJS() as Rendered | null)
    .filter((object) => object !== null);
}

/** The object in the namespaces of this check. */
function move(object: Rendered, moved: ReadonlyMap<string, string>): Rendered {
  const { metadata, subjects } = object;
  const there = (name: string) => moved.get(name) ?? name;
  return {
    ...object,
    metadata: {
      ...metadata,
      ...(object.kind === "Namespace" ? { name: there(metadata.name) } : {}),
      ...(metadata.namespace === undefined ? {} : { namespace: there(metadata.namespace) }),
    },
    ...(subjects === undefined
      ? {}
      : {
          subjects: subjects.map((each) =>
            each.namespace === undefined ? each : { ...each, namespace: there(each.namespace) },
          ),
        }),
  };
}

/** The pod that a workload's controller would make. */
function podOf({ metadata, spec }: Rendered): Rendered | undefined {
  const template = spec?.template ?? spec?.jobTemplate?.spec?.template;
  if (template === undefined || metadata.namespace === undefined) return undefined;
  // As the StatefulSet's controller does: a volume for each claim.
  const claims = (spec?.volumeClaimTemplates ?? []).map((claim) => ({
    name: claim.metadata.name,
    persistentVolumeClaim: { claimName: `${claim.metadata.name}-${metadata.name}-0` },
  }));
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...template.metadata, name: metadata.name, namespace: metadata.namespace },
    spec: { ...template.spec, volumes: [...claims, ...(template.spec.volumes ?? [])] },
  };
}

/** Where the API server takes objects of a kind. */
class Paths {
  private readonly known = new Map<string, Promise<readonly { name: string; kind: string; namespaced: boolean }[]>>();

  constructor(private readonly live: Live) {}

  async of({ apiVersion, kind, metadata }: Rendered): Promise<string | undefined> {
    const base = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    let resources = this.known.get(base);
    if (resources === undefined) {
      resources = this.live.cluster
        .find<{ resources: { name: string; kind: string; namespaced: boolean }[] }>(base)
        .then((found) => found?.resources ?? []);
      this.known.set(base, resources);
    }
    const resource = (await resources).find((each) => each.kind === kind && !each.name.includes("/"));
    if (resource === undefined) return undefined;
    const namespace = resource.namespaced ? `/namespaces/${metadata.namespace ?? "default"}` : "";
    return `${base}${namespace}/${resource.name}/${metadata.name}`;
  }
}
