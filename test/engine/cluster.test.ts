import * as fs from "node:fs";
import * as path from "node:path";
import { ApiError, Cluster } from "../../tools/engine/cluster";
import { credentialsOf } from "../../tools/engine/credentials";
import { cleanUp, kubeconfig, messageOf, rejection, script, server, temporaryFolder } from "./support";

afterAll(cleanUp);

async function clusterOf(reply: Parameters<typeof server>[0], user: object = { token: "secret" }) {
  const { url, seen } = await server(reply);
  return { cluster: Cluster.of("a", kubeconfig({ a: { cluster: { server: `${url}/base/` }, user } })), seen };
}

describe("requests", () => {
  test("carry the token, the query and the server's own path", async () => {
    const { cluster, seen } = await clusterOf(() => ({ body: { ok: true } }));
    expect(await cluster.get("/api/v1/x?a=1", { query: { b: "2 3", c: undefined } })).toEqual({ ok: true });
    expect(seen[0]).toMatchObject({ method: "GET", url: "/base/api/v1/x?a=1&b=2+3" });
    expect(seen[0]?.headers.authorization).toBe("Bearer secret");
  });

  test("a list is read to its last page", async () => {
    const { cluster, seen } = await clusterOf(({ url }) => ({
      body: url.includes("continue=more")
        ? { items: [3], metadata: {} }
        : { items: [1, 2], metadata: { continue: "more" } },
    }));
    expect(await cluster.list("/api/v1/pods", { labelSelector: "a=b" })).toEqual([1, 2, 3]);
    expect(seen.map(({ url }) => url)).toEqual([
      "/base/api/v1/pods?limit=500&labelSelector=a%3Db",
      "/base/api/v1/pods?limit=500&labelSelector=a%3Db&continue=more",
    ]);
  });

  test("apply is a server-side apply that wins conflicts", async () => {
    const { cluster, seen } = await clusterOf(() => ({}));
    await cluster.apply("/api/v1/namespaces/x", { kind: "Namespace" });
    expect(seen[0]).toMatchObject({
      method: "PATCH",
      url: "/base/api/v1/namespaces/x?fieldManager=observability&force=true",
      body: '{"kind":"Namespace"}',
    });
    expect(seen[0]?.headers["content-type"]).toBe("application/apply-patch+yaml");
  });

  test("what is not there is undefined for find, false for delete, an error for get", async () => {
    const body = { kind: "Status", reason: "NotFound", message: 'pods "x" not found' };
    const { cluster } = await clusterOf(() => ({ status: 404, body }));
    expect(await cluster.find("/api/v1/x")).toBeUndefined();
    expect(await cluster.delete("/api/v1/x")).toBe(false);
    expect(await rejection(cluster.get("/api/v1/x"))).toBe('GET /api/v1/x answered 404\n  reason: pods "x" not found');
  });

  test("a refusal keeps Kubernetes' own word for it", async () => {
    const body = { kind: "Status", reason: "Conflict", message: "the object has been modified" };
    const { cluster } = await clusterOf(() => ({ status: 409, body }));
    await expect(cluster.post("/api/v1/x", {})).rejects.toMatchObject({ status: 409, kubeReason: "Conflict" });
    await expect(cluster.find("/api/v1/x")).rejects.toBeInstanceOf(ApiError);
  });

  test("an answer that is no Status is shown as it came", async () => {
    const { cluster } = await clusterOf(() => ({ status: 502, body: "bad gateway" }));
    expect(await rejection(cluster.get("/x"))).toBe("GET /x answered 502\n  reason: bad gateway");
  });

  test("a server that takes the request and says nothing does not hang the command", async () => {
    const { cluster } = await clusterOf(() => ({ never: true }));
    expect(await rejection(cluster.get("/x", { seconds: 0.1 }))).toBe("no answer within 0.1 s");
  });
});

