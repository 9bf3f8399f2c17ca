import { AwsClient } from "aws4fetch";
import type { Secret } from "kubernetes-types/core/v1";
import type { Cluster } from "../../../tools/engine/cluster";
import type { Service } from "./service";

/** The S3 server inside the cluster, with the keys that its pod has. */
export class ObjectStore {
  private constructor(
    private readonly cluster: Cluster,
    private readonly service: Service,
    private readonly client: AwsClient,
  ) {}

  /** @param region the one that the server signs for; another is refused */
  static async open(cluster: Cluster, service: Service, secretName: string, region: string): Promise<ObjectStore> {
    const secret = await cluster.get<Secret>(`/api/v1/namespaces/${service.namespace}/secrets/${secretName}`);
    const value = (key: string) => Buffer.from(secret.data?.[key] ?? "", "base64").toString();
    const keys = { accessKeyId: value("access-key"), secretAccessKey: value("secret-key") };
    return new ObjectStore(cluster, service, new AwsClient({ ...keys, service: "s3", region }));
  }

  /** Keys and sizes (bytes) of a bucket's objects, all pages. */
  async list(bucket: string): Promise<{ key: string; size: number }[]> {
    const objects: { key: string; size: number }[] = [];
    let token = "";
    do {
      const query = { "list-type": "2", ...(token === "" ? {} : { "continuation-token": token }) };
      const xml = await this.get(`/${bucket}`, query);
      for (const [, entry = ""] of xml.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
        objects.push({ key: element(entry, "Key"), size: Number(element(entry, "Size")) });
      }
      token = element(xml, "NextContinuationToken");
    } while (token !== "");
    return objects;
  }

  /**
   * The signature stands in the query: the API server's proxy keeps the `Authorization` header for itself. It hands on
   * the `Host` header as it got it, so that the API server's own name is the one to sign.
   */
  private async get(path: string, query: Readonly<Record<string, string>>): Promise<string> {
    const url = new URL(path, this.cluster.server.origin);
    for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
    const signed = await this.client.sign(url.href, { aws: { signQuery: true } });
    const { pathname, search } = new URL(signed.url);
    return this.cluster.text("GET", `${this.service.path}${pathname}${search}`, { seconds: 30 });
  }
}

function element(xml: string, name: string): string {
  const text = new RegExp(`<${name}>(.*?)</${name}>`, "s").exec(xml)?.[1] ?? "";
  return text
    .replace(/&quot;|&#34;/g, '"')
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&amp;/g, "&");
}
