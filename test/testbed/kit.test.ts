import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { buildArguments, toolPath } from "../../tools/testbed/build";
import { mountsBelow } from "../../tools/testbed/cleanup";
import { tracingConfiguration } from "../../tools/testbed/control-plane";
import { isGiven } from "../../tools/testbed/given";
import { IMAGES, type ImageName } from "../../tools/testbed/image-table";
import { importImages, layerEntries } from "../../tools/testbed/images";
import { moduleFiles, toolKey } from "../../tools/testbed/module";
import { removalBatch } from "../../tools/testbed/network";
import { cacheRoot, MODULES } from "../../tools/testbed/paths";
import { isAlive, startTimeOf, thisProcess, withoutProxies } from "../../tools/testbed/processes";
import { defaultTools, TOOLS, type Tool, type ToolName } from "../../tools/testbed/tools";

describe("cache", () => {
  test("a configured folder wins over the home folder", () => {
    expect(cacheRoot({ OBSERVABILITY_KIT_CACHE: "/data/kit" })).toBe("/data/kit");
    expect(cacheRoot({})).toBe(path.join(os.homedir(), ".cache", "observability-kit"));
  });

  test("a binary keeps its own name, so that the engine finds the plugin on PATH", () => {
    expect(path.basename(toolPath("pulumi-resource-kubernetes"))).toBe("pulumi-resource-kubernetes");
  });

  test("a changed flag, tag or version never finds the binary of another", () => {
    const tool: Tool = TOOLS.prometheus;
    const variants = [tool, { ...tool, ldflags: "-X a=b" }, { ...tool, tags: "other" }, { ...tool, version: "v0" }];
    expect(new Set(variants.map(toolKey)).size).toBe(variants.length);
    expect(toolKey({ ...tool })).toBe(toolKey(tool));
  });
});

describe("modules", () => {
  const modules = [...new Set(Object.values(TOOLS).map((tool) => tool.module))];

  test.each(modules)("%s brings its own checksums and no generated data", (module) => {
    expect(moduleFiles(module)).toContain("go.mod");
    const requires = fs.readFileSync(path.join(MODULES, module, "go.mod"), "utf8").includes("require");
    expect(moduleFiles(module).includes("go.sum")).toBe(requires);
  });

  test("programs of one module are one build, and each says its own version", () => {
    const app = "github.com/VictoriaMetrics/VictoriaMetrics/app";
    const version = "-X github.com/VictoriaMetrics/VictoriaMetrics/lib/buildinfo.Version";
    expect(buildArguments(["vmalert", "vmauth"], "/out")).toEqual([
      "build",
      "-mod=readonly",
      "-trimpath",
      "-gcflags=all=-dwarf=false",
      `-ldflags=${app}/vmalert=-s -w ${version}=vmalert-v1.150.0`,
      `-ldflags=${app}/vmauth=-s -w ${version}=vmauth-v1.150.0`,
      "-o",
      "/out/",
      `${app}/vmalert`,
      `${app}/vmauth`,
    ]);
    expect(() => buildArguments(["prometheus", "vmauth"], "/out")).toThrow(
      "programs of one module with different tags",
    );
  });

  test("the version that a program reports is the one its module asks for", () => {
    const required: Partial<Record<ToolName, string>> = {
      "kube-apiserver": "k8s.io/kubernetes v1.36.3",
      etcd: "go.etcd.io/etcd/server/v3 v3.6.8",
      pulumi: "github.com/pulumi/pulumi/pkg/v3 v3.250.0",
      "victoria-metrics": "github.com/VictoriaMetrics/VictoriaMetrics v1.150.0",
    };
    for (const [name, line] of Object.entries(required)) {
      const tool = TOOLS[name as ToolName];
      expect(line.endsWith(tool.version)).toBe(true);
      expect(fs.readFileSync(path.join(MODULES, tool.module, "go.mod"), "utf8")).toContain(line);
    }
  });

  test("where images are pulled, no server is built", () => {
    const made = Object.values(IMAGES).filter(({ tool }) => !isGiven(tool) && tool !== "node");
    const servers = [
      "prometheus",
      "alertmanager",
      "otelcol-contrib",
      "victoria-metrics",
      "versitygw",
      "kube-state-metrics",
      "node_exporter",
    ];
    expect(made.map(({ tool }) => tool)).toEqual(expect.arrayContaining(servers));
    expect(defaultTools(true).filter((name) => servers.includes(name))).toEqual([]);
    expect(defaultTools(true)).toEqual(expect.arrayContaining(["pulumi", "kubelet", "coredns", "pause", "promtool"]));
  });

  test("every image of a default server is built by default", () => {
    const onDemand = ["vmagent", "vmauth", "node"];
    const needed = Object.values(IMAGES).flatMap(({ tool }) => (isGiven(tool) ? [] : [tool]));
    const missing = needed.filter((tool) => !defaultTools().some((name) => name === tool));
    expect(missing.sort()).toEqual(onDemand.sort());
  });
});

