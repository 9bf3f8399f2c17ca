/** Lays a directed graph out in layers, left to right. Small, and deterministic: the same graph gives the same picture. */

export interface Edge {
  readonly from: string;
  readonly to: string;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Layout {
  /** Top left corner of each node. */
  readonly nodes: ReadonlyMap<string, Point>;
  /** The way of each edge, by its place in the list: start, a point in each layer that it passes, end. */
  readonly paths: readonly (readonly Point[])[];
  readonly width: number;
  readonly height: number;
}

export interface Sizes {
  readonly nodeWidth: number;
  readonly nodeHeight: number;
  /** Between layers; labels of edges stand there. */
  readonly across: number;
  /** Between nodes of one layer. */
  readonly down: number;
  readonly margin: number;
}

/** Layers by the longest way from a source; edges that close a circle are drawn backwards and count for nothing. */
function layersOf(names: readonly string[], edges: readonly Edge[], last: ReadonlySet<string>): Map<string, number> {
  const state = new Map<string, "open" | "done">();
  const layer = new Map(names.map((name) => [name, 0]));
  const order: string[] = [];
  const back = new Set<Edge>();
  const visit = (name: string) => {
    state.set(name, "open");
    for (const edge of edges) {
      if (edge.from !== name || edge.to === name) continue;
      if (state.get(edge.to) === "open") back.add(edge);
      else if (!state.has(edge.to)) visit(edge.to);
    }
    state.set(name, "done");
    order.unshift(name);
  };
  for (const name of names) if (!state.has(name)) visit(name);
  for (const name of order) {
    for (const edge of edges) {
      if (edge.from !== name || edge.to === name || back.has(edge)) continue;
      layer.set(edge.to, Math.max(layer.get(edge.to) ?? 0, (layer.get(name) ?? 0) + 1));
    }
  }
  // What nothing leads to stands right before what it talks to, not far away at the left edge.
  for (const name of order) {
    if (edges.some(({ from, to }) => to === name && from !== name)) continue;
    const targets = edges.filter(({ from, to }) => from === name && to !== name).map(({ to }) => layer.get(to) ?? 0);
    if (targets.length > 0) layer.set(name, Math.max(0, Math.min(...targets) - 1));
  }
  const end = Math.max(0, ...[...layer].filter(([name]) => !last.has(name)).map(([, value]) => value)) + 1;
  for (const name of last) if (layer.has(name)) layer.set(name, end);
  return layer;
}

/** Places per layer: nodes, and a point for each edge that passes a layer. */
interface Place {
  readonly name: string;
  readonly layer: number;
  readonly next: Place[];
  readonly previous: Place[];
  position: number;
}

/** @param last nodes that stand in a layer of their own at the right end */
export function layout(
  names: readonly string[],
  edges: readonly Edge[],
  sizes: Sizes,
  last: ReadonlySet<string> = new Set(),
): Layout {
  const layer = layersOf(names, edges, last);
  const layers: Place[][] = [];
  const add = (name: string, at: number): Place => {
    const place: Place = { name, layer: at, next: [], previous: [], position: 0 };
    (layers[at] ??= []).push(place);
    return place;
  };
  const places = new Map(names.map((name) => [name, add(name, layer.get(name) ?? 0)]));
  const ways = edges.map((edge) => passed(edge, places, add));
  for (const row of layers) row?.forEach((place, index) => (place.position = index));
  for (let sweep = 0; sweep < 8; sweep += 1) sort(layers, sweep % 2 === 0);

  const { nodeWidth, nodeHeight, across, down, margin } = sizes;
  const tallest = Math.max(...layers.map((row) => heightOf(row ?? [], sizes)), nodeHeight);
  const points = new Map<Place, Point>();
  layers.forEach((row, index) => {
    let y = margin + (tallest - heightOf(row ?? [], sizes)) / 2;
    for (const place of row ?? []) {
      points.set(place, { x: margin + index * (nodeWidth + across), y });
      y += (places.get(place.name) === place ? nodeHeight : nodeHeight / 3) + down;
    }
  });
  const corner = (place: Place | undefined): Point => (place && points.get(place)) ?? { x: 0, y: 0 };
  const paths = ways.map((way) => route(way.map(corner), sizes));
  return {
    nodes: new Map(names.map((name) => [name, corner(places.get(name))])),
    paths,
    width: 2 * margin + layers.length * nodeWidth + Math.max(0, layers.length - 1) * across,
    height: tallest + 2 * margin,
  };
}

const isPassing = (place: Place) => place.name === "";

function heightOf(row: readonly Place[], { nodeHeight, down }: Sizes): number {
  return row.reduce((sum, place) => sum + (isPassing(place) ? nodeHeight / 3 : nodeHeight) + down, -down);
}

function passed(
  { from, to }: Edge,
  places: ReadonlyMap<string, Place>,
  add: (name: string, layer: number) => Place,
): Place[] {
  const start = places.get(from);
  const end = places.get(to);
  if (start === undefined || end === undefined) return [];
  const step = Math.sign(end.layer - start.layer);
  const way = [start];
  for (let at = start.layer + step; step !== 0 && at !== end.layer; at += step) way.push(add("", at));
  way.push(end);
  way.slice(1).forEach((place, index) => {
    const before = way[index];
    if (before === undefined || before.layer === place.layer) return;
    const [left, right] = before.layer < place.layer ? [before, place] : [place, before];
    left.next.push(right);
    right.previous.push(left);
  });
  return way;
}

/** Each place at the mean of its neighbours in the layer before (or after): fewer edges cross. */
function sort(layers: readonly Place[][], forwards: boolean): void {
  const rows = forwards ? layers : [...layers].reverse();
  for (const row of rows) {
    if (row === undefined) continue;
    const wanted = new Map(
      row.map((place) => {
        const neighbours = forwards ? place.previous : place.next;
        const sum = neighbours.reduce((total, { position }) => total + position, 0);
        return [place, neighbours.length === 0 ? place.position : sum / neighbours.length];
      }),
    );
    row.sort((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0) || a.position - b.position);
    row.forEach((place, index) => (place.position = index));
  }
}

/** From the side of one node to the side of the other, through the middle of the points in between. */
function route(corners: readonly Point[], { nodeWidth, nodeHeight }: Sizes): Point[] {
  const [first, ...others] = corners;
  const end = others.pop();
  if (first === undefined || end === undefined) return [];
  const forwards = end.x > first.x;
  const sameLayer = end.x === first.x;
  return [
    { x: first.x + (forwards || sameLayer ? nodeWidth : 0), y: first.y + nodeHeight / 2 },
    ...others.flatMap(({ x, y }) => {
      const left = { x, y: y + nodeHeight / 6 };
      const right = { x: x + nodeWidth, y: y + nodeHeight / 6 };
      return forwards ? [left, right] : [right, left];
    }),
    { x: end.x + (forwards ? 0 : nodeWidth), y: end.y + nodeHeight / 2 },
  ];
}
