import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { connectionOf, kubeconfigFiles, loadKubeconfig } from "../../tools/engine/kubeconfig";
import { cleanUp, kubeconfig, messageOf, temporaryFolder } from "./support";

afterAll(cleanUp);

const at = (server: string) => ({ cluster: { server } });

test("KUBECONFIG may list several files; without it the home folder's counts", () => {
  expect(kubeconfigFiles({ KUBECONFIG: ["/a", "", "/b"].join(path.delimiter) })).toEqual(["/a", "/b"]);
  expect(kubeconfigFiles({ KUBECONFIG: "" })).toEqual([path.join(os.homedir(), ".kube", "config")]);
});

test("of two entries with one name the first counts, as for kubectl", () => {
  const first = kubeconfig({ a: at("https://first"), b: at("https://b") });
  const second = kubeconfig({ a: at("https://second"), c: at("https://c") });
  const merged = loadKubeconfig([first, "/does/not/exist", second]);
  expect([...merged.contexts.keys()]).toEqual(["a", "b", "c"]);
  expect(connectionOf(merged, "a").cluster.server).toBe("https://first");
  expect(connectionOf(merged, "c").clusterFolder).toBe(path.dirname(second));
});

test("a context without a user is legal", () => {
  const file = path.join(temporaryFolder(), "config");
  fs.writeFileSync(
    file,
    "contexts: [{name: a, context: {cluster: a}}]\nclusters: [{name: a, cluster: {server: 'http://x'}}]\nusers: null\n",
  );
  expect(connectionOf(loadKubeconfig([file]), "a").user).toEqual({});
});

test("no file at all", () => {
  expect(messageOf(() => loadKubeconfig(["/does/not/exist"]))).toBe(
    [
      "there is no kubeconfig, so no cluster is known",
      "  reason: /does/not/exist does not exist",
      "  fix: set KUBECONFIG to your cluster's file, or have your cloud's command write it, e.g. aws eks update-kubeconfig",
    ].join("\n"),
  );
});

test.each([
  ["contexts: {a: 1}", "contexts, clusters and users must be lists"],
  ["just text", "contexts, clusters and users must be lists"],
  ["a: [1", "Flow sequence in block collection must be sufficiently indented and end with a ] at line 1, column 6:"],
])("a file that is no kubeconfig: %s", (content, reason) => {
  const file = path.join(temporaryFolder(), "config");
  fs.writeFileSync(file, content);
  expect(messageOf(() => loadKubeconfig([file]))).toBe(
    `${file} is not a kubeconfig\n  reason: ${reason}\n  fix: give the path of a kubeconfig file in KUBECONFIG`,
  );
});

describe("a context that is not there", () => {
  test("names those there are and the nearest", () => {
    const file = kubeconfig({ "kind-dev": at("http://x"), staging: at("http://y") });
    expect(messageOf(() => connectionOf(loadKubeconfig([file]), "stagign"))).toBe(
      `there is no kube context "stagign" in ${file}\n  reason: there are kind-dev, staging\n  fix: did you mean "staging"?`,
    );
  });

  test("says so when none is near", () => {
    const file = kubeconfig({ "kind-dev": at("http://x") });
    expect(messageOf(() => connectionOf(loadKubeconfig([file]), "production-eu"))).toBe(
      `there is no kube context "production-eu" in ${file}\n  reason: there is kind-dev\n  fix: name one of them, or add this cluster to the file`,
    );
  });

  test("says so when the file is empty", () => {
    const file = path.join(temporaryFolder(), "config");
    fs.writeFileSync(file, "");
    expect(messageOf(() => connectionOf(loadKubeconfig([file]), "a"))).toBe(
      `there is no kube context "a" in ${file}\n  reason: it has no contexts at all\n  fix: name one of them, or add this cluster to the file`,
    );
  });
});

test("a context whose cluster is missing", () => {
  const file = path.join(temporaryFolder(), "config");
  fs.writeFileSync(file, "contexts: [{name: a, context: {cluster: gone, user: u}}]\n");
  expect(messageOf(() => connectionOf(loadKubeconfig([file]), "a"))).toBe(
    `kube context "a" leads nowhere\n  reason: cluster "gone" has no server in ${file}\n  fix: write this cluster's entry again with your cloud's command`,
  );
});
