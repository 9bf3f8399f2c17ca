import { count, details, Html, markup, scrolling, table, type Content } from "./html";
import { layout, type Point } from "./layers";
import { box, curve, spreadEnds, straight, turnOf } from "./lines";
import { fitted, path, picture, rectangle, words } from "./picture";

/** A connection, as the network policies allow it. */
export interface Connection {
  readonly from: string;
  readonly to: string;
  /** `4317/TCP`, or `any/TCP`. */
  readonly port: string;
  readonly why: string;
}

export interface Node {
  readonly name: string;
  /** Second line of its box: version, replicas. */
  readonly note: string;
  /** Not deployed by the stack. */
  readonly outside: boolean;
}

/** Places at the right end: what the stack only talks to. */
const ends = ["object-storage", "existing", "internet", "kubernetes-api", "cluster-dns"];

/** Words for what lies outside. */
const outsideNotes: Readonly<Record<string, string>> = {
  "kubernetes-api": "API server",
  nodes: "kubelet, host ports",
  "cluster-dns": "names in the cluster",
  "object-storage": "S3 and STS",
  internet: "receivers of alerts",
  existing: "brought along",
  applications: "any pod",
  "ingress-controller": "requests from outside",
};

/**
 * Connections that every picture of the stack has and that hide the others: scrapes, names, the API server, and what the
 * servers say about themselves. They are drawn on demand and stand in the table.
 */
const isExtra = ({ to, why }: Connection) =>
  /scrapes|its own traces/.test(why) || to === "cluster-dns" || to === "kubernetes-api";

interface Drawn {
  readonly from: string;
  readonly to: string;
  readonly ports: readonly string[];
  readonly why: readonly string[];
}

/** One line for all connections between the same two. */
function merged(connections: readonly Connection[]): Drawn[] {
  const found = new Map<string, { from: string; to: string; ports: string[]; why: string[] }>();
  for (const { from, to, port, why } of connections) {
    if (from === to) continue;
    const key = `${from} → ${to}`;
    const line = found.get(key) ?? { from, to, ports: [], why: [] };
    found.set(key, line);
    if (!line.ports.includes(port)) line.ports.push(port);
    if (!line.why.includes(why)) line.why.push(why);
  }
  return [...found.values()];
}

/** The layout runs left to right; the picture from top to bottom, which fits a page and a phone: it is turned around. */
const sizes = { nodeWidth: box.height, nodeHeight: box.width, across: 64, down: 24, margin: 12 };

const turned = ({ x, y }: Point): Point => ({ x: y, y: x });

const arrow = new Html(
  '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">' +
    '<path class="head" d="M0 0L8 4L0 8Z"/></marker></defs>',
);

const line = (d: string) => path("edge", d, { "marker-end": "url(#arrow)" });

/** What talks to what: a picture, and the same as a table. */
export function topology(connections: readonly Connection[], known: readonly Node[]): Html {
  const main = merged(connections.filter((each) => !isExtra(each)));
  const extra = merged(connections.filter(isExtra));
  const names = [...new Set([...main, ...extra].flatMap(({ from, to }) => [from, to]))];
  const nodeOf = (name: string): Node =>
    known.find((node) => node.name === name) ?? { name, note: outsideNotes[name] ?? "", outside: true };
  // The picture's order must not depend on the order of the list.
  const ordered = [...names].sort((a, b) => (a < b ? -1 : 1));
  const { nodes, paths, width: depth, height: breadth } = layout(ordered, main, sizes, new Set(ends));
  const spread = spreadEnds(
    main,
    paths.map((way) => way.map(turned)),
  );
  const at = (name: string) => turned(nodes.get(name) ?? { x: 0, y: 0 });
  const inside = ordered.filter((name) => !nodeOf(name).outside).length;
  const drawing = picture({
    id: "topology-picture",
    title: "What talks to what",
    description: `${count(inside, "workload")} and ${count(ordered.length - inside, "place")} outside. ${main
      .map(({ from, to, ports, why }) => `${from} to ${to}, ${ports.join(", ")}: ${why.join("; ")}.`)
      .join(" ")}`,
    width: breadth,
    height: depth,
    content: [
      arrow,
      markup`<g class="extra">${extra.map(({ from, to }) => line(straight(at(from), at(to))))}</g>`,
      main.map((_, index) => line(curve(spread[index] ?? []))),
      main.map(({ ports, to }, index) => label(ports, spread[index] ?? [], turnOf(main, index, to, spread))),
      ordered.map((name) => drawnBox(nodeOf(name), listening(name, connections), at(name))),
    ],
  });
  return markup`<p class="soft">
      Boxes with a broken border are not part of the stack. Each line is a network policy: what is not in the table
      below is refused.
    </p>
    <label class="toggle"><input type="checkbox" /> Scrapes, DNS, API server and the servers’ own traces too</label>
    ${scrolling("Picture: what talks to what", markup`<div class="wide topology" style="--least:${Math.round(breadth * 0.8)}px">${drawing}</div>`)}
    ${details(`${count(connections.length, "connection")} as a table`, connectionTable(connections))}`;
}

function connectionTable(connections: readonly Connection[]): Html {
  const rows = [...connections]
    .sort((a, b) => (`${a.from} ${a.to} ${a.port}` < `${b.from} ${b.to} ${b.port}` ? -1 : 1))
    .map(({ from, to, port, why }) => [from, to, port, why]);
  const columns = ["from", "to", "port", "why"].map((title) => ({ title }));
  return table("Allowed connections; everything else is refused", columns, rows);
}

/** The ports at which others reach it: `3100 9095, 9094/UDP`. */
function listening(name: string, connections: readonly Connection[]): string {
  const ports = [...new Set(connections.filter(({ to }) => to === name).map(({ port }) => port))];
  return shortPorts(ports.sort((a, b) => a.localeCompare(b, "en", { numeric: true })));
}

/** TCP needs no word. */
const shortPorts = (ports: readonly string[]) => ports.map((port) => port.replace("/TCP", "")).join(" ");

function drawnBox({ name, note, outside }: Node, ports: string, { x, y }: Point): Content {
  const line = (kind: string, down: number, size: number, text: string) =>
    words(kind, x + 8, y + down, fitted(text, box.width - 8, size));
  return [
    rectangle(outside ? "outside" : "node", x, y, box.width, box.height, 5),
    line("name", 19, 13, name),
    line("soft fine", 36, 12, note),
    line("fine", 53, 13.5, ports === "" ? "" : `→ ${ports}`),
  ];
}

/** The ports at the end of a line; `turn` keeps labels side by side apart. */
function label(ports: readonly string[], points: readonly Point[], turn: number): Content {
  const end = points.at(-1);
  const before = points.at(-2);
  if (end === undefined || before === undefined) return undefined;
  const all = shortPorts(ports);
  const [first = ""] = ports;
  // More than there is room for: the box itself and the table have all of them.
  const text = all.length <= 9 ? all : `${shortPorts([first])} +${ports.length - 1}`;
  const away = 13 + turn * 13;
  return words("fine halo", end.x, end.y + (before.y < end.y ? -away : away + 9), text, "middle");
}
