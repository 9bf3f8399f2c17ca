import { expect } from "../report";
import { untilTrue } from "../wait";
import { Processes } from "./process";
import { rendered, s3, soon, svc } from "./servers";

const tenant = { "X-Scope-OrgID": "phoenix" };

/** Streams of each marker: whichever ingesters there are, each gets some. Of one stream a dice decides. */
const STREAMS = 16;

/**
 * Sends lines through one Loki until it has taken each.
 * @param service whose lines they are: each topology has its own, for they share a bucket
 * @returns how many
 */
export async function sendLines(url: string, service: string, marker: string, count: number): Promise<number> {
  const now = Date.now();
  const values = Array.from({ length: count }, (_, line) => [
    String(BigInt(now) * 1_000_000n + BigInt(line)),
    `${marker} line ${line}`,
  ]);
  const streams = Array.from({ length: STREAMS }, (_, index) => ({
    stream: { service_name: service, marker, part: String(index) },
    values: values.filter((_, line) => line % STREAMS === index),
  }));
  const body = JSON.stringify({ streams });
  await untilTrue(`writes through ${url}`, 90, async () => {
    const headers = { "Content-Type": "application/json", ...tenant };
    const answer = await fetch(`${url}/loki/api/v1/push`, { method: "POST", headers, body, signal: soon() });
    return answer.status === 204 || `${answer.status}: ${(await answer.text()).slice(0, 200)}`;
  });
  return count;
}

/** Waits until one Loki counts so many lines, and no more. */
export async function holdsLines(url: string, service: string, expected: number): Promise<void> {
  const query = `sum(count_over_time({service_name="${service}"}[1h]))`;
  await untilTrue(`${expected} lines at ${url}`, 240, async () => {
    const answer = await fetch(`${url}/loki/api/v1/query?query=${encodeURIComponent(query)}`, {
      headers: tenant,
      signal: soon(),
    });
    if (!answer.ok) return `${answer.status}: ${(await answer.text()).slice(0, 200)}`;
    const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
    const found = Number(data.result[0]?.value[1] ?? 0);
    return found === expected || `${found} lines`;
  });
}

/** Asks for the counts of lines between two times, in seconds ago, in steps of a minute. */
export async function askedLines(url: string, service: string, from: number, to: number): Promise<void> {
  const now = Math.floor(Date.now() / 3_600_000) * 3600;
  const parameters = new URLSearchParams({
    query: `sum(count_over_time({service_name="${service}"}[1m]))`,
    start: String(now - from),
    end: String(now - to),
    step: "60",
  });
  const answer = await fetch(`${url}/loki/api/v1/query_range?${parameters.toString()}`, {
    headers: tenant,
    signal: soon(),
  });
  expect(answer.ok, `${answer.status}: ${(await answer.text()).slice(0, 200)}`);
}

/** Loki in one piece with replicas: `loki-0` and so on, each on an address of its own. */
export class LokiReplicas {
  constructor(private readonly processes: Processes) {}

  url = (index: number) => `http://${Processes.address(11 + index)}:3100`;

  async start(index: number): Promise<void> {
    const address = Processes.address(11 + index);
    const own = {
      server: { http_listen_address: address, grpc_listen_address: address },
      // A pod's host name tells it from the others; processes of one machine share theirs.
      common: { instance_addr: address, ring: { instance_id: `loki-${index}` } },
      memberlist: { bind_addr: [address], advertise_addr: address },
    };
    const text = rendered(
      { loki: { replicationFactor: 3 }, systems: { loki: { replicas: 3, config: own } } },
      "loki",
      "loki.yaml",
      {
        [`loki-0.loki-headless${svc}`]: Processes.address(11),
        [`loki-headless${svc}`]: Processes.address(11),
        [`versitygw${svc}`]: s3,
        " /loki": ` ${this.processes.volume(`loki-${index}`)}`,
        "/etc/loki/rules": this.processes.volume("loki-rules"),
      },
    );
    const file = this.processes.write(`loki-${index}.yaml`, text);
    // So for its querier: when one says goodbye, the schedulers give those of the same name no work any more.
    const args = [`-config.file=${file}`, "-target=all", `-querier.id=loki-${index}`];
    await this.processes.start(`loki-${index}`, "loki", args, `${this.url(index)}/ready`, 240);
  }

  end = (index: number, signal: "SIGKILL" | "SIGTERM") => this.processes.end(`loki-${index}`, signal, 300);
  send = (index: number, marker: string, count: number) => sendLines(this.url(index), "loki-replicas", marker, count);
  holds = (index: number, expected: number) => holdsLines(this.url(index), "loki-replicas", expected);
}
