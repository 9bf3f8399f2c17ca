import * as fs from "node:fs";
import * as path from "node:path";
import { Cluster } from "../../tools/engine/cluster";
import { reach } from "../../tools/engine/preflight";
import { run } from "../../tools/testbed/shell";
import { describeWith } from "../support/programs";
import { cleanUp, kubeconfig, rejection, script, server, temporaryFolder } from "./support";

afterAll(cleanUp);

describeWith("openssl", "a cluster behind TLS", (openssl) => {
  const folder = temporaryFolder();
  const file = (name: string) => path.join(folder, name);
  const pem = (name: string) => fs.readFileSync(file(name), "utf8");
  const data = (name: string) => fs.readFileSync(file(name)).toString("base64");

  /** A key and a certificate, by itself or by the authority. */
  function certificate(name: string, added: readonly string[] = []): void {
    const key = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
    const files = ["-keyout", file(`${name}.key`), "-out", file(`${name}.crt`)];
    run(openssl, [...key, ...files, "-subj", `/CN=${name}`, ...added]);
  }

  beforeAll(() => {
    certificate("authority");
    const signed = ["-CA", file("authority.crt"), "-CAkey", file("authority.key")];
    certificate("local", [...signed, "-addext", "subjectAltName=IP:127.0.0.1"]);
    certificate("elsewhere", [...signed, "-addext", "subjectAltName=DNS:api.example"]);
    certificate("jane", signed);
  });

  /** A server that shows this certificate and lets in whom the authority knows. */
  const serving = (name = "local", alone = false) =>
    server(
      ({ url, client }) =>
        client === undefined && url === "/private"
          ? { status: 401, body: { kind: "Status", message: "Unauthorized" } }
          : { body: { major: "1", minor: "36", gitVersion: "v1.36.3", metadata: { uid: "abc" } } },
      {
        key: pem(`${name}.key`),
        cert: pem(`${name}.crt`),
        // Node shows the authority's certificate too where it is known, kubeadm's API server its own alone.
        ...(alone ? {} : { ca: pem("authority.crt"), requestCert: true, rejectUnauthorized: false }),
      },
    );

  const clusterOf = (
    url: string,
    user: object,
    trust: object = { "certificate-authority-data": data("authority.crt") },
  ) => Cluster.of("a", kubeconfig({ a: { cluster: { server: url, ...trust }, user } }));

  test("a certificate in the kubeconfig; many requests go over one connection", async () => {
    const { url, seen } = await serving();
    const cluster = clusterOf(url, {
      "client-certificate-data": data("jane.crt"),
      "client-key-data": data("jane.key"),
    });
    for (let count = 0; count < 20; count += 1) await cluster.get("/private");
    expect(seen.map(({ client }) => client)).toEqual(Array<string>(20).fill("jane"));
    expect(new Set(seen.map(({ connection }) => connection)).size).toBe(1);
  });

  test("certificates in files beside the kubeconfig", async () => {
    const { url, seen } = await serving();
    const config = kubeconfig({
      a: {
        cluster: { server: url, "certificate-authority": "authority.crt" },
        user: { "client-certificate": "pki/jane.crt", "client-key": "pki/jane.key" },
      },
    });
    const beside = path.dirname(config);
    fs.mkdirSync(path.join(beside, "pki"));
    fs.copyFileSync(file("authority.crt"), path.join(beside, "authority.crt"));
    for (const name of ["jane.crt", "jane.key"]) fs.copyFileSync(file(name), path.join(beside, "pki", name));
    await Cluster.of("a", config).get("/private");
    expect(seen[0]?.client).toBe("jane");
  });

  test("an exec plugin prints a certificate, and learns of the cluster what it wants to know", async () => {
    const { url, seen } = await serving();
    const log = file("info");
    const credential = { status: { clientCertificateData: pem("jane.crt"), clientKeyData: pem("jane.key") } };
    fs.writeFileSync(file("credential"), JSON.stringify(credential));
    const lines = `echo "$KUBERNETES_EXEC_INFO" > ${log}\ncat ${file("credential")}`;
    const exec = { command: script(folder, "login", lines), provideClusterInfo: true };
    const config = { audience: "stack" };
    await clusterOf(
      url,
      { exec },
      {
        "certificate-authority": file("authority.crt"),
        extensions: [{ name: "client.authentication.k8s.io/exec", extension: config }],
      },
    ).get("/private");
    expect(seen[0]).toMatchObject({ client: "jane" });
    expect(JSON.parse(fs.readFileSync(log, "utf8"))).toMatchObject({
      spec: { cluster: { server: url, "certificate-authority-data": data("authority.crt"), config } },
    });
  });

  test.each([
    ["no authority", undefined, false, "SELF_SIGNED_CERT_IN_CHAIN"],
    ["another authority", "jane", false, "SELF_SIGNED_CERT_IN_CHAIN"],
    ["another authority, and a server that shows its own alone,", "jane", true, "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
  ])("a kubeconfig with %s refuses the server", async (_, authority, alone, code) => {
    const { url } = await serving("local", alone);
    const trust = authority === undefined ? {} : { "certificate-authority-data": data(`${authority}.crt`) };
    expect(await rejection(reach(clusterOf(url, {}, trust)))).toBe(
      [
        `cannot reach the cluster of kube context "a" at ${url}`,
        `  reason: its certificate is signed by nobody the kubeconfig trusts (${code})`,
        "  fix: fetch the kubeconfig again",
      ].join("\n"),
    );
  });

  test("insecure-skip-tls-verify trusts any server", async () => {
    const { url } = await serving();
    expect(await reach(clusterOf(url, {}, { "insecure-skip-tls-verify": true }))).toMatchObject({ identity: "abc" });
  });

  test("a server with another name is refused; tls-server-name takes it", async () => {
    const { url } = await serving("elsewhere");
    expect(await rejection(reach(clusterOf(url, {})))).toBe(
      [
        `cannot reach the cluster of kube context "a" at ${url}`,
        "  reason: its certificate is for another name (ERR_TLS_CERT_ALTNAME_INVALID)",
        "  fix: use the name in the certificate, or tls-server-name",
      ].join("\n"),
    );
    const trust = { "certificate-authority": file("authority.crt"), "tls-server-name": "api.example" };
    expect(await reach(clusterOf(url, {}, trust))).toMatchObject({ version: "v1.36.3" });
  });

  test("nobody is let in without a certificate", async () => {
    const { url } = await serving();
    expect(await rejection(clusterOf(url, {}).get("/private"))).toContain("answered 401");
  });
});
