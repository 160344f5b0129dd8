import { Graph, layout } from '@dagrejs/dagre';

export const NODE = { width: 148, height: 54 };
export const LABEL = { width: 112, height: 20 };
/** Around the contexts of a process; above them is its name, below them where it runs. */
export const FRAME = { side: 14, top: 34, bottom: 30 };
const NO_ROOM = { side: 0, top: 0, bottom: 0 };
export const MARGIN = 4;

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

export interface Structure {
  readonly processes: readonly { readonly name: string; readonly hosts: readonly string[] }[];
  readonly lines: readonly { readonly id: string; readonly from: string; readonly to: string }[];
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  /** Boxes begin at their left upper corner. */
  readonly frames: ReadonlyMap<string, Box>;
  readonly nodes: ReadonlyMap<string, Box>;
  readonly lines: ReadonlyMap<string, { readonly path: string; readonly label: Point }>;
}

/** Where everything stands, from left to right as work goes; it depends on what there is, and not on the figures. */
export function layOut({ processes, lines }: Structure): Layout {
  const graph = new Graph({ compound: true, multigraph: true });
  graph.setGraph({ rankdir: 'LR', nodesep: 26, edgesep: 22, ranksep: 26 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { name, hosts } of processes) {
    if (hosts.length > 1) graph.setNode(`frame ${name}`, {});
    for (const host of hosts) {
      // A frame is drawn around a context alone too: room is kept for it.
      const height = NODE.height + FRAME.top + FRAME.bottom;
      graph.setNode(host, { width: NODE.width + 2 * FRAME.side, height });
      if (hosts.length > 1) graph.setParent(host, `frame ${name}`);
    }
  }
  for (const { id, from, to } of lines) {
    graph.setEdge(from, to, { ...LABEL, labelpos: 'c' }, id);
  }
  layout(graph);
  return read(graph, { processes, lines });
}

function read(graph: Graph, { processes, lines }: Structure): Layout {
  const nodes = new Map(
    processes.flatMap(({ hosts }) => hosts).map((host) => [host, innerBox(graph.node(host) as Point)]),
  );
  const frames = new Map(
    processes.map(({ name, hosts }) => [name, hull(hosts.map((host) => nodes.get(host) as Box))]),
  );
  const drawn = lines.map(({ id, from, to }) => {
    const edge = graph.edge({ v: from, w: to, name: id }) as unknown as Point & { points: Point[] };
    const inner = edge.points.slice(1, -1);
    const ends = [nodes.get(from) as Box, nodes.get(to) as Box] as const;
    const points = [
      onBorder(ends[0], inner[0] ?? centreOf(ends[1])),
      ...inner,
      onBorder(ends[1], inner.at(-1) ?? centreOf(ends[0])),
    ];
    return { id, points, label: { x: edge.x, y: edge.y } };
  });
  return fitted(nodes, frames, drawn);
}

/** Moved so that everything begins at the margin: curves and frames may reach further than the nodes. */
function fitted(
  nodes: ReadonlyMap<string, Box>,
  frames: ReadonlyMap<string, Box>,
  drawn: readonly { id: string; points: readonly Point[]; label: Point }[],
): Layout {
  const labels = drawn.map(({ label }) => boxAround(label, LABEL));
  const points = drawn.flatMap((line) => line.points.map((point) => ({ ...point, width: 0, height: 0 })));
  // One process is around everything, its lines too.
  const isWhole = frames.size === 1;
  const whole = hull([...nodes.values(), ...labels, ...points]);
  const placed = isWhole ? new Map([...frames.keys()].map((name) => [name, whole])) : frames;
  const all = hull([...placed.values(), ...(isWhole ? [] : [...labels, ...points])], NO_ROOM);
  const move = <T extends Point>(thing: T): T => ({
    ...thing,
    x: thing.x - all.x + MARGIN,
    y: thing.y - all.y + MARGIN,
  });
  const moved = (boxes: ReadonlyMap<string, Box>) =>
    new Map([...boxes].map(([name, box]) => [name, move(box)]));
  return {
    width: all.width + 2 * MARGIN,
    height: all.height + 2 * MARGIN,
    nodes: moved(nodes),
    frames: moved(placed),
    lines: new Map(
      drawn.map(({ id, points, label }) => [id, { path: curve(points.map(move)), label: move(label) }]),
    ),
  };
}

const centreOf = ({ x, y, width, height }: Box): Point => ({ x: x + width / 2, y: y + height / 2 });

const boxAround = ({ x, y }: Point, { width, height }: { width: number; height: number }): Box => ({
  x: x - width / 2,
  y: y - height / 2,
  width,
  height,
});

const innerBox = ({ x, y }: Point): Box => boxAround({ x, y: y + (FRAME.top - FRAME.bottom) / 2 }, NODE);

/** What is around all of them, with the room of a frame unless given otherwise. */
function hull(boxes: readonly Box[], { side, top, bottom } = FRAME): Box {
  const x = Math.min(...boxes.map((box) => box.x)) - side;
  const y = Math.min(...boxes.map((box) => box.y)) - top;
  return {
    x,
    y,
    width: Math.max(...boxes.map((box) => box.x + box.width)) + side - x,
    height: Math.max(...boxes.map((box) => box.y + box.height)) + bottom - y,
  };
}

/** Lines leave and arrive at the sides, at the height where they come from: arrows stay apart. */
function onBorder(box: Box, towards: Point): Point {
  const centre = centreOf(box);
  const slope = (towards.y - centre.y) / Math.max(1, Math.abs(towards.x - centre.x));
  const reach = box.height / 2 - 7;
  const y = centre.y + Math.max(-reach, Math.min(reach, (slope * box.width) / 2));
  return { x: towards.x < centre.x ? box.x : box.x + box.width, y };
}

/** Through all points, level at each, so that nothing swings past a label. */
function curve([first, ...rest]: readonly Point[]): string {
  if (!first) return '';
  let path = `M${at(first)}`;
  let from = first;
  for (const to of rest) {
    const middle = (from.x + to.x) / 2;
    path += ` C${at({ x: middle, y: from.y })} ${at({ x: middle, y: to.y })} ${at(to)}`;
    from = to;
  }
  return path;
}

const at = ({ x, y }: Point): string => `${Math.round(x)},${Math.round(y)}`;
