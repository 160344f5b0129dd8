import { CONTEXTS } from '#contracts';
import { Api, type Customer, type Json } from '../harness/api.js';
import { queryServer, until } from '@fissile/kit/testing';
import { bookDifferences } from '../harness/book-differences.js';
import type { Shop } from '../harness/shop.js';
import type { Crowd, Wish } from './crowd.js';

/** The effect of a fault on the shop: a line for each failure. */
export interface ConsistencyReport {
  readonly orders: number;
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly stuck: readonly string[];
}

export interface ConsistencyOptions {
  /** The total that the provider has moved, in minor units, if it is not the sandbox. */
  readonly moved?: (() => number) | undefined;
  /** Called when no saga runs and no event waits for the first time. */
  readonly onRest?: () => void;
}

const UNDO_ORDER = ['refund-payment', 'release-inventory', 'cancel-order'];
/** How long the shop may take to come to rest once the fault is over. */
const REST_WITHIN_MS = Number(process.env['FAULTS_REST_WITHIN_MS'] ?? 90_000);

/** Waits until the shop is at rest, and compares its reports, and its provider's ledger, with the requests. */
export async function checkConsistency(
  shop: Shop,
  crowd: Crowd,
  { moved, onRest }: ConsistencyOptions = {},
): Promise<ConsistencyReport> {
  const api = new Api(shop);
  await until('the shop is healthy', async () => (await api.get('/health')).status === 200, REST_WITHIN_MS);
  const admin = await api.admin();
  const lost: string[] = [];
  const doubled: string[] = [];
  const stuck = await comesToRest(shop, api, admin);
  if (stuck.length === 0) onRest?.();
  stuck.push(...(await retryAll(crowd, lost)));
  for (const { key, orderIds } of crowd.wishes) {
    if (orderIds.size > 1) doubled.push(`${key} has ${orderIds.size} orders`);
  }
  stuck.push(...(await comesToRest(shop, api, admin)));
  sort(await bookDifferences(shop), { lost, doubled, stuck });
  doubled.push(...(await ledgerDifferences(shop, moved)), ...(await goodsDifferences(shop, api, admin)));
  for (const customer of crowd.customers) lost.push(...(await checkOrders(api, customer)));
  for (const customer of crowd.customers) await checkNotifications(api, customer, { lost, doubled, stuck });
  return { orders: crowd.wishes.length, lost, doubled, stuck };
}

/** Every request gets a response in the end, with the same order as before. */
async function retryAll(crowd: Crowd, lost: string[]): Promise<string[]> {
  const stuck: string[] = [];
  const open: Wish[] = [...crowd.wishes];
  const ask = async (): Promise<void> => {
    for (let wish = open.pop(); wish; wish = open.pop()) {
      const { key } = wish;
      const current = wish;
      const answer = await until(
        `${key} is answered`,
        async () => {
          const reply = await crowd.send(current);
          return reply && reply.status < 500 ? reply : undefined;
        },
        REST_WITHIN_MS,
      ).catch(() => undefined);
      if (answer === undefined) stuck.push(`${key} is not answered`);
      else if (answer.status >= 300) lost.push(`${key} is answered with ${answer.status}`);
    }
  };
  await Promise.all(Array.from({ length: 4 }, ask));
  return stuck;
}

/** No saga is running, and no event is waiting. Returns those that are. */
async function comesToRest(shop: Shop, api: Api, admin: string): Promise<string[]> {
  const underWay = async (): Promise<string[]> => {
    const states = ['running', 'compensating'];
    const lists = await Promise.all(
      states.map((status) => api.get(`/api/admin/sagas?status=${status}&limit=100`, admin)),
    );
    const sagas = lists.flatMap(({ body }) => body.items as Json[]);
    return [
      ...sagas.map(({ id, name, status }) => `saga ${id} (${name}) is ${status}`),
      ...(await waitingEvents(shop)),
    ];
  };
  return until(
    'all is at rest',
    async () => ((await underWay()).length === 0 ? [] : undefined),
    REST_WITHIN_MS,
  ).catch(underWay);
}

async function waitingEvents(shop: Shop): Promise<string[]> {
  const counts = await Promise.all(
    CONTEXTS.map(async (context) => {
      const [row] = await queryServer<{ unsent: number; behind: number }>(
        shop.databaseServerUrl,
        `SELECT (SELECT count(*)::integer FROM outbox WHERE published_at IS NULL) AS unsent,
          (SELECT count(*)::integer FROM waiting_events) AS behind`,
        [],
        `${shop.databasePrefix}_${context}`,
      );
      return [
        ...(row && row.unsent > 0 ? [`${row.unsent} events wait in the outbox of ${context}`] : []),
        ...(row && row.behind > 0 ? [`${row.behind} events wait behind a dead letter of ${context}`] : []),
      ];
    }),
  );
  return counts.flat();
}

function sort(
  differences: readonly string[],
  { lost, doubled, stuck }: Record<'lost' | 'doubled' | 'stuck', string[]>,
): void {
  for (const difference of differences) {
    if (/stuck|is still/.test(difference)) stuck.push(difference);
    else if (/charged \d+ times|more is refunded|payment is kept|are reserved/.test(difference))
      doubled.push(difference);
    else lost.push(difference);
  }
}

const RECORDED = `
  SELECT (coalesce((SELECT sum(amount_minor) FROM payments WHERE status IN ('captured', 'refunded')), 0)
    - coalesce((SELECT sum(amount_minor) FROM refunds WHERE status = 'done'), 0))::float8 AS recorded`;

