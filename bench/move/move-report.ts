import { spreadOf } from '../figures.js';
import type { Column, Report, ReportTable } from '../report/index.js';
import type { Moved, MovedShop } from './moved-shop.js';
import type { Window } from './timed-moves.js';

const INTRO = `What clients notice of a context that moves between processes: out of the process that hosts everything, and back.
They ask as fast as they are answered, repeat nothing, and count any answer other than the expected one as a failure.`;

const COLUMNS: readonly Column[] = [
  { heading: 'moves', digits: 0 },
  { heading: 'failed requests', digits: 0 },
  { heading: 'with the start', unit: 'ms', digits: 0 },
  { heading: 'a move', unit: 'ms', digits: 0 },
  { heading: 'steady', unit: 'requests/s', digits: 0 },
  { heading: 'while it starts', unit: 'requests/s', digits: 0 },
  { heading: 'in a move', unit: 'requests/s', digits: 0 },
  { heading: 'p99, steady', unit: 'ms', digits: 0 },
  { heading: 'p99, in a move', unit: 'ms', digits: 0 },
  { heading: 'ratio of p99', unit: '×' },
];

/** A table for each transport. */
export function moveReport(shops: readonly MovedShop[]): Report {
  return {
    slug: 'move',
    title: 'Moving a context',
    intro: INTRO,
    command: 'npm run bench:move',
    tables: shops.map(tableOf),
  };
}

function tableOf(shop: MovedShop): ReportTable {
  const { clients, transport, answers, differences, moved } = shop;
  return {
    title: `${clients} clients, over ${transport}`,
    note: `A move lasts from the moment that the new owner works until the former one has ended what it had; a topology is applied by
a move for each process that is new, one after the other. Steady is before the moves and after them. ${answers.count} answers in all; ${differences.length} orders, stocks or payments that do not agree afterwards.`,
    columns: COLUMNS,
    rows: moved.map((each) => ({ label: each.kind.label, cells: cellsOf(shop, each) })),
  };
}

function cellsOf(
  { answers }: MovedShop,
  { moves, steady, failed }: Moved,
): ReportTable['rows'][number]['cells'] {
  const moving = moves.flatMap((move) => move.moving);
  const starting = moves.flatMap((move) => move.starting);
  const [calm, during] = [answers.within(steady), answers.within(moving)];
  return [
    moves.length,
    failed,
    spreadOf(moves.map(({ whole }) => lengthOf(whole))),
    spreadOf(moving.map(lengthOf)),
    calm.throughput,
    answers.within(starting).throughput,
    during.throughput,
    calm.p99,
    during.p99,
    during.p99 / calm.p99,
  ];
}

const lengthOf = ({ from, to }: Window): number => to - from;
