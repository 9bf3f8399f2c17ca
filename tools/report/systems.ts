import type { Summary } from "../render/summary";
import { markup, table, type Html } from "./html";

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
  const rows = systems.map(({ name, purpose, version, kind, replicas, cpu, memory, disk }) => [
    [name, markup`<div class="soft purpose">${purpose}</div>`],
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