/** Money that the provider has moved without a record in the books, or the reverse. */
async function ledgerDifferences(shop: Shop, moved?: () => number): Promise<string[]> {
  if (moved) {
    const [row] = await queryServer<{ recorded: number }>(
      shop.databaseServerUrl,
      RECORDED,
      [],
      `${shop.databasePrefix}_payments`,
    );
    const recorded = row?.recorded ?? 0;
    return moved() === recorded
      ? []
      : [`the provider has moved ${moved()} in total, ${recorded} is recorded`];
  }
  const rows = await queryServer<{ key: string; moved: number; recorded: number }>(
    shop.databaseServerUrl,
    `SELECT key, moved::float8, recorded::float8 FROM (
       SELECT charge.key,
         charge.amount_minor - coalesce((
           SELECT sum(amount_minor) FROM sandbox_refunds WHERE reference = charge.reference), 0) AS moved,
         coalesce((
           SELECT payment.amount_minor - coalesce((
             SELECT sum(amount_minor) FROM refunds WHERE payment_id = payment.id AND status = 'done'), 0)
           FROM payments AS payment
           WHERE payment.order_id::text = charge.key AND payment.status IN ('captured', 'refunded')), 0) AS recorded
       FROM sandbox_charges AS charge WHERE charge.outcome = 'captured') AS ledger
     WHERE moved <> recorded`,
    [],
    `${shop.databasePrefix}_payments`,
  );
  return rows.map(
    ({ key, moved, recorded }) => `the provider has moved ${moved} for order ${key}, ${recorded} is recorded`,
  );
}

const ON_HAND = `
  SELECT product_id AS product, on_hand::integer AS "onHand",
    (SELECT coalesce(sum(delta), 0)::integer FROM adjustments WHERE product_id = stock.product_id) AS recorded,
    (SELECT coalesce(sum(delta), 0)::integer FROM adjustments
     WHERE product_id = stock.product_id AND reason = 'stock count') AS counted
  FROM stock`;

/** Units that left the stock more or less often than their order was shipped, or without a record. */
async function goodsDifferences(shop: Shop, api: Api, admin: string): Promise<string[]> {
  const gone = new Map<string, number>();
  for (const { items } of await readAll(api, '/api/orders', admin, '&status=shipped')) {
    for (const { productId, quantity } of items as Json[])
      gone.set(productId as string, (gone.get(productId as string) ?? 0) + Number(quantity));
  }
  const rows = await queryServer<{ product: string; onHand: number; recorded: number; counted: number }>(
    shop.databaseServerUrl,
    ON_HAND,
    [],
    `${shop.databasePrefix}_inventory`,
  );
  return rows.flatMap(({ product, onHand, recorded, counted }) => {
    const expected = counted - (gone.get(product) ?? 0);
    return onHand === expected && onHand === recorded
      ? []
      : [`product ${product}: ${onHand} are on hand, expected ${expected}, ${recorded} are recorded`];
  });
}

/** Reasons that are not the customer's. */
const SURROUNDINGS = [
  'internal_error',
  'unavailable',
  'bad_gateway',
  'deadline_exceeded',
  'cancelled',
  'saga_expired',
];

/** No order fails because of its surroundings, and compensation runs from the last step back. */
async function checkOrders(api: Api, { token }: Customer): Promise<string[]> {
  const cancelled = (await readAll(api, '/api/orders', token)).filter(({ status }) => status === 'cancelled');
  const wrong: string[] = [];
  for (const { id, reason } of cancelled) {
    if (SURROUNDINGS.includes(reason.code)) wrong.push(`order ${id} is cancelled because of ${reason.code}`);
    const { body } = await api.get(`/api/orders/${id}/timeline`, token);
    const undone = (body.steps as Json[]).filter(({ kind, status }) => kind === 'undo' && status === 'done');
    const endpoints = undone.map(({ name }) => UNDO_ORDER.indexOf(name as string));
    if (endpoints.some((place, index) => place < (endpoints[index - 1] ?? -1))) {
      wrong.push(`order ${id} is compensated in a wrong order: ${undone.map(({ name }) => name).join(', ')}`);
    }
  }
  return wrong;
}

/** A customer is notified of the end of each order, and of nothing twice. */
async function checkNotifications(
  api: Api,
  { token, email }: Customer,
  { lost, doubled, stuck }: Record<'lost' | 'doubled' | 'stuck', string[]>,
): Promise<void> {
  const orders = await readAll(api, '/api/orders', token);
  const expected = orders.map(({ id, status }) => `orders.${status}.v1 ${id}`);
  const read = async () => {
    const received = await readAll(api, '/api/notifications', token);
    const names = received.map(({ type, orderId }) => `${type} ${orderId}`);
    const missing = expected.filter((name) => !names.includes(name));
    return { names, missing, unsent: received.filter(({ status }) => status !== 'sent').length };
  };
  // An event may be on a broker, and a notification that a process held when it died becomes due again later.
  const { names, missing, unsent } = await until(
    'all notifications are sent',
    async () => {
      const reading = await read();
      return reading.missing.length + reading.unsent === 0 ? reading : undefined;
    },
    REST_WITHIN_MS,
  ).catch(read);
  lost.push(...missing.map((name) => `${email} is not notified of ${name}`));
  if (unsent > 0) stuck.push(`${email} has ${unsent} notifications that are not sent`);
  const twice = names.filter((name, index) => names.indexOf(name) !== index && !name.startsWith('payments.'));
  doubled.push(...twice.map((name) => `${email} is notified of ${name} again`));
}

async function readAll(api: Api, path: string, token: string, filter = ''): Promise<Json[]> {
  const items: Json[] = [];
  let cursor = '';
  for (;;) {
    const page = await api.get(`${path}?limit=100${filter}${cursor}`, token);
    items.push(...page.body.items);
    if (page.body.nextCursor === null || page.body.nextCursor === undefined) return items;
    cursor = `&cursor=${encodeURIComponent(page.body.nextCursor as string)}`;
  }
}
