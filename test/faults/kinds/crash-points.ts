import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Api } from '../../harness/api.js';
import { until } from '@fissile/kit/testing';
import { EVERYWHERE, type Fault, type Scene, type Stage } from '../fault.js';

/**
 * Kills a process right before or after one of the commits by which an order is placed, rejected, cancelled, shipped
 * or returned. It finds the points by observing orders, so that it covers a new commit automatically.
 */
export function crashPoints(): Fault {
  let file = '';
  let points: string[] = [];
  return {
    name: 'kill -9 at a commit',
    topologies: EVERYWHERE,
    tries: { short: 3, long: Infinity },
    prepare: async () => {
      const folder = mkdtempSync(join(tmpdir(), 'fissile-faults-'));
      file = join(folder, 'point');
      points = [];
      return stageOf(folder, file);
    },
    inflict: async (scene, tryNumber) => {
      if (points.length === 0) points = scene.random.shuffle(await watchOrders(scene, file));
      const point = points[tryNumber];
      if (point === undefined) throw new NoMorePoints();
      await hit(scene, file, point);
    },
  };
}

/** All points have been tried. */
export class NoMorePoints extends Error {}

function stageOf(folder: string, file: string): Promise<Stage> {
  return Promise.resolve({
    options: { env: { FAULT_FILE: file } },
    close: async () => rmSync(folder, { recursive: true, force: true }),
  });
}

/** Places every kind of order without faults, and returns the points that were passed. */
async function watchOrders({ shop, crowd }: Scene, file: string): Promise<string[]> {
  const buyer = await newBuyer(shop);
  writeFileSync(`${file}.trace`, '');
  await placeEachKind(buyer);
  await crowd.goesOn(40);
  const trace = readFileSync(`${file}.trace`, 'utf8').trim().split('\n');
  rmSync(`${file}.trace`);
  // Accounts and the catalogue are out of scope.
  return [...new Set(trace)].filter((point) => !/ (users|products): /.test(point)).sort();
}

interface Buyer {
  readonly api: Api;
  readonly admin: string;
  readonly token: string;
  readonly productId: string;
}

async function newBuyer(shop: Scene['shop']): Promise<Buyer> {
  const api = new Api(shop);
  const admin = await api.admin();
  const { token } = await api.customer();
  return { api, admin, token, productId: await api.product(admin, { stock: 1_000 }) };
}

/** Orders that are confirmed, rejected, cancelled, shipped and returned, one after the other. */
async function placeEachKind({ api, admin, token, productId }: Buyer): Promise<void> {
  for (const method of ['pm_card_ok', 'pm_card_declined', 'pm_card_timeout', 'pm_card_error_then_ok']) {
    const { body } = await api.placeOrder(token, [{ productId, quantity: 1 }], { method, key: randomUUID() });
    await api.orderAtRest(body.id as string, token);
    if (method === 'pm_card_ok') {
      await api.post(`/api/orders/${body.id}/cancel`, {}, token);
      await api.orderAtRest(body.id as string, token);
    }
    if (method === 'pm_card_timeout') {
      await api.post(`/api/orders/${body.id}/ship`, {}, admin);
      await api.post(`/api/orders/${body.id}/return`, {}, admin);
    }
  }
  await api.placeOrder(token, [{ productId, quantity: 10_000 }], { key: randomUUID() });
}

async function hit({ shop, recovery }: Scene, file: string, point: string): Promise<void> {
  const pids = new Map(shop.pids());
  const buyer = await newBuyer(shop);
  writeFileSync(file, point);
  // The crowd comes to some of the points seldom. An order fails when the process is gone.
  let isAwaited = true;
  const orders = placeWhile(() => isAwaited, buyer).catch(() => undefined);
  const isHit = () => existsSync(`${file}.hit`);
  await until(`a process has reached the point: ${point}`, isHit).finally(() => (isAwaited = false));
  recovery.begin();
  rmSync(`${file}.hit`);
  if (shop.topology === 'monolith') {
    await until('the process has ended', () => !shop.isRunning);
    await shop.run();
  } else {
    const context = / (\w+): /.exec(point)?.[1] ?? '';
    await shop.isBack(context, pids.get(context) ?? 0);
  }
  await orders;
}

async function placeWhile(goesOn: () => boolean, buyer: Buyer): Promise<void> {
  while (goesOn()) await placeEachKind(buyer);
}
