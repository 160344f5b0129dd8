import { npmCommand, read } from '../command-line/command-line.js';
import { type Order, orderAtRest, placeOrder, type ShopClient } from '@fissile/client';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from '../client/connect.js';
import { runTool } from '../client/run-tool.js';
import { drawTimeline } from './draw-timeline.js';

read(
  npmCommand('demo', 'Places four orders at the running shop: confirmed, declined, out of stock, cancelled.'),
);

const TEA = { sku: 'DEMO-TEA', name: 'A tin of tea', amountMinor: 1_250, onHand: 1_000 };
const POT = { sku: 'DEMO-POT', name: 'The last teapot', amountMinor: 8_900, onHand: 0 };

await runTool(async () => {
  const { shop, admin } = await connect();
  const [tea, pot] = await Promise.all([stock(admin, TEA), stock(admin, POT)]);
  const customer = await register(shop);
  const buy = (productId: string, method: string) =>
    placeOrder(customer, { items: [{ productId, quantity: 1 }], payment: { method } });

  await show(customer, 'An order that goes well', await buy(tea, 'pm_card_ok'));
  await show(customer, 'A card that is declined: the stock is released', await buy(tea, 'pm_card_declined'));
  await show(customer, 'Nothing left in stock: no charge', await buy(pot, 'pm_card_ok'));
  const confirmed = await buy(tea, 'pm_card_ok');
  await customer.post('/api/orders/{id}/cancel', { params: { path: { id: confirmed.id } } });
  await show(
    customer,
    'A confirmed order that the customer cancels: payment refunded, stock released',
    confirmed,
    'cancelling',
  );

  console.log('\n  What the customer was sent:');
  for (const subject of await sentTo(customer)) console.log(`    ${subject}`);
  return 0;
});

async function show(customer: ShopClient, title: string, order: Order, from?: 'cancelling'): Promise<void> {
  const params = { path: { id: order.id } };
  const begun = from ? await customer.get('/api/orders/{id}', { params }) : order;
  const { status, reason, total } = await orderAtRest(customer, begun);
  const timeline = await customer.get('/api/orders/{id}/timeline', { params });
  const why = reason ? `: ${reason.message}` : '';
  console.log(`\n  ${title}\n    ${(total.amountMinor / 100).toFixed(2)} ${total.currency}, ${status}${why}`);
  console.log(drawTimeline(timeline));
}

/** The notifications follow the events, a moment after the orders. */
async function sentTo(customer: ShopClient): Promise<string[]> {
  const expected = 6;
  for (let look = 0; ; look += 1) {
    const subjects = (await Array.fromAsync(customer.list('/api/notifications'))).map(
      ({ subject }) => subject,
    );
    if (subjects.length >= expected || look === 20) return subjects.reverse();
    await pause(250);
  }
}

async function register(shop: ShopClient): Promise<ShopClient> {
  const email = `demo-${randomUUID()}@example.com`;
  const password = randomUUID();
  await shop.post('/api/users', { body: { email, password, name: 'A visitor' } });
  return shop.as({ email, password });
}

async function stock(admin: ShopClient, { sku, name, amountMinor, onHand }: typeof TEA): Promise<string> {
  for await (const product of admin.list('/api/products', { q: sku })) {
    if (product.sku === sku) return product.id;
  }
  const price = { amountMinor, currency: 'USD' };
  const { id } = await admin.post('/api/products', { body: { sku, name, category: 'Demo', price } });
  await admin.put('/api/inventory/{productId}', { params: { path: { productId: id } }, body: { onHand } });
  return id;
}
