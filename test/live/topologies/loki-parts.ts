import * as net from "node:net";
import { expect } from "../report";
import { askedLines, holdsLines, sendLines } from "./loki";
import { Processes } from "./process";
import { planned, rendered, s3, svc } from "./servers";

const zones = ["a", "b", "c"] as const;
const parts = {
  distributor: 51,
  "ingester-a-0": 52,
  "ingester-b-0": 53,
  "ingester-c-0": 54,
  "ingester-a-1": 55,
  "pattern-ingester": 56,
  querier: 57,
  "query-frontend": 58,
  "query-scheduler-0": 59,
  "query-scheduler-1": 60,
  "index-gateway-0": 61,
  "index-gateway-1": 62,
  compactor: 63,
  ruler: 64,
} as const;
const caches = { "chunks-cache": 65, "results-cache": 66 } as const;
export type LokiPart = keyof typeof parts;
export type LokiCache = keyof typeof caches;

const address = (part: LokiPart) => Processes.address(parts[part]);
const url = (part: LokiPart) => `http://${address(part)}:3100`;
const memcachedPort = 11211;
const service = "loki-parts";

/** Loki with its parts apart, an ingester in each of three zones, and the caches in front of S3. */
export class LokiParts {
  constructor(private readonly processes: Processes) {}

  private values = (config: object = {}) => ({
    zones: [...zones],
    loki: { replicationFactor: 3 },
    systems: { loki: { mode: "distributed", config } },
  });

  private argsOf(component: string): readonly string[] {
    const workloads = planned(this.values(), "loki")?.workloads ?? [];
    const args = workloads.find((each) => each.component === component)?.args ?? [];
    expect(args.length > 0, `the stack plans no ${component}`);
    return args;
  }

  async start(part: LokiPart): Promise<void> {
    const own = address(part);
    const config = {
      server: { http_listen_address: own, grpc_listen_address: own },
      // A pod's host name tells it from the others; processes of one machine share theirs.
      common: { instance_addr: own, ring: { instance_id: part } },
      memberlist: { bind_addr: [own], advertise_addr: own },
      // Its ring inherits nothing from the common one.
      ingester: { lifecycler: { address: own, id: part } },
    };
    const cache = (name: LokiCache): [string, string] => [
      `dnssrvnoa+_memcached._tcp.loki-${name}-headless${svc}`,
      `${Processes.address(caches[name])}:${memcachedPort}`,
    ];
    const text = rendered(this.values(config), "loki", "loki.yaml", {
      ...Object.fromEntries(
        zones.map((zone) => [`loki-ingester-${zone}-headless${svc}`, address(`ingester-${zone}-0`)]),
      ),
      // Of the two names of the gateways one is for the gossip, the other stays and is looked up.
      [`loki-index-gateway-headless${svc}:7946`]: `${address("index-gateway-0")}:7946`,
      [`loki-compactor${svc}`]: address("compactor"),
      [`loki-querier${svc}`]: address("querier"),
      [`versitygw${svc}`]: s3,
      ...Object.fromEntries([cache("chunks-cache"), cache("results-cache")]),
      " /loki": ` ${this.processes.volume(`loki-${part}`)}`,
      "/etc/loki/rules": this.processes.volume("loki-rules"),
    });
    const file = this.processes.write(`loki-${part}.yaml`, text);
    // As the stack starts it: its target, and for an ingester its zone.
    const flags = this.argsOf(part.replace(/-\d$/, "")).filter((arg) => !arg.startsWith("-config.file="));
    const hosts = { [`loki-index-gateway-headless${svc}`]: [address("index-gateway-0"), address("index-gateway-1")] };
    await this.processes.start(
      `loki-${part}`,
      "loki",
      [`-config.file=${file}`, ...flags],
      `${url(part)}/ready`,
      240,
      hosts,
    );
  }

  async startCache(cache: LokiCache): Promise<void> {
    const host = Processes.address(caches[cache]);
    const ready = async () => (await this.stats(cache)).has("pid");
    // It refuses to run as root without being told whom to become.
    await this.processes.start(cache, "memcached", [...this.argsOf(cache), `--listen=${host}`, "--user=nobody"], ready);
  }

  end = (part: LokiPart, signal: "SIGKILL" | "SIGTERM") => this.processes.end(`loki-${part}`, signal, 300);
  endCache = (cache: LokiCache) => this.processes.end(cache, "SIGKILL");
  send = (marker: string, count: number) => sendLines(url("distributor"), service, marker, count);
  holds = (expected: number) => holdsLines(url("query-frontend"), service, expected);

  /** A question about hours that are closed, whose answer may be kept. */
  askOld = () => askedLines(url("query-frontend"), service, 6 * 3600, 3600);

  /** One figure of a cache about itself. */
  async figure(cache: LokiCache, name: "cmd_set" | "get_hits"): Promise<number> {
    return Number((await this.stats(cache)).get(name) ?? NaN);
  }

  private stats(cache: LokiCache): Promise<ReadonlyMap<string, string>> {
    return new Promise((resolve, reject) => {
      const socket = net.connect(memcachedPort, Processes.address(caches[cache]), () => socket.write("stats\r\n"));
      socket.setTimeout(5_000, () => socket.destroy(new Error(`${cache} says nothing`)));
      socket.once("error", reject);
      let said = "";
      socket.on("data", (chunk) => {
        said += chunk.toString();
        if (!said.endsWith("END\r\n")) return;
        socket.end();
        resolve(new Map([...said.matchAll(/^STAT (\S+) (.*)\r$/gm)].map(([, key = "", value = ""]) => [key, value])));
      });
    });
  }
}
