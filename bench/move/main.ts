import { setTimeout as pause } from 'node:timers/promises';
import { brokerSettings } from '@fissile/kit/testing';
import { Api } from '../../test/harness/api.js';
import { bookDifferences } from '../../test/harness/book-differences.js';
import { Shop } from '../../test/harness/shop.js';
import { StrictClients } from '../../test/harness/strict-clients.js';
import { startTestServices } from '../../test/test-services.js';
import { spreadOf } from '../figures.js';
import { readOptions, type ReportTable, writeReport } from '../report/index.js';
import { Answers } from './answers.js';
import { type Kind, KINDS } from './kinds.js';
import { carryOut, type Move, type Window } from './timed-moves.js';

/**
 * Moves contexts between processes of a shop that clients ask for orders, products and new sessions as fast as it answers.
 * Usage: npm run bench:move [-- --moves N] [--clients N] [--transport grpc|tcp|nats] [--no-report]
 */
const options = readOptions({ moves: 100, clients: 64, transport: 'grpc' });
const STEADY_MS = 5_000;
const BETWEEN_MS = 500;
const PRODUCTS = 100;
const INTRO = `What clients notice of a context that moves between processes: out of the process that hosts everything, and back.
They ask as fast as they are answered, repeat nothing, and count any answer other than the expected one as a failure.`;

interface Moved {
  readonly kind: Kind;
  readonly moves: readonly Move[];
  /** Before the first move, and after the last. */
  readonly steady: readonly Window[];
  readonly failed: number;
}

const services = await startTestServices();
Object.assign(process.env, services.env);
const shop = await Shop.start({
  env: { TOPOLOGY: 'monolith', TRANSPORT: options.transport, ...brokerSettings() },
});
const answers = new Answers();
const clients = await startClients();
const moved: Moved[] = [];
try {
  for (const kind of KINDS) moved.push(await moveAgainAndAgain(kind));
} finally {
  await clients.end();
}
const differences = await differencesAtRest();
await shop.close();
await services.stop();
await writeReport(
  { slug: 'move', title: 'Moving a context', intro: INTRO, command: 'npm run bench:move', tables: tables() },
  options.full,
);
for (const problem of [...new Set(clients.failures), ...differences]) console.error(problem);
process.exit(clients.failures.length + differences.length > 0 ? 1 : 0);

async function startClients(): Promise<StrictClients> {
  const api = new Api(shop);
  const admin = await api.admin();
  const customers = [];
  for (let count = 0; count < options.clients; count += 1) customers.push(await api.customer());
  const products = [];
  for (let count = 0; count < PRODUCTS; count += 1)
    products.push(await api.product(admin, { stock: 1_000_000 }));
  return new StrictClients(shop.url, customers, products, {
    onAnswer: (askedAt) => answers.add(askedAt),
  });
}

async function steady(): Promise<Window> {
  const from = performance.now();
  await pause(STEADY_MS);
  return { from, to: performance.now() };
}

async function moveAgainAndAgain(kind: Kind): Promise<Moved> {
  const before = await steady();
  const failedBefore = clients.failures.length;
  const moves: Move[] = [];
  while (moves.length < options.moves) {
    for (const request of [kind.out, kind.back]) {
      moves.push(await carryOut(shop.dataDir, request));
      await pause(BETWEEN_MS);
    }
  }
  const after = await steady();
  return { kind, moves, steady: [before, after], failed: clients.failures.length - failedBefore };
}

/** What is lost or doubled, when nothing is under way any more. */
async function differencesAtRest(): Promise<readonly string[]> {
  const api = new Api(shop);
  // The sessions of the start have ended meanwhile.
  for (const [customer, ids] of clients.orders) {
    const last = ids.at(-1);
    const token = await api.login(customer.email, customer.password);
    if (last !== undefined) await api.orderAtRest(last, token);
  }
  return bookDifferences(shop);
}

function tables(): ReportTable[] {
  const rows = moved.map(({ kind, moves, steady: windows, failed }) => {
    const moving = moves.map((move) => move.moving);
    const [calm, during] = [answers.within(windows), answers.within(moving)];
    const starting = answers.within(moves.map((move) => move.starting));
    return {
      label: kind.label,
      cells: [
        moves.length,
        failed,
        spreadOf(moving.map(({ from, to }) => to - from)),
        calm.throughput,
        starting.throughput,
        during.throughput,
        calm.p99,
        during.p99,
        during.p99 / calm.p99,
      ],
    };
  });
  return [
    {
      title: `${options.clients} clients, over ${options.transport}`,
      note: `A move lasts from the moment that the new owner works until the former one has ended what it had. Steady is before
the moves and after them. ${answers.count} answers in all; ${differences.length} orders, stocks or payments that do not agree afterwards.`,
      columns: [
        { heading: 'moves', digits: 0 },
        { heading: 'failed requests', digits: 0 },
        { heading: 'a move', unit: 'ms', digits: 0 },
        { heading: 'steady', unit: 'requests/s', digits: 0 },
        { heading: 'while it starts', unit: 'requests/s', digits: 0 },
        { heading: 'in a move', unit: 'requests/s', digits: 0 },
        { heading: 'p99, steady', unit: 'ms', digits: 0 },
        { heading: 'p99, in a move', unit: 'ms', digits: 0 },
        { heading: 'ratio of p99', unit: '×' },
      ],
      rows,
    },
  ];
}
