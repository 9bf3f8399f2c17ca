import type { Summary } from "../render/summary";
import { markup, table, type Html } from "./html";

/** What each system is for, in the order in which data goes through them. */
const purposes: readonly (readonly [system: string, purpose: string])[] = [
  ["collector-events", "turns what happens in Kubernetes into logs"],
  ["collector-agent", "on each node: reads the pods' logs, takes what they send"],
  ["collector-gateway", "takes metrics, logs and traces, sends them on"],
  ["collector-sampler", "decides which traces are kept"],
  ["node-exporter", "measures each node"],
  ["kube-state-metrics", "tells what Kubernetes wants and has"],
  ["prometheus", "collects recent metrics, evaluates alerts"],
  ["vmagent", "copies metrics to each store of the long term"],
  ["vmauth", "one door before several stores of metrics"],
  ["vmalert", "evaluates rules over long windows"],
  ["victoriametrics", "keeps metrics for long"],
  ["loki", "keeps and searches logs"],
  ["tempo", "keeps and searches traces"],
  ["kafka", "holds spans until Tempo has stored them"],
  ["alertmanager", "tells people of alerts"],
  ["grafana", "shows all of it"],
  ["versitygw", "S3 inside the cluster"],
  ["phoenix", "a small application to look at: the demo"],
];

/** By the longest name that the workload's begins with: `loki-ingester` is a part of `loki`. */
export function purposeOf(workload: string): string {
  const found = purposes.filter(([system]) => workload === system || workload.startsWith(`${system}-`));
  return found.sort(([a], [b]) => b.length - a.length)[0]?.[1] ?? "";
}

/** What is deployed, in which version and size; what is not, and why. */
export function systemsSection({ systems, absent, total, endpoints }: Summary): Html {
  const columns = [
    { title: "workload" },
    { title: "version" },
    { title: "kind" },
    { title: "replicas", number: true },
    { title: "CPU", number: true },
    { title: "memory", number: true },
    { title: "disk", number: true },
  ];
  const rows = systems.map(({ name, version, kind, replicas, cpu, memory, disk }) => [
    [name, markup`<div class="soft purpose">${purposeOf(name)}</div>`],
    version,
    kind,
    replicas === undefined ? "one per node" : replicas,
    cpu,
    memory,
    disk ?? "–",
  ]);
  return markup`${table("Requests of all replicas; of one node where there is one per node", columns, [
    ...rows,
    ["total", "", "", "", total.cpu, total.memory, total.disk],
  ])}
    ${absent.length > 0 && markup`<p>Not deployed: ${absent.map(({ name, why }) => `${name} (${why})`).join(", ")}.</p>`}
    <h3>Where to reach it</h3>
    ${table(
      "Addresses and names",
      [{ title: "what" }, { title: "where" }],
      Object.entries(endpoints)
        .filter(([, value]) => typeof value === "string")
        .map(([name, value]) => [words(name), markup`<code>${String(value)}</code>`]),
    )}`;
}

/** `otlpGrpcEndpoint` as "otlp grpc endpoint". */
const words = (name: string) => name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
