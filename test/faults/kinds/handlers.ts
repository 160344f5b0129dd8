import { queryServer, until } from '@fissile/kit/testing';
import { Api, type Json } from '../../harness/api.js';
import type { Shop } from '../../harness/shop.js';
import { EVERYWHERE, type Fault } from '../fault.js';

/** No confirmation can be noted for this customer. */
function refusalOf(customerId: string): string {
  return `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'a bug of the handler at %', NEW.order_id; END $$;
    CREATE TRIGGER refuse BEFORE INSERT ON notifications FOR EACH ROW
    WHEN (NEW.user_id = '${customerId}' AND NEW.type = 'orders.confirmed.v1') EXECUTE FUNCTION refuse()`;
}

function inNotifications(shop: Shop, sql: string, values: unknown[] = []): Promise<object[]> {
  return queryServer(shop.databaseServerUrl, sql, values, `${shop.databasePrefix}_notifications`);
}

/**
 * A handler fails for good for the events of one order: they become a dead letter, and those behind it wait, until the
 * cause is gone and the letter is replayed. Then all are handled in order.
 */
export const handlerFails: Fault = {
  name: 'a handler fails for one order',
  heldBy: 'test/scenarios/dead-letters.spec.ts',
  topologies: EVERYWHERE,
  tries: { short: 1, long: 10 },
  inflict: async ({ shop, recovery }) => {
    const api = new Api(shop);
    const [admin, { id, token }] = [await api.admin(), await api.customer()];
    const productId = await api.product(admin, { stock: 5 });
    await inNotifications(shop, refusalOf(id));
    const { body: order } = await api.placeOrder(token, [{ productId, quantity: 1 }]);
    const letter = await until('the event is a dead letter', async () => {
      const { body } = await api.get('/api/admin/dead-letters', admin);
      return (body.items as Json[]).find(({ reason }) => (reason as string).includes(order.id));
    });
    await api.post(`/api/orders/${order.id}/cancel`, {}, token);
    await until('the cancellation waits behind it', async () => {
      const waiting = 'SELECT 1 FROM waiting_events WHERE key = $1';
      return (await inNotifications(shop, waiting, [order.id])).length === 1;
    });
    await inNotifications(shop, 'DROP TRIGGER refuse ON notifications; DROP FUNCTION refuse');
    recovery.begin();
    await api.post(`/api/admin/dead-letters/${letter.id}/replay`, {}, admin);
    const types = await until('both are handled', async () => {
      const { body } = await api.get('/api/notifications', token);
      const own = (body.items as Json[]).filter(({ orderId }) => orderId === order.id);
      const found = own.map(({ type }) => type as string).filter((type) => type.startsWith('orders.'));
      return found.length === 2 ? found : undefined;
    });
    // The newest is the first.
    if (types.join() !== 'orders.cancelled.v1,orders.confirmed.v1')
      throw new Error(`handled in a wrong order: ${types.reverse().join()}`);
  },
};
