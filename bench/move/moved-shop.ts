import { setTimeout as pause } from 'node:timers/promises';
import { brokerSettings } from '@fissile/kit/testing';
import { Api } from '../../test/harness/api.js';
import { bookDifferences } from '../../test/harness/book-differences.js';
import { Shop } from '../../test/harness/shop.js';
import { StrictClients } from '../../test/harness/strict-clients.js';
import { Answers } from './answers.js';
import type { Kind } from './kinds.js';
import { carryOut, type Move, type Window } from './timed-moves.js';

const STEADY_MS = 5_000;
const BETWEEN_MS = 500;
const PRODUCTS = 100;

/** How often each kind of move is made, under how many clients, with which transport between processes. */
export interface MoveRun {
  readonly transport: string;
  readonly moves: number;
  readonly clients: number;
  readonly kinds: readonly Kind[];
}

export interface Moved {
  readonly kind: Kind;
  readonly moves: readonly Move[];
  /** Before the first move, and after the last. */
  readonly steady: readonly Window[];
  readonly failed: number;
}

export interface MovedShop extends MoveRun {
  readonly answers: Answers;
  readonly moved: readonly Moved[];
  /** What clients got instead of the expected answers, each once. */
  readonly failures: readonly string[];
  /** Orders, stocks and payments that do not agree at rest. */
  readonly differences: readonly string[];
}

/** Starts a shop in one process, loads it, and makes every kind of move again and again. */
export async function moveUnderLoad(run: MoveRun): Promise<MovedShop> {
  const shop = await Shop.start({
    env: { TOPOLOGY: 'monolith', TRANSPORT: run.transport, ...brokerSettings() },
  });
  try {
    const answers = new Answers();
    const clients = await startClients(shop, run.clients, answers);
    const moved: Moved[] = [];
    try {
      for (const kind of run.kinds)
        moved.push(await moveAgainAndAgain(shop, clients, { kind, moves: run.moves }));
    } finally {
      await clients.end();
    }
    const differences = await differencesAtRest(shop, clients);
    return { ...run, answers, moved, failures: [...new Set(clients.failures)], differences };
  } finally {
    await shop.close();
  }
}

async function startClients(shop: Shop, count: number, answers: Answers): Promise<StrictClients> {
  const api = new Api(shop);
  const admin = await api.admin();
  const customers = [];
  while (customers.length < count) customers.push(await api.customer());
  const products = [];
  while (products.length < PRODUCTS) products.push(await api.product(admin, { stock: 1_000_000 }));
  return new StrictClients(shop.url, customers, products, {
    onAnswer: (askedAt) => answers.add(askedAt),
  });
}

async function moveAgainAndAgain(
  { dataDir }: Shop,
  clients: StrictClients,
  { kind, moves }: { kind: Kind; moves: number },
): Promise<Moved> {
  const before = await steady();
  const failedBefore = clients.failures.length;
  const made: Move[] = [];
  while (made.length < moves) {
    for (const request of [kind.out, kind.back]) {
      made.push(await carryOut(dataDir, request));
      await pause(BETWEEN_MS);
    }
  }
  const after = await steady();
  return { kind, moves: made, steady: [before, after], failed: clients.failures.length - failedBefore };
}

async function steady(): Promise<Window> {
  const from = performance.now();
  await pause(STEADY_MS);
  return { from, to: performance.now() };
}

/** What is lost or doubled, when nothing is under way any more. */
async function differencesAtRest(shop: Shop, clients: StrictClients): Promise<readonly string[]> {
  const api = new Api(shop);
  // The sessions of the start have ended meanwhile.
  for (const [customer, ids] of clients.orders) {
    const last = ids.at(-1);
    const token = await api.login(customer.email, customer.password);
    if (last !== undefined) await api.orderAtRest(last, token);
  }
  return bookDifferences(shop);
}
