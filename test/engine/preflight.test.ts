import { Cluster } from "../../tools/engine/cluster";
import { checkVersion, reach } from "../../tools/engine/preflight";
import { cleanUp, kubeconfig, messageOf, rejection, server } from "./support";

afterAll(cleanUp);

const cluster = (url: string) => Cluster.of("work", kubeconfig({ work: { cluster: { server: url } } }));
const version = (minor: string) => ({ major: "1", minor, gitVersion: `v1.${minor.replace("+", "")}.3` });

test("a cluster that answers gives its version and its identity", async () => {
  const { url } = await server(({ url: path }) => ({
    body: path === "/version" ? version("31") : { metadata: { uid: "abc" } },
  }));
  expect(await reach(cluster(url))).toMatchObject({ version: "v1.31.3", identity: "abc" });
});

test("a cluster that does not show kube-system is known by its address", async () => {
  const { url, host } = await server(({ url: path }) =>
    path === "/version" ? { body: version("31") } : { status: 404, body: { kind: "Status" } },
  );
  expect((await reach(cluster(url))).identity).toBe(host);
});

describe("no cluster reachable", () => {
  test("nobody listens", async () => {
    expect(await rejection(reach(cluster("http://127.0.0.1:1")))).toBe(
      [
        'cannot reach the cluster of kube context "work" at http://127.0.0.1:1',
        "  reason: nothing listens there (ECONNREFUSED)",
        "  fix: start the cluster, or correct the server's address in the kubeconfig",
      ].join("\n"),
    );
  });

  test("it takes the connection and never answers", async () => {
    const { url } = await server(() => ({ never: true }));
    expect(await rejection(reach(cluster(url), 0.2))).toBe(
      [
        `cannot reach the cluster of kube context "work" at ${url}`,
        "  reason: no answer within 0.2 s",
        "  fix: start it, or connect to its network",
      ].join("\n"),
    );
  });

  test("the credentials are refused", async () => {
    const { url } = await server(() => ({ status: 401, body: { kind: "Status", message: "Unauthorized" } }));
    expect(await rejection(reach(cluster(url)))).toBe(
      [
        `kube context "work" is not let in at ${url}`,
        "  reason: its credentials were refused (401)",
        "  fix: log in again, or write this context anew with your cloud's command",
      ].join("\n"),
    );
  });

  test("something else answers", async () => {
    const { url } = await server(() => ({ status: 404, body: "<html>" }));
    expect(await rejection(reach(cluster(url)))).toBe(
      [
        `cannot reach the cluster of kube context "work" at ${url}`,
        "  reason: GET /version answered 404",
        "  fix: check that this is a Kubernetes API server",
      ].join("\n"),
    );
  });
});

describe("version", () => {
  test.each(["29", "30+", "36"])("1.%s is new enough", (minor) => {
    expect(() => checkVersion("work", version(minor))).not.toThrow();
  });

  test.each(["28", "9+"])("1.%s is too old", (minor) => {
    const { gitVersion } = version(minor);
    expect(messageOf(() => checkVersion("work", version(minor)))).toBe(
      [
        `the cluster of kube context "work" is too old: Kubernetes ${gitVersion}`,
        "  reason: the stack needs 1.29 or newer",
        "  fix: upgrade the cluster to 1.29 or newer",
      ].join("\n"),
    );
  });

  test("a server without one is no API server", () => {
    expect(messageOf(() => checkVersion("work", {} as never))).toBe(
      [
        'what answers for kube context "work" is no Kubernetes API server',
        "  reason: its /version names none",
        "  fix: correct the server's address in the kubeconfig",
      ].join("\n"),
    );
  });
});
