import * as path from "node:path";
import { credentials, loadPackageDefinition, Metadata, type ClientReadableStream } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";

interface SearchResponse {
  readonly traces: readonly { readonly trace_id: string }[];
}

interface StreamingQuerier {
  search(request: object, metadata: Metadata, options: { deadline: Date }): ClientReadableStream<SearchResponse>;
  close(): void;
}

const { tempopb } = loadPackageDefinition(
  loadSync(path.join(__dirname, "tempo.proto"), { keepCase: true }),
) as unknown as { tempopb: { StreamingQuerier: new (address: string, credentials: object) => StreamingQuerier } };

/**
 * Trace ids of a TraceQL search in the last `seconds`, by a stream of answers as Grafana's data source asks for them:
 * gRPC, at the host and port of the data source's URL.
 * @param url of the data source
 * @param headers that the data source sends, such as the tenant
 * @throws the gRPC error when the address does not answer gRPC, or not within 20 s
 */
export async function streamedSearch(
  url: URL,
  traceql: string,
  seconds: number,
  headers: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  const client = new tempopb.StreamingQuerier(url.host, credentials.createInsecure());
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  const end = Math.ceil(Date.now() / 1000) + 60;
  const request = { query: traceql, start: end - seconds - 60, end, limit: 50 };
  try {
    const ids = new Set<string>();
    const answers = client.search(request, metadata, { deadline: new Date(Date.now() + 20_000) });
    for await (const { traces } of answers as AsyncIterable<SearchResponse>) {
      for (const { trace_id } of traces) ids.add(trace_id.padStart(32, "0"));
    }
    return [...ids];
  } finally {
    client.close();
  }
}
