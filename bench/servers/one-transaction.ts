import { serveOrders } from './order-server.js';
import { openPool, transaction } from './pools.js';
import { charge, confirm, createOrder, reserve } from './statements.js';

/** The same by hand in one database and one transaction, which cannot be split any more. */
const pool = openPool('all');

await serveOrders({
  orders: pool,
  products: pool,
  place: (placement) =>
    transaction(pool, async (client) => {
      await createOrder(client, placement);
      await reserve(client, placement.orderId, placement.lines);
      const paymentId = await charge(client, placement);
      await confirm(client, placement, paymentId);
      return paymentId;
    }),
});