describe("credentials", () => {
  const credential = (token: string, expires = "") =>
    `echo '{"kind":"ExecCredential","status":{"token":"${token}"${expires}}}'`;

  test("a token file counts from the kubeconfig's folder", async () => {
    const { url, seen } = await server(() => ({}));
    const file = kubeconfig({ a: { cluster: { server: url }, user: { tokenFile: "token" } } });
    fs.writeFileSync(path.join(path.dirname(file), "token"), "from-file\n");
    await Cluster.of("a", file).get("/x");
    expect(seen[0]?.headers.authorization).toBe("Bearer from-file");
  });

  test("name and password become basic authentication", async () => {
    const { cluster, seen } = await clusterOf(() => ({}), { username: "u", password: "p" });
    await cluster.get("/x");
    expect(seen[0]?.headers.authorization).toBe(`Basic ${Buffer.from("u:p").toString("base64")}`);
  });

  test("a token file is read again when its token is refused", async () => {
    let file = "";
    const { url, seen } = await server(({ headers }) => {
      fs.writeFileSync(file, "new");
      return { status: headers.authorization === "Bearer new" ? 200 : 401 };
    });
    const config = kubeconfig({ a: { cluster: { server: url }, user: { tokenFile: "token" } } });
    file = path.join(path.dirname(config), "token");
    fs.writeFileSync(file, "old");
    await Cluster.of("a", config).get("/x");
    expect(seen.map(({ headers }) => headers.authorization)).toEqual(["Bearer old", "Bearer new"]);
  });

  test("a user that stands in for another asks as that one, whatever lets it in", async () => {
    const as = {
      as: "jane",
      "as-uid": "7",
      "as-groups": ["a", "b"],
      "as-user-extra": { "example.com/team": ["shop"] },
    };
    const exec = { command: script(temporaryFolder(), "login", credential("t")) };
    for (const user of [{ token: "t" }, { exec }]) {
      const { cluster, seen } = await clusterOf(() => ({}), { ...user, ...as });
      await cluster.get("/x");
      expect(seen[0]?.headers).toMatchObject({
        authorization: "Bearer t",
        "impersonate-user": "jane",
        "impersonate-uid": "7",
        "impersonate-group": "a, b",
        "impersonate-extra-example.com%2fteam": "shop",
      });
    }
  });

  test("an exec plugin gets arguments, environment and ExecCredential, and runs once for many requests", async () => {
    const folder = temporaryFolder();
    const log = path.join(folder, "log");
    const lines = `echo "$1 $ROLE $KUBERNETES_EXEC_INFO" >> ${log}\n${credential("from-exec")}`;
    const exec = {
      apiVersion: "client.authentication.k8s.io/v1",
      command: script(folder, "login", lines),
      args: ["get-token"],
      env: [{ name: "ROLE", value: "reader" }],
      interactiveMode: "Never",
      provideClusterInfo: true,
    };
    const { cluster, seen } = await clusterOf(() => ({}), { exec });
    await Promise.all([cluster.get("/x"), cluster.get("/y")]);
    expect(seen.map(({ headers }) => headers.authorization)).toEqual(["Bearer from-exec", "Bearer from-exec"]);
    const info = {
      apiVersion: "client.authentication.k8s.io/v1",
      kind: "ExecCredential",
      spec: { interactive: false, cluster: { server: cluster.connection.cluster.server } },
    };
    expect(fs.readFileSync(log, "utf8")).toBe(`get-token reader ${JSON.stringify(info)}\n`);
  });

  test("a token that has expired or was refused is asked for again, once", async () => {
    const folder = temporaryFolder();
    const count = path.join(folder, "count");
    const lines = `echo x >> ${count}\n${credential("t", `,"expirationTimestamp":"2020-01-01T00:00:00Z"`)}`;
    const { cluster } = await clusterOf(() => ({}), { exec: { command: script(folder, "login", lines) } });
    await cluster.get("/x");
    await cluster.get("/x");
    expect(fs.readFileSync(count, "utf8")).toBe("x\nx\n");

    const again = await clusterOf(() => ({ status: 401 }), { exec: { command: script(folder, "b", credential("t")) } });
    expect(await rejection(again.cluster.get("/x"))).toBe("GET /x answered 401\n  reason: {}");
    expect(again.seen).toHaveLength(2);
  });

  test("a plugin that is not installed names its own hint", async () => {
    const exec = { command: "no-such-login", args: ["get-token"], installHint: "brew install no-such-login" };
    const { cluster } = await clusterOf(() => ({}), { exec });
    expect(await rejection(cluster.get("/x"))).toBe(
      [
        'logging in to kube context "a" failed: no-such-login get-token',
        "  reason: no-such-login is not on PATH",
        "  fix: brew install no-such-login",
      ].join("\n"),
    );
  });

  test("a plugin beside the kubeconfig is found there; one that reads finds nothing to read", async () => {
    const { url, seen } = await server(() => ({}));
    const exec = { command: "./login", interactiveMode: "Never" };
    const config = kubeconfig({ a: { cluster: { server: url }, user: { exec } } });
    script(path.dirname(config), "login", `cat > /dev/null\n${credential("beside")}`);
    await Cluster.of("a", config).get("/x");
    expect(seen[0]?.headers.authorization).toBe("Bearer beside");
  });

  test("a plugin that never ends is ended", async () => {
    const command = script(temporaryFolder(), "login", "exec sleep 60");
    const { cluster } = await clusterOf(() => ({}), { exec: { command } });
    expect(await rejection(credentialsOf(cluster.connection, 0.2))).toBe(
      [
        `logging in to kube context "a" failed: ${command}`,
        "  reason: no answer within 0.2 s",
        "  fix: run this command yourself to see what it wants",
      ].join("\n"),
    );
  });

  test("a secret among the arguments of a plugin is not printed", async () => {
    const exec = { command: "no-such-login", args: ["--oidc-client-secret=s1", "--password", "s2", "--id=a", "b"] };
    const { cluster } = await clusterOf(() => ({}), { exec });
    expect((await rejection(cluster.get("/x"))).split("\n")[0]).toBe(
      'logging in to kube context "a" failed: no-such-login --oidc-client-secret=… --password … --id=a b',
    );
  });

  test.each([
    ["echo 'session expired' >&2; exit 3", "session expired", "run this command yourself to see what it wants"],
    ["echo hello", "it printed no ExecCredential (JSON)", "run this command yourself to see what it prints"],
    ["echo '{\"status\":{}}'", "its ExecCredential holds neither token nor certificate", "log in again"],
  ])("a plugin that fails: %s", async (lines, reason, fix) => {
    const command = script(temporaryFolder(), "login", lines);
    const { cluster } = await clusterOf(() => ({}), { exec: { command } });
    expect(await rejection(cluster.get("/x"))).toBe(
      `logging in to kube context "a" failed: ${command}\n  reason: ${reason}\n  fix: ${fix}`,
    );
  });

  test("auth providers, gone since Kubernetes 1.26, are explained", async () => {
    const { cluster } = await clusterOf(() => ({}), { "auth-provider": { name: "gcp" } });
    expect(await rejection(cluster.get("/x"))).toBe(
      [
        'kube context "a" logs in by auth-provider "gcp"',
        "  reason: Kubernetes 1.26 removed auth providers in favour of exec plugins",
        "  fix: write this cluster's entry again with a newer version of your cloud's command",
      ].join("\n"),
    );
  });

  test("a file that the kubeconfig names and that is not there", async () => {
    const { cluster } = await clusterOf(() => ({}), { "client-certificate": "/does/not/exist.crt" });
    expect(await rejection(cluster.get("/x"))).toBe(
      [
        "the kubeconfig names a file that cannot be read: /does/not/exist.crt",
        "  reason: ENOENT: no such file or directory, open '/does/not/exist.crt'",
      ].join("\n"),
    );
  });
});

test("a server that is no URL, and one behind a proxy, are refused with words", () => {
  const odd = kubeconfig({ a: { cluster: { server: "not a url" } } });
  expect(messageOf(() => Cluster.of("a", odd))).toBe('the server of kube context "a" is no URL: not a url');
  const proxied = kubeconfig({ a: { cluster: { server: "https://x", "proxy-url": "socks5://y" } } });
  expect(messageOf(() => Cluster.of("a", proxied))).toBe(
    [
      'kube context "a" is reached through the proxy socks5://y',
      "  reason: this command speaks to the API server directly",
      "  fix: open a tunnel, and use a context whose server is the tunnel's end",
    ].join("\n"),
  );
});
