import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from '../client/connect.js';
import type { Order, Product, Timeline } from '../client/resources.js';
import { runTool } from '../client/run-tool.js';
import type { ShopClient } from '../client/shop-client.js';
import { waitForOrder } from '../client/wait-for-order.js';
import { drawTimeline } from './draw-timeline.js';

const PRODUCTS = [
  { sku: 'DEMO-TEA', name: 'A tin of tea', amountMinor: 1_250, onHand: 1_000 },
  { sku: 'DEMO-POT', name: 'The last teapot', amountMinor: 8_900, onHand: 0 },
];

await runTool(async () => {
  const { shop, admin } = await connect();
  const [tea, pot] = await Promise.all(PRODUCTS.map((product) => stock(admin, product)));
  const customer = await register(shop);
  const buy = (productId: string | undefined, method: string) =>
    customer.post<Order>(
      '/api/orders',
      { items: [{ productId, quantity: 1 }], payment: { method } },
      randomUUID(),
    );

  await show(customer, 'An order that goes well', await buy(tea, 'pm_card_ok'));
  await show(customer, 'A card that is declined: the goods go back', await buy(tea, 'pm_card_declined'));
  await show(customer, 'Nothing left in stock: no charge', await buy(pot, 'pm_card_ok'));
  const confirmed = await buy(tea, 'pm_card_ok');
  await customer.post(`/api/orders/${confirmed.id}/cancel`);
  await show(
    customer,
    'A confirmed order that the customer cancels: money and goods go back',
    confirmed,
    'cancelling',
  );

  console.log('\n  What the customer was sent:');
  for (const subject of await sentTo(customer)) console.log(`    ${subject}`);
  return 0;
});

async function show(customer: ShopClient, title: string, order: Order, from?: 'cancelling'): Promise<void> {
  const begun = from ? await customer.get<Order>(`/api/orders/${order.id}`) : order;
  const { status, reason, total } = await waitForOrder(customer, begun);
  const timeline = await customer.get<Timeline>(`/api/orders/${order.id}/timeline`);
  const why = reason ? `: ${reason.message}` : '';
  console.log(`\n  ${title}\n    ${(total.amountMinor / 100).toFixed(2)} ${total.currency}, ${status}${why}`);
  console.log(drawTimeline(timeline));
}

/** The messages follow the events, a moment after the orders. */
async function sentTo(customer: ShopClient): Promise<string[]> {
  const expected = 6;
  for (let look = 0; ; look += 1) {
    const subjects = (await Array.fromAsync(customer.list<{ subject: string }>('/api/notifications'))).map(
      ({ subject }) => subject,
    );
    if (subjects.length >= expected || look === 20) return subjects.reverse();
    await pause(250);
  }
}

async function register(shop: ShopClient): Promise<ShopClient> {
  const email = `demo-${randomUUID()}@example.com`;
  const password = randomUUID();
  await shop.post('/api/users', { email, password, name: 'A visitor' });
  return shop.as({ email, password });
}

async function stock(
  admin: ShopClient,
  { sku, name, amountMinor, onHand }: (typeof PRODUCTS)[number],
): Promise<string> {
  const found = (await Array.fromAsync(admin.list<Product>(`/api/products?q=${sku}`))).find(
    (product) => product.sku === sku,
  );
  if (found) return found.id;
  const price = { amountMinor, currency: 'USD' };
  const { id } = await admin.post<Product>('/api/products', { sku, name, category: 'Demo', price });
  await admin.put(`/api/inventory/${id}`, { onHand });
  return id;
}
