import { type Box, FRAME, type Layout, MARGIN, NODE, type Structure } from './topology-layout.ts';

const GAP = 14;
const BETWEEN_NODES = 10;
/** Beside the contexts, for what goes between them. */
const ROOM = 128;
const SMALLEST_BULGE = 26;
/** Lines that leave and those that arrive, from the middle of a context. */
const ASIDE = 9;

/** Where everything stands on a narrow screen: one below the other, with what goes between them in bows at the side. */
export function layOutColumn({ processes, lines }: Structure): Layout {
  const frames = new Map<string, Box>();
  const nodes = new Map<string, Box>();
  const width = NODE.width + 2 * FRAME.side;
  let y = MARGIN;
  for (const { name, hosts } of processes) {
    const height = FRAME.top + hosts.length * (NODE.height + BETWEEN_NODES) - BETWEEN_NODES + FRAME.bottom;
    frames.set(name, { x: MARGIN, y, width, height });
    hosts.forEach((host, index) => {
      const top = y + FRAME.top + index * (NODE.height + BETWEEN_NODES);
      nodes.set(host, { ...NODE, x: MARGIN + FRAME.side, y: top });
    });
    y += height + GAP;
  }
  const height = y - GAP + MARGIN;
  const bows = lines.map(
    ({ id, from, to }) => [id, bow(nodes.get(from) as Box, nodes.get(to) as Box, height)] as const,
  );
  return { width: MARGIN + width + ROOM, height, frames, nodes, lines: new Map(bows) };
}

/** The further, the wider, so that they cross as little as they can. */
function bow(from: Box, to: Box, height: number) {
  const x = from.x + from.width;
  const [start, end] = [middleOf(from) + ASIDE, middleOf(to) - ASIDE];
  const bulge = SMALLEST_BULGE + ((ROOM - SMALLEST_BULGE) * Math.abs(end - start)) / height;
  const far = Math.round(x + (bulge * 4) / 3);
  return {
    path: `M${x},${start} C${far},${start} ${far},${end} ${x},${end}`,
    label: { x: x + bulge / 2, y: (start + end) / 2 },
  };
}

const middleOf = ({ y, height }: Box): number => y + height / 2;
