import * as crypto from "node:crypto";
import * as fs from "node:fs";

import { API_SERVICE_ADDRESS, API_URL, CLUSTER_DOMAIN, CONTEXT_NAME, NODE_ADDRESS, NODE_NAME } from "./addresses";
import { kubeconfigPath, nodeRoot } from "./paths";
import { run } from "./shell";

/** The members of the cluster, as the API server's own role bindings know them. */
const MEMBERS = {
  admin: { user: "admin", group: "system:masters" },
  "controller-manager": { user: "system:kube-controller-manager", group: "" },
  scheduler: { user: "system:kube-scheduler", group: "" },
  node: { user: `system:node:${NODE_NAME}`, group: "system:nodes" },
  proxy: { user: "system:kube-proxy", group: "" },
};
export type Member = keyof typeof MEMBERS;

/** Path of a key or certificate. */
export function pki(file: string): string {
  return nodeRoot("pki", file);
}

/** Makes keys, certificates, tokens and kubeconfigs; those of an earlier start are kept. */
export function createCredentials(): void {
  fs.mkdirSync(nodeRoot("pki"), { recursive: true, mode: 0o700 });
  // Written last: half a set, from a start that was cut off, is made again.
  if (!fs.existsSync(pki("complete"))) {
    createAuthority();
    issue("apiserver", "/CN=kube-apiserver", "serverAuth", [
      `IP:${NODE_ADDRESS}`,
      `IP:${API_SERVICE_ADDRESS}`,
      ...["kubernetes", "kubernetes.default", "kubernetes.default.svc", `kubernetes.default.svc.${CLUSTER_DOMAIN}`].map(
        (name) => `DNS:${name}`,
      ),
    ]);
    issue("kubelet-client", "/O=system:masters/CN=kube-apiserver-kubelet-client", "clientAuth", []);
    createServiceAccountKey();
    createTokens();
    fs.writeFileSync(pki("complete"), "");
  }
  for (const member of Object.keys(MEMBERS) as Member[]) writeKubeconfig(member);
}

/** Path of a member's kubeconfig; the administrator's is the one that people use. */
export function memberKubeconfig(member: Member): string {
  return member === "admin" ? kubeconfigPath() : nodeRoot("pki", `${member}.kubeconfig`);
}

/** A member's token. */
function memberToken(member: Member): string {
  const line = fs
    .readFileSync(pki("tokens.csv"), "utf8")
    .split("\n")
    .find((entry) => entry.split(",")[2] === member);
  return line?.split(",")[0] ?? "";
}

const NEW_KEY = [
  "req",
  "-x509",
  "-newkey",
  "ec",
  "-pkeyopt",
  "ec_paramgen_curve:prime256v1",
  "-nodes",
  "-days",
  "3650",
];

function createAuthority(): void {
  const files = ["-keyout", pki("ca.key"), "-out", pki("ca.crt")];
  const usage = ["-addext", "keyUsage=critical,digitalSignature,keyCertSign"];
  run("openssl", [...NEW_KEY, ...files, "-subj", "/CN=observability-hermetic", ...usage]);
}

function issue(name: string, subject: string, usage: string, names: string[]): void {
  const files = ["-keyout", pki(`${name}.key`), "-out", pki(`${name}.crt`)];
  const extensions = [`extendedKeyUsage=${usage}`, "basicConstraints=critical,CA:FALSE"];
  if (names.length > 0) extensions.push(`subjectAltName=${names.join(",")}`);
  const authority = ["-CA", pki("ca.crt"), "-CAkey", pki("ca.key")];
  const added = extensions.flatMap((extension) => ["-addext", extension]);
  run("openssl", [...NEW_KEY, ...files, "-subj", subject, ...authority, ...added]);
}

function createServiceAccountKey(): void {
  const { privateKey, publicKey } = crypto.generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  fs.writeFileSync(pki("service-account.key"), privateKey, { mode: 0o600 });
  fs.writeFileSync(pki("service-account.pub"), publicKey);
}

/** token,user,uid,"groups" as --token-auth-file wants it; the uid is the member's name here. */
function createTokens(): void {
  const lines = Object.entries(MEMBERS).map(([member, { user, group }]) => {
    const token = crypto.randomBytes(24).toString("hex");
    return [token, user, member, ...(group ? [`"${group}"`] : [])].join(",");
  });
  fs.writeFileSync(pki("tokens.csv"), `${lines.join("\n")}\n`, { mode: 0o600 });
}

function writeKubeconfig(member: Member): void {
  const authority = fs.readFileSync(pki("ca.crt")).toString("base64");
  const name = CONTEXT_NAME;
  const config = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    clusters: [{ name, cluster: { server: API_URL, "certificate-authority-data": authority } }],
    users: [{ name: `${name}-${member}`, user: { token: memberToken(member) } }],
    contexts: [{ name, context: { cluster: name, user: `${name}-${member}` } }],
  };
  fs.writeFileSync(memberKubeconfig(member), `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
}