describe("images", () => {
  test("a program stands in its own folders, each named before what it holds", () => {
    const entries = layerEntries(IMAGES.loki, __filename);
    const paths = entries.map((entry) => entry.path);
    expect(paths.indexOf("usr")).toBeLessThan(paths.indexOf("usr/bin"));
    expect(paths.indexOf("usr/bin")).toBeLessThan(paths.indexOf("usr/bin/loki"));
    expect(entries.find((entry) => entry.path === "usr/bin/loki")?.mode).toBe(0o755);
    expect(entries.find((entry) => entry.path === "loki")?.uid).toBe(10001);
    expect(entries.find((entry) => entry.path === "tmp")?.mode).toBe(0o1777);
  });

  test.each(["prom/prometheus:v3", "docker.io/prom/prometheus", "docker.io/prom/prometheus:v3@sha256:0000"])(
    "rejects %s, which containerd would never find",
    async (reference) => {
      await expect(importImages({ prometheus: reference })).rejects.toThrow(
        `image prometheus: "${reference}" must be a full reference with host and tag and without digest, ` +
          'for example "docker.io/prom/prometheus:v3.15.0": containerd finds images by their whole name',
      );
    },
  );

  test("rejects an image that nobody can make", async () => {
    await expect(importImages({ ["redis" as ImageName]: "docker.io/library/redis:1" })).rejects.toThrow(
      /^unknown image "redis"; known: prometheus, alertmanager, /,
    );
  });
});

describe("cleaning up", () => {
  const saved = `*nat
:PREROUTING ACCEPT [0:0]
:KUBE-SERVICES - [0:0]
:CNI-HOSTPORT-DNAT - [0:0]
:DOCKER - [0:0]
-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A PREROUTING -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT
-A KUBE-SERVICES -d 10.96.0.1/32 -j KUBE-SERVICES
COMMIT
*raw
:PREROUTING ACCEPT [0:0]
COMMIT
`;

  test("other people's firewall rules stay", () => {
    expect(removalBatch(saved)).toBe(`*nat
-D PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-D PREROUTING -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT
-F KUBE-SERVICES
-F CNI-HOSTPORT-DNAT
-X KUBE-SERVICES
-X CNI-HOSTPORT-DNAT
COMMIT
`);
  });

  test("nothing is done where nothing is ours", () => {
    expect(removalBatch("*nat\n:DOCKER - [0:0]\n-A PREROUTING -j DOCKER\nCOMMIT\n")).toBe("");
  });

  test("mounts end from the inside out, and those of neighbours with a similar name stay", () => {
    const mounts = ["/kit/node", "/kit/node/a", "/kit/node/a/b\\040c", "/kit/node-other"]
      .map((target) => `tmpfs ${target} tmpfs rw 0 0`)
      .join("\n");
    expect(mountsBelow(mounts, ["/kit/node"])).toEqual(["/kit/node/a/b c", "/kit/node/a", "/kit/node"]);
  });

  test("a process number that the kernel gave to somebody else is not ours", () => {
    expect(isAlive(thisProcess())).toBe(true);
    expect(isAlive({ ...thisProcess(), startTime: "1" })).toBe(false);
    expect(isAlive({ ...thisProcess(), boot: "another" })).toBe(false);
  });

  test("a name with spaces and parentheses does not shift the start time", () => {
    const rest = Array.from({ length: 25 }, (_, index) => String(index + 4)).join(" ");
    expect(startTimeOf(`7 (a) b (c) S ${rest}`)).toBe("22");
    expect(startTimeOf(`7 (dead) Z ${rest}`)).toBeUndefined();
  });
});

describe("processes of the node", () => {
  test("a proxy of the shell does not swallow their talk", () => {
    expect(withoutProxies({ HTTPS_PROXY: "a", no_proxy: "b", PATH: "c" })).toEqual({ PATH: "c" });
  });

  test("the API server traces one request in a hundred to the node's own address", () => {
    expect(tracingConfiguration({})).toBe(`apiVersion: apiserver.config.k8s.io/v1beta1
kind: TracingConfiguration
endpoint: 10.243.0.1:4317
samplingRatePerMillion: 10000
`);
  });
});
